"""签收提醒: the ladder waits for who has the alarms in hand, for a set time; and rungs over merges."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.domain import acts
from casework.domain.case import Case, replay
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.escalation import Ladder, Moment
from casework.domain.rungs import Acknowledged, held
from tests.unit.domain.making import HOUR, START, WORKTIME, assigned, published

MINUTE = timedelta(minutes=1)


def at(case: Case, key: str, step: str) -> object:
    """When a rung is taken."""
    return next(rung.at for rung in case.rungs() if (rung.clock.key, rung.moment.step) == (key, step))


def test_escalation_waits_for_who_has_the_alarms_in_hand() -> None:
    case = assigned()
    before = at(case, "case_sign", "next_day")
    in_hand = START + 27 * HOUR
    waits = acts.acknowledge(case, in_hand + 5 * HOUR, "zhang", in_hand)
    # Signing is due after four working hours, 14:00; the next day at 14:00 its leader would be told.
    assert before == START + 29 * HOUR
    assert at(waits, "case_sign", "next_day") == in_hand + 5 * HOUR
    assert at(waits, "case_sign", "due") == at(case, "case_sign", "due")
    assert replay(waits.id, waits.history).acknowledged == (Acknowledged("zhang", in_hand, in_hand + 5 * HOUR),)


def test_no_rung_waits_longer_than_its_ladder_allows_however_often_it_is_acknowledged() -> None:
    rung = Moment("urged", "escalated", ("leader",), START)
    chain = [Acknowledged("zhang", START + (n * 50 - 10) * MINUTE, START + (n * 50 + 50) * MINUTE) for n in range(100)]
    assert held(rung, 60, chain[:1]) == START + 50 * MINUTE
    assert held(rung, 60, chain) == START + 60 * MINUTE
    assert held(rung, 1440, chain) == START + 1440 * MINUTE


def test_what_came_before_is_not_held_back_after_the_fact() -> None:
    rung = Moment("urged", "escalated", ("leader",), START)
    assert held(rung, 60, [Acknowledged("zhang", START + MINUTE, START + 30 * MINUTE)]) == START
    assert held(rung, 60, [Acknowledged("zhang", START, START + 30 * MINUTE)]) == START


def test_the_default_is_as_long_as_the_ladder_allows() -> None:
    case = acts.acknowledge(assigned(), None, "zhang", START + HOUR)
    assert case.acknowledged[-1].until == START + 25 * HOUR


@pytest.mark.parametrize(
    ("until", "said"), [(START, "is not after now"), (START + 26 * HOUR, "its alarms wait 1440 minutes at most")]
)
def test_an_acknowledgement_ends_after_now_and_not_too_late(until: object, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        acts.acknowledge(assigned(), until, "zhang", START + HOUR)  # type: ignore[arg-type]


def test_what_has_no_alarm_cannot_be_acknowledged() -> None:
    with pytest.raises(IllegalMove):
        acts.acknowledge(acts.close(published(), "li", START + HOUR), None, "zhang", START + HOUR)
    finished = acts.fulfil(published(), "case_finish", START, "li", START)
    assert finished.running() == ()
    with pytest.raises(DomainError, match="no alarm to acknowledge"):
        acts.acknowledge(finished, None, "zhang", START + HOUR)


def test_a_ladder_frozen_before_acknowledgements_is_still_read() -> None:
    old = {"id": "default", "steps": [{"id": "due", "kind": "overdue", "to": ["head"], "share": None}]}
    step = {**old["steps"][0], "before_minutes": None, "after_unit": "clock_minutes", "after": 0}  # type: ignore[dict-item]
    ladder = Ladder.from_json({**old, "steps": [step]})
    assert (ladder.hold_minutes, ladder.notice_of("due")) == (1440, None)


def taken(case: Case, *, told: bool) -> Case:
    """The case with its first rung taken at its moment, and the notice of it sent or not."""
    rung = case.rungs()[0]
    key = f"{case.id}/first"
    notice = {"key": key, "kind": "reminder", "to": "housing/contact", "facts": {}, "urgent": False}
    data = {"clock": rung.clock.key, "step": rung.moment.step, "moment": rung.moment.to_json()[3], "notices": [notice]}
    case = case.after(rung.moment.kind, rung.at, "huiying", None, data)
    return case.after("notified", rung.at, "huiying", None, {"key": key, "channel": "console"}) if told else case


@pytest.mark.parametrize("told", [True, False])
def test_a_rung_is_not_taken_again_after_a_merge_unless_nobody_was_told(told: bool) -> None:
    winner, loser = assigned("board:1"), assigned("board:2")
    owed = next(rung for rung in loser.rungs() if rung.clock.post)
    # The loser's message is reminded of first, so that it is what was taken.
    loser = taken(acts.sign(loser, "zhang", START, WORKTIME), told=told)
    first = next(entry for entry in loser.history if entry.what == "reminded")
    gone = acts.merge(loser, winner, "li", START + 80 * HOUR)
    grown = acts.absorb(winner, gone, "li", START + 80 * HOUR)
    again = {(rung.clock.key, rung.moment.step) for rung in grown.rungs()}
    assert first.data["clock"] == owed.clock.key
    assert ((owed.clock.key, first.data["step"]) in again) is not told


def test_a_rung_is_not_taken_again_after_a_split() -> None:
    case = acts.join(assigned("board:1"), "board:9", True, START, WORKTIME)
    first = next(rung for rung in case.rungs() if rung.clock.post == "board:9")
    data = {"clock": first.clock.key, "step": first.moment.step, "moment": first.moment.to_json()[3], "notices": []}
    case = case.after(first.moment.kind, first.at, "huiying", None, data)
    entry = case.history[0].data
    opening = acts.Opening(
        **{name: entry[name] for name in ("title", "event", "severity", "petition_kind", "board_domain", "state")},
        id="case:board:9",
        trigger="board:9",
        posts=("board:9",),
        messages=(),
        excluded=(),
        reason="split",
        moments={"received": START},
    )
    fresh = acts.take(case, ["board:9"], opening, [], "li", first.at + HOUR, WORKTIME)
    assert (first.clock.key, first.moment.step) not in {(rung.clock.key, rung.moment.step) for rung in fresh.rungs()}
    assert {rung.clock.key for rung in fresh.rungs()} == {first.clock.key}
