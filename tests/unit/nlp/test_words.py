from __future__ import annotations

from pathlib import Path

import pytest

from nlp.datasets import find, rows
from nlp.text import normalise
from nlp.words import PythonSegmenter, RustSegmenter, segmenter

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
