"""A reply collected later reaches the case of its message on every store, by loading alone, once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.post import Post, Reply
from casework.ports import Store
from casework.services.board_replies import follow_replies
from casework.services.open_cases import open_cases
from pipeline import jobs
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.things import SEEN, assessment, post

HOUR = timedelta(hours=1)
TEXTS = {1: "路灯坏了三天，晚上出行不便。", 2: "小区停水两天，没有收到任何通知。", 3: "公交站牌倒了，请尽快扶正。"}


@pytest.fixture
def context(store_url: str, store: Store, tmp_path: Path) -> Context:
    joined = Context(replace(settings(store_url, ROOT / "config"), var=tmp_path))
    joined.__dict__["store"] = store
    return joined


def written(tmp_path: Path, *posts: Post) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in posts), encoding="utf-8")
    return path


def judged_and_opened(context: Context, now: datetime) -> None:
    waiting = [record for batch in context.store.unassessed(100) for record in batch]
    context.store.put_assessments({record.post.id: (assessment(record.revision), "") for record in waiting})
    context.store.refresh()
    open_cases(context.store, context.opener(), now)
    context.store.refresh()


def begun(context: Context, tmp_path: Path) -> list[Post]:
    """Three messages, each with its case."""
    posts = [post(number, text) for number, text in TEXTS.items()]
    jobs.load(context, [written(tmp_path, *posts)], SEEN)
    judged_and_opened(context, SEEN)
    return posts


def later(found: Post, hours: int, reply: Reply | None) -> Post:
    return replace(found, collected_at=SEEN + hours * HOUR, reply=reply)


def answer_of(case: Case, post_id: str) -> datetime | None:
    (met,) = [clock.met_at for clock in case.clocks if clock.post == post_id and clock.rule.id == "message_answer"]
    return met


def test_a_reply_withdrawn_and_given_again_and_every_file_loaded_twice(context: Context, tmp_path: Path) -> None:
    first, second, _ = begun(context, tmp_path)
    reply = Reply("示例区城管局", "已派人修复。", SEEN + HOUR, "已办理")
    looks = [
        (2, reply, SEEN + HOUR),
        (3, replace(reply, text="已全部修复，感谢您的留言。"), SEEN + HOUR),
        (4, None, None),
        (5, replace(reply, at=SEEN + 5 * HOUR), SEEN + 5 * HOUR),
    ]
    for hours, shown, met in looks:
        file = written(tmp_path, later(first, hours, shown), second)
        for _ in range(2):
            now = SEEN + hours * HOUR
            jobs.load(context, [file], now)
            assert answer_of(context.store.get_case("case:board:1"), "board:1") == met
        judged_and_opened(context, now)
        assert answer_of(context.store.get_case("case:board:1"), "board:1") == met
    case = context.store.get_case("case:board:1")
    kept = [entry.what for entry in case.history if entry.what in ("answered", "withdrawn")]
    assert kept == ["answered", "withdrawn", "answered"]
    assert {entry.by for entry in case.history if entry.what in ("answered", "withdrawn")} == {"huiying"}
    assert case.state == "opened"
    for untouched in ("board:2", "board:3"):
        other = context.store.get_case(f"case:{untouched}")
        assert answer_of(other, untouched) is None
        assert not [entry for entry in other.history if entry.what in ("answered", "withdrawn")]


def test_a_receipt_and_a_state_meet_the_registering_and_no_answer(context: Context, tmp_path: Path) -> None:
    first, second, _ = begun(context, tmp_path)

    def registered(post_id: str) -> datetime | None:
        case = context.store.get_case(f"case:{post_id}")
        (found,) = [clock.met_at for clock in case.clocks if clock.rule.id == "petition_receipt"]
        return found

    receipt = later(first, 2, Reply("示例区城管局", "您的留言已收悉，我局已受理。", SEEN + HOUR, "办理中"))
    # Only the state beside the message changed: the post is seen, and its case is told all the same.
    stated = replace(later(second, 2, None), extra={"state": "办理中"})
    assert registered("board:1") is None
    for hours in (2, 3):
        counts = jobs.load(context, [written(tmp_path, receipt, stated)], SEEN + hours * HOUR)
        assert (registered("board:1"), registered("board:2")) == (SEEN + HOUR, SEEN + 2 * HOUR)
        assert [answer_of(context.store.get_case(f"case:board:{n}"), f"board:{n}") for n in (1, 2)] == [None, None]
        whats = [entry.what for entry in context.store.get_case("case:board:2").history]
        assert whats.count("received") == 1
    assert counts["seen"] == 2
    answered = later(first, 4, Reply("示例区城管局", "您的留言已收悉。经核实，已派人修复。", SEEN + 4 * HOUR, "已办理"))
    jobs.load(context, [written(tmp_path, answered)], SEEN + 4 * HOUR)
    assert answer_of(context.store.get_case("case:board:1"), "board:1") == SEEN + 4 * HOUR


def test_a_message_that_came_with_its_reply_is_met_from_the_beginning(context: Context, tmp_path: Path) -> None:
    replied = post(1, TEXTS[1], reply=Reply("示例局", "已修复。", SEEN - HOUR / 2, "已办理"))
    jobs.load(context, [written(tmp_path, replied)], SEEN)
    judged_and_opened(context, SEEN)
    assert answer_of(context.store.get_case("case:board:1"), "board:1") == SEEN - HOUR / 2


def test_a_run_killed_between_the_post_and_its_case_is_made_good_by_opening(context: Context, tmp_path: Path) -> None:
    first, *_ = begun(context, tmp_path)
    replied = later(first, 2, Reply("示例局", "已修复。", SEEN + HOUR, "已办理"))
    context.store.put_posts([replied], SEEN + 2 * HOUR)
    context.store.refresh()
    jobs.load(context, [written(tmp_path, replied)], SEEN + 2 * HOUR)
    assert answer_of(context.store.get_case("case:board:1"), "board:1") is None
    judged_and_opened(context, SEEN + 2 * HOUR)
    assert answer_of(context.store.get_case("case:board:1"), "board:1") == SEEN + HOUR


def test_a_merged_cases_message_is_answered_in_the_case_that_took_it(context: Context, tmp_path: Path) -> None:
    first, *_ = begun(context, tmp_path)
    worktime = context.office.worktime
    loser, winner = context.store.get_case("case:board:1"), context.store.get_case("case:board:2")
    merged = acts.merge(loser, winner, "li", SEEN)
    context.store.save_case(merged)
    context.store.save_case(acts.absorb(winner, merged, "li", SEEN))
    replied = later(first, 2, Reply("示例局", "已修复。", SEEN + HOUR, "已办理"))
    context.store.put_posts([replied], SEEN + 2 * HOUR)
    assert follow_replies(context.store, ["board:1", "board:3", "board:404"], worktime, SEEN + 2 * HOUR) == 1
    assert follow_replies(context.store, ["board:1", "board:3", "board:404"], worktime, SEEN + 3 * HOUR) == 0
    case = context.store.get_case("case:board:2")
    assert (answer_of(case, "board:1"), answer_of(case, "board:2")) == (SEEN + HOUR, None)


def test_a_person_who_writes_the_case_meanwhile_is_not_overwritten(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = begun(context, tmp_path)
    replied = later(first, 2, Reply("示例局", "已修复。", SEEN + HOUR, "已办理"))
    context.store.put_posts([replied], SEEN + 2 * HOUR)
    save = context.store.save_cases

    def after_somebody_else(cases: list[Case]) -> list[str]:
        case = context.store.get_case("case:board:1")
        if case.state == "opened":
            assert save([acts.transfer(case, "公安", "移交", "li", SEEN)]) == []
        return save(cases)

    monkeypatch.setattr(context.store, "save_cases", after_somebody_else)
    assert follow_replies(context.store, ["board:1"], context.office.worktime, SEEN + 2 * HOUR) == 0
    case = context.store.get_case("case:board:1")
    assert (case.state, case.history[-1].what) == ("transferred", "transferred")
