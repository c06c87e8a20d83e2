from __future__ import annotations

import pytest

from nlp.text import LONGEST, URL_MARK, fold, normalise, simplify


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("ABC123!", "abc123!"),
        ("停\u200b车\ufeff场", "停车场"),
        ("见https://t.cn/abc?x=1 图", f"见{URL_MARK}图"),
        ("臺灣學生體檢,請問後續怎麼辦", "台湾学生体检,请问后续怎么办"),
        ("#老旧小区改造# 好[泪]😊", "#老旧小区改造#好[泪]😊"),
        ("王乾坤著书", "王乾坤著书"),
        ("转发@某人 好", "转发@好"),
        ("hello   world 你 好", "hello world你好"),
        ("哈哈哈哈哈哈哈", "哈哈哈"),
        ("第一行_x000D_\n第二行", "第一行第二行"),
        ("e\u0301", "é"),
        ("\x07铃\x1b", "铃"),
        ("", ""),
    ],
)
def test_one_normal_form(given: str, wanted: str) -> None:
    assert normalise(given) == wanted


def test_normalising_twice_changes_nothing() -> None:
    texts = ["ABC  def 你 好啊啊啊啊啊", "[泪]@某人:https://t.cn/x 好", "a_x000d_b"]
    assert texts
    for text in texts:
        once = normalise(text)
        assert normalise(once) == once


def test_a_long_text_is_cut() -> None:
    assert len(normalise("停车" * LONGEST)) == LONGEST


def test_folding_keeps_line_breaks() -> None:
    assert fold("一\n二") == "一\n二"


def test_simplifying_keeps_offsets() -> None:
    text = "臺北的體育館關門了,電話無人接聽"
    assert simplify(text) == "台北的体育馆关门了,电话无人接听"
    assert len(simplify(text)) == len(text)


def test_traditional_and_simplified_posts_are_judged_alike() -> None:
    from nlp.assessor import Assessor

    posts = [
        {"id": "a:1", "kind": "weibo", "text": "這家醫院排隊兩個小時,態度惡劣,太讓人生氣了"},
        {"id": "a:1", "kind": "weibo", "text": "这家医院排队两个小时,态度恶劣,太让人生气了"},
    ]
    assessor = Assessor()
    traditional, simplified = assessor.assess(posts)
    assert traditional == simplified
    spans = assessor.explain(posts[0])["spans"]
    assert spans
    assert all(posts[0]["text"][span["start"] : span["end"]] for span in spans)
