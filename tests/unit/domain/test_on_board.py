"""An answer that the board shows stops its message's clock; one taken back restarts it; each is recorded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import acts, happenings
from casework.domain.case import Case, replay
from casework.domain.clock import Clock
from casework.domain.errors import IllegalMove
from casework.domain.post import Post, Reply
from casework.domain.routing import Route
from tests.unit.domain.making import ANSWER, HOUR, SIGN, START, WORKTIME, assigned, opened, published

DAY = timedelta(days=1)
ANSWERED = START + DAY


def message(reply: Reply | None, number: int = 1, collected: datetime = START + 2 * DAY) -> Post:
    sent = START - HOUR
    return Post("board", str(number), "message", "路灯坏了", sent, collected, reply=reply)


def said(at: datetime | None = ANSWERED, text: str | None = "已派人修复。", state: str | None = "已办理") -> Reply:
    return Reply("示例区城管局", text, at, state)


def look(case: Case, reply: Reply | None, now: datetime = START + 2 * DAY, number: int = 1) -> Case:
    return acts.look(case, message(reply, number, now), now, WORKTIME)


def own(case: Case, number: int = 1) -> Clock:
    (clock,) = [clock for clock in case.clocks if clock.post == f"board:{number}"]
    return clock


def test_an_answer_on_the_board_stops_its_own_clock_with_the_boards_time() -> None:
    case = acts.join(assigned(), "board:2", True, START, WORKTIME)
    seen = look(case, said())
    entry = seen.history[-1]
    assert (entry.what, entry.by, entry.at) == ("answered", "huiying", START + 2 * DAY)
    assert entry.note == "来源上已有答复（示例区城管局）"
    assert entry.data["seen_on"] == "board"
    assert own(seen).met_at == ANSWERED
    assert own(seen).state(START + 90 * DAY) == "met"
    assert own(seen, 2).met_at is None
    others = [clock for clock in seen.clocks if clock.post is None]
    assert others
    assert {clock.met_at for clock in others} == {None}, "the answer is not the signing, nor the close"
    assert seen.state == "assigned", "a person still decides"
    with pytest.raises(IllegalMove):
        acts.close(seen, "li", START + 2 * DAY)


def test_a_late_answer_is_late_by_the_boards_time_and_an_early_look_does_not_help() -> None:
    late = look(assigned(), said(START + 20 * DAY), START + 21 * DAY)
    assert own(late).state(START + 21 * DAY) == "missed"


def test_seen_again_edited_or_moved_it_stays_one_answer() -> None:
    seen = look(assigned(), said())
    assert look(seen, said(), START + 3 * DAY) is seen
    assert look(seen, said(text="更正：已全部修复。"), START + 3 * DAY) is seen
    assert look(seen, said(at=START + 3 * DAY), START + 4 * DAY) is seen


def test_an_answer_taken_back_restarts_the_clock_and_given_again_stops_it() -> None:
    before = assigned()
    back = look(look(before, said()), None, START + 3 * DAY)
    assert [entry.what for entry in back.history[-2:]] == ["answered", "withdrawn"]
    assert own(back) == own(before), "as if it had never stopped"
    assert back.answered == ()
    assert back.overdue(START + 90 * DAY)
    assert look(back, None, START + 4 * DAY) is back
    again = look(back, said(START + 4 * DAY), START + 5 * DAY)
    assert own(again).met_at == START + 4 * DAY
    happenings.verify(again.history)
    assert replay(again.id, again.history) == again


def test_a_pause_while_it_was_answered_counts_once_the_answer_is_taken_back() -> None:
    seen = look(assigned(), said())
    paused = acts.pause(seen, "等材料", "zhang", START + 2 * DAY, WORKTIME)
    open_pause = look(paused, None, START + 3 * DAY)
    assert (own(open_pause).due, own(open_pause).state(START + 90 * DAY)) == (None, "paused")
    resumed = acts.resume(paused, "", "zhang", START + 4 * DAY, WORKTIME)
    back = look(resumed, None, START + 5 * DAY)
    plain = acts.pause(assigned(), "等材料", "zhang", START + 2 * DAY, WORKTIME)
    plain = acts.resume(plain, "", "zhang", START + 4 * DAY, WORKTIME)
    assert own(back).due == own(plain).due


def test_an_answer_older_than_the_case_is_met_from_the_beginning() -> None:
    case = opened(at=START + 30 * DAY)
    seen = look(case, said(), START + 30 * DAY)
    assert own(seen).met_at == ANSWERED
    assert own(seen).state(START + 31 * DAY) == "met"
    assert not [clock for clock in seen.running() if clock.post]


@pytest.mark.parametrize("at", [None, START - 3 * DAY, START + 400 * DAY])
def test_a_time_that_is_none_or_cannot_be_is_the_time_of_the_first_look_and_says_so(at: datetime | None) -> None:
    seen = look(assigned(), said(at))
    assert own(seen).met_at == START + 2 * DAY
    assert seen.history[-1].data["at_assumed"]
    assert "按首次看到的时间计" in str(seen.history[-1].note)


NO_ANSWER = [
    said(text=None, state="办理中"),
    said(text=" ", state="待回复"),
    said(text="认领交办"),
    said(at=None, text=None, state=None),
]


@pytest.mark.parametrize("reply", NO_ANSWER, ids=range(len(NO_ANSWER)))
def test_a_hand_over_or_a_state_alone_is_no_answer(reply: Reply) -> None:
    case = look(assigned(), reply)
    assert (case.answered, own(case).met_at) == ((), None)


def with_receipts() -> Case:
    """A case of two messages whose rules of signing and of registering are met by a receipt too."""
    sign = replace(SIGN, met_by=("signed", "received"))
    register = replace(ANSWER, id="register", met_by=("forwarded", "received"))
    case = opened(rules=(sign, register, ANSWER))
    case = acts.assign(case, Route("housing", (), "类别:测试"), "huiying", START, WORKTIME)
    return acts.join(case, "board:2", True, START, WORKTIME)


def met(case: Case) -> dict[str, datetime | None]:
    return {f"{clock.rule.id} {clock.post or ''}".strip(): clock.met_at for clock in case.clocks}


def test_a_receipt_meets_signing_and_registering_once_and_leaves_the_answer_owed() -> None:
    case = with_receipts()
    assert set(met(case).values()) == {None}
    handed = look(case, said(text="您好，您反映的问题已转交示例区城管局办理。"))
    assert (handed.history[-1].what, handed.history[-1].note) == ("forwarded", "来源显示已转办（示例区城管局）")
    assert met(handed)["register board:1"] == ANSWERED
    assert look(handed, said(text="您反映的问题已转交示例区城管局办理。")) is handed, "once"
    taken = look(handed, said(text="您的留言已收悉。", at=ANSWERED + HOUR), START + 3 * DAY)
    assert (taken.history[-1].what, taken.history[-1].note) == ("received", "来源显示已受理（示例区城管局）")
    assert met(taken)["register board:1"] == ANSWERED, "it was registered when it was handed on"
    assert {key for key, at in met(taken).items() if at is None} == {
        *("message_answer board:1", "message_answer board:2", "register board:2"),
    }
    assert (taken.answered, taken.state) == ((), "assigned"), "a person still signs"
    done = look(taken, said(at=ANSWERED + 2 * HOUR), START + 3 * DAY)
    assert met(done)["message_answer board:1"] == ANSWERED + 2 * HOUR
    assert look(done, said(at=ANSWERED + 2 * HOUR), START + 4 * DAY) is done
    happenings.verify(done.history)
    assert replay(done.id, done.history) == done


def test_what_was_counted_as_an_answer_and_is_only_a_receipt_is_owed_again() -> None:
    before = look(assigned(), said())
    assert before.answered == ("board:1",)
    after = look(before, said(text="您的留言已收悉，已转相关部门调查处理。"), START + 3 * DAY)
    assert [entry.what for entry in after.history[-2:]] == ["withdrawn", "forwarded"]
    assert after.history[-2].note == "来源上只有受理、转办的告知，不算答复"
    assert own(after).met_at is None


def test_an_ended_case_takes_no_receipt() -> None:
    ended = acts.transfer(assigned(), "公安", "不归本单位", "li", START + 2 * DAY)
    assert look(ended, said(text="已收悉")) is ended


def test_a_finished_state_without_a_text_is_an_answer() -> None:
    assert own(look(assigned(), said(text=None))).met_at == ANSWERED


def test_what_a_person_recorded_stands() -> None:
    case = published(at=START)
    assert look(case, said()) is case
    assert look(case, None) is case
    seen_first = look(assigned(), said())
    drafted = acts.draft(acts.sign(seen_first, "z", START + 2 * DAY, WORKTIME), "已修复。", "z", START + 2 * DAY)
    for gate in ("first", "second", "third", "secrecy"):
        drafted = acts.review(drafted, gate, True, "li", START + 2 * DAY)
    out = acts.publish(drafted, "https://example.gov.example/1", START + 2 * DAY, "li", START + 2 * DAY)
    assert look(out, None, START + 3 * DAY) is out, "the office's own publication stands"


def test_an_ended_case_gets_no_answer_but_learns_of_one_taken_back() -> None:
    seen = look(assigned(), said())
    ended = acts.transfer(seen, "公安", "不归本单位", "li", START + 2 * DAY)
    back = look(ended, None, START + 3 * DAY)
    assert (back.history[-1].what, back.answered, back.state) == ("withdrawn", (), "transferred")
    assert back.clocks == ended.clocks
    untouched = acts.transfer(assigned(), "公安", "不归本单位", "li", START + 2 * DAY)
    assert look(untouched, said()) is untouched


def test_a_post_of_another_case_is_none_of_it() -> None:
    case = assigned()
    assert look(case, said(), number=7) is case


def test_a_merge_takes_the_answers_along() -> None:
    loser = look(assigned("board:2"), said(), number=2)
    winner = acts.absorb(assigned(), acts.merge(loser, assigned(), "li", START + 3 * DAY), "li", START + 3 * DAY)
    assert winner.answered == ("board:2",)
    assert look(winner, said(), number=2) is winner


@given(st.lists(st.one_of(st.none(), st.sampled_from([said(), said(START + 2 * DAY, "改过的答复"), *NO_ANSWER]))))
def test_however_the_board_changes_the_clock_follows_its_last_word(replies: list[Reply | None]) -> None:
    case = assigned()
    for hour, reply in enumerate(replies):
        case = look(case, reply, START + 3 * DAY + hour * HOUR)
        assert look(case, reply, START + 4 * DAY + hour * HOUR) is case
    last = replies[-1] if replies else None
    answered = last is not None and last not in NO_ANSWER
    assert (own(case).met_at is not None) == answered == ("board:1" in case.answered)
    assert replay(case.id, case.history) == case
