from __future__ import annotations

import pytest

from nlp.text import LONGEST, fold, normalise


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("ABC123!", "abc123!"),
        ("停\u200b车\ufeff场", "停车场"),
        ("见https://t.cn/abc?x=1 图", "见图"),
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
