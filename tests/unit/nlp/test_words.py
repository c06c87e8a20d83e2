from __future__ import annotations

from pathlib import Path

import pytest

from nlp.datasets import find, rows
from nlp.settings import SettingsError
from nlp.text import normalise
from nlp.words import OfficeWords, PythonSegmenter, RustSegmenter, segmenter

SENTENCES = [
    "小区物业公司长期占用消防通道停车",
    "请问新生儿落户需要带哪些证件",
    "昨天下午这条路发生追尾事故,交警很快赶到",
    "希望在地铁站口增设共享单车停放点",
    "老旧小区加装电梯的补贴标准是多少",
    "学校门口早晚高峰车辆拥堵,学生过马路很危险",
    "公司拖欠农民工工资三个月不给",
    "医院排队两个小时只看了三分钟",
]


def test_the_rust_twin_agrees_with_jieba() -> None:
    rust, python = RustSegmenter(), PythonSegmenter()
    words = [(rust.cut(sentence), python.cut(sentence)) for sentence in SENTENCES]
    total = sum(len(reference) for _, reference in words)
    same = sum(len(set(fast) & set(reference)) for fast, reference in words)
    assert total > 50
    assert same / sum(len(set(reference)) for _, reference in words) >= 0.97


def test_words_joined_give_the_text_again() -> None:
    cut = RustSegmenter().cut
    assert SENTENCES
    for sentence in SENTENCES:
        assert "".join(cut(sentence)) == sentence


@pytest.mark.parametrize("name", ["rjieba", "jieba"])
def test_an_offices_own_word_stays_whole(name: str) -> None:
    words = segmenter(name, ["示例市大数据中心"]).cut("请示例市大数据中心答复")
    assert "示例市大数据中心" in words


def test_another_segmenter_is_named() -> None:
    with pytest.raises(ValueError, match="rjieba or jieba"):
        segmenter("pkuseg")


@pytest.mark.shared
def test_the_twins_agree_on_real_posts(shared: Path) -> None:
    """Differences are rare, nearly all at digits and Latin runs."""
    texts = [normalise(row["text"]) for row in rows(find(shared / "data", "weibo2018_train"))[:300]]
    rust, python = RustSegmenter(), PythonSegmenter()
    total = differing = 0
    for text in texts:
        fast, reference = rust.cut(text), python.cut(text)
        total += len(reference)
        differing += len(set(fast) ^ set(reference))
    assert total > 5000
    assert differing / total < 0.02


def test_office_words_are_read_again_when_the_file_changes(tmp_path: Path) -> None:
    words = OfficeWords(tmp_path)
    assert words.read() == ()
    assert not words.changed()
    words.path.write_text("# 地名\n示例花园三期\n示例热电\n示例热电\n", encoding="utf-8")
    assert words.changed()
    assert words.read() == ("示例花园三期", "示例热电")
    assert not words.changed()


@pytest.mark.parametrize("line", ["一", "两个 词", "长" * 25])
def test_what_is_no_word_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    words = OfficeWords(tmp_path)
    words.path.write_text(f"示例花园\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"words\.txt: line 2: found .*; write one word of 2 to 24"):
        words.read()


def test_a_running_assessor_takes_new_words_and_keeps_the_old_ones_while_the_file_is_wrong(tmp_path: Path) -> None:
    from nlp.assessor import Assessor

    post = {"id": "a:1", "kind": "message", "text": "示例澜庭苑的路灯坏了"}
    assessor = Assessor(config=tmp_path)
    assert "示例澜庭苑" not in next(assessor.judge([post])).words.split()
    path = tmp_path / "words.txt"
    path.write_text("示例澜庭苑\n", encoding="utf-8")
    assert "示例澜庭苑" in next(assessor.judge([post])).words.split()
    path.write_bytes(b"\xff\xfe\xff")
    assert "示例澜庭苑" in next(assessor.judge([post])).words.split()
