from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nlp.linear import MODELS, ModelError
from nlp.reply import check, load_model

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


@pytest.mark.parametrize("reply", ["", None, " \n", "😀", "……。", "\u200b"])
def test_no_reply_is_a_finding_of_its_own(reply: str | None) -> None:
    answer = check(LETTER | {"reply": reply})
    assert answer["mismatch"] == 0
    assert answer["findings"] == [{"kind": "no_reply", "words": (reply or "").strip()}]


def test_a_reply_that_was_left_out_is_no_reply() -> None:
    assert [finding["kind"] for finding in check(LETTER)["findings"]] == ["no_reply"]


def test_next_to_no_reply_is_too_short() -> None:
    answer = check(LETTER | {"reply": "好"})
    assert 0 <= answer["mismatch"] <= 1
    assert "too_short" in [finding["kind"] for finding in answer["findings"]]


def test_a_reply_that_is_no_text() -> None:
    with pytest.raises(ValueError, match="reply must be a string, found int"):
        check(LETTER | {"reply": 5})


def test_what_the_reply_speaks_of_and_the_letter_does_not_is_named() -> None:
    answer = check(LETTER | {"reply": SWAPPED})
    words = answer["findings"][0]["words"].split("、")
    assert words[0]
    assert all(word in SWAPPED and word not in LETTER["text"] + LETTER["title"] for word in words)


def test_a_receipt_says_nothing_of_whose_letter_it_answers() -> None:
    answer = check(LETTER | {"reply": "网友您好,您的留言已收悉。"})
    assert 0.05 < answer["mismatch"] < 0.6


def test_passing_on_alone_is_found_and_passing_on_with_an_answer_is_not() -> None:
    passed = check(LETTER | {"reply": "您好!您反映的问题已转交住建局处理。"})["findings"]
    assert {"kind": "passed_on", "words": "已转"} in passed or {"kind": "passed_on", "words": "转交"} in passed
    answered = check(LETTER | {"reply": "您反映的问题已转交住建局。" + GOOD})["findings"]
    assert "passed_on" not in [finding["kind"] for finding in answered]


def test_what_lacks_rule_and_fact_is_shown_by_its_main_sentence() -> None:
    reply = "您好,感谢来信。我们会认真考虑您的意见并做好有关工作。"
    findings = {finding["kind"]: finding["words"] for finding in check(LETTER | {"reply": reply})["findings"]}
    assert findings["no_rule"] == findings["no_fact"] == "我们会认真考虑您的意见并做好有关工作"


@pytest.mark.parametrize(
    "reply", ["x" * 10_000_000, "\x00\x1f\u200b" * 50, "Thank you for your letter.", "謝謝來信,已轉交處理"]
)
def test_any_text_is_answered(reply: str) -> None:
    assert 0 <= check(LETTER | {"reply": reply})["mismatch"] <= 1


def test_a_missing_damaged_or_older_model_is_named_with_what_to_run(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "reply", tmp_path / "reply")
    card, path = tmp_path / "reply" / "card.json", tmp_path / "reply" / "main.npz"
    value = json.loads(card.read_text(encoding="utf-8"))
    value["heads"]["main"]["features"] = ["another"]
    card.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(ModelError, match=r"another version of the comparison; run: huiying train reply"):
        load_model(tmp_path)
    path.write_bytes(path.read_bytes()[:-4] + b"\x00" * 4)
    with pytest.raises(ModelError, match="the model file is damaged"):
        load_model(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match="the model file is missing"):
        load_model(tmp_path)


def test_a_reply_that_only_says_that_it_came_is_named_a_receipt() -> None:
    """The words are those of the board's steps: one list for both (casework.domain)."""
    findings = check(LETTER | {"reply": "网友您好，您的留言已收悉，已转市水务局办理。"})["findings"]
    words = [finding["words"] for finding in findings if finding["kind"] == "receipt"]
    assert words == ["您的留言已收悉；已转市水务局办理"]
    assert "receipt" not in [finding["kind"] for finding in check(LETTER | {"reply": GOOD})["findings"]]


def test_a_reply_in_traditional_characters_is_read_alike() -> None:
    findings = check(LETTER | {"reply": "謝謝來信,我們高度重視,將盡快研究,請耐心等待。"})["findings"]
    assert {"高度重視", "盡快"} <= {finding["words"] for finding in findings if finding["kind"] == "empty_phrase"}
