from __future__ import annotations

import pytest

from nlp.reply import check

LETTER = {
    "id": "a:1",
    "title": "示例花园二次供水水箱长期不清洗",
    "text": "示例花园小区楼顶二次供水水箱多年没有清洗,自来水有霉味,请物业和水务部门处理。",
}
GOOD = (
    "经现场核查,示例花园二次供水水箱已于5月12日完成清洗消毒,水质检测合格。依据《城市供水条例》第二十六条,"
    "物业公司每半年清洗一次水箱,下次清洗时间为11月。"
)
SWAPPED = "关于公交23路发车间隔的问题,经核查,该线路早高峰间隔为8分钟,依据《城市公共交通条例》第九条,将于6月增加2辆车。"
EMPTY = "我们高度重视,将尽快研究,近期统筹考虑,请耐心等待。"


def test_an_answer_to_the_letter() -> None:
    answer = check(LETTER | {"reply": GOOD})
    assert answer["id"] == "a:1"
    assert answer["mismatch"] < 0.2
    assert answer["findings"] == []


def test_a_swapped_answer_is_found() -> None:
    answer = check(LETTER | {"reply": SWAPPED})
    assert answer["mismatch"] > 0.8
    assert answer["findings"][0]["kind"] == "off_topic"


def test_empty_phrases_are_named_with_their_words() -> None:
    findings = check(LETTER | {"reply": EMPTY})["findings"]
    assert {finding["kind"] for finding in findings} >= {"empty_phrase", "no_rule", "no_fact"}
    assert {finding["words"] for finding in findings if finding["kind"] == "empty_phrase"} >= {
        "高度重视",
        "尽快",
        "近期",
    }


@pytest.mark.parametrize("reply", ["", None, "😀", "好"])
def test_next_to_no_reply(reply: str | None) -> None:
    answer = check(LETTER | {"reply": reply})
    assert 0 <= answer["mismatch"] <= 1
    assert "too_short" in [finding["kind"] for finding in answer["findings"]]


def test_a_reply_that_is_no_text() -> None:
    with pytest.raises(ValueError, match="reply must be a string, found int"):
        check(LETTER | {"reply": 5})
