"""Entries dated ahead block a case; what puts them right leaves them as they are and counts by their true time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.domain import acts
from casework.domain.case import Case, chain_fault, replay
from casework.domain.errors import DomainError
from casework.domain.happenings import Happening
from casework.domain.routing import Route
from casework.domain.times import store_time
from tests.unit.domain.making import HOUR, START, WORKTIME, assigned, opened

AHEAD = START + timedelta(days=900)
NOW = START + 3 * HOUR


def stored(case: Case) -> Case:
    return replay(case.id, [Happening.from_json(entry.to_json()) for entry in case.history])


def test_the_refusal_names_the_entry_and_the_way_out() -> None:
    case = acts.sign(assigned(), "wang", AHEAD, WORKTIME)
    with pytest.raises(DomainError, match=r"signed at 2028-.* by wang; .*huiying case redate"):
        acts.in_order(case, NOW)


def test_a_wrong_assignment_counts_by_its_true_time() -> None:
    case = acts.assign(opened(), Route("housing", (), "测试"), "huiying", AHEAD, WORKTIME)
    case = acts.sign(case, "wang", AHEAD + HOUR, WORKTIME)
    before = case.history
    right = acts.redate(case, START + HOUR, "日期敲错", "li", NOW, WORKTIME)
    assert right.history[:-1] == before
    assert right.history[-1].what == "redated"
    assert chain_fault(right) is None
    assert stored(right) == right
    acts.in_order(right, NOW)
    finish = next(clock for clock in right.clocks if clock.rule.id == "case_finish")
    assert (finish.start, finish.due) == (START + HOUR, START + 241 * HOUR)
    sign = next(clock for clock in right.clocks if clock.rule.id == "case_sign")
    assert (sign.start, sign.met_at, sign.state(NOW)) == (START + HOUR, START + HOUR, "met")
    paused = acts.pause(right, "等", "li", NOW, WORKTIME)
    assert paused.history[-1].at == NOW


def test_a_pause_dated_ahead_stops_from_its_true_time() -> None:
    case = acts.pause(assigned(), "等鉴定", "li", AHEAD, WORKTIME)
    right = acts.redate(case, START + 2 * HOUR, "日期敲错", "li", NOW, WORKTIME)
    assert right.paused == START + 2 * HOUR
    resumed = acts.resume(right, "已出", "li", START + 12 * HOUR, WORKTIME)
    finish = next(clock for clock in resumed.clocks if clock.rule.id == "case_finish")
    assert finish.due == START + 250 * HOUR


def test_a_sweep_dated_ahead_does_not_swallow_the_alarms_of_their_time() -> None:
    case = assigned()
    for rung in case.rungs():
        data = {"clock": rung.clock.key, "step": rung.moment.step, "moment": store_time(rung.moment.at), "notices": []}
        case = case.after(rung.moment.kind, AHEAD, "huiying", None, data)
    assert case.rungs() == []
    right = acts.redate(case, NOW, "督办日期敲错", "li", NOW, WORKTIME)
    left = right.rungs()
    assert left
    assert all(rung.at > NOW and rung.taken == 1 for rung in left)
    assert right.look_at == left[0].at


@pytest.mark.parametrize(("true", "said"), [(NOW + HOUR, "after now"), (START - HOUR, "before assigned at")])
def test_a_time_that_cannot_be_is_refused(true: object, said: str) -> None:
    case = acts.sign(assigned(), "wang", AHEAD, WORKTIME)
    with pytest.raises(DomainError, match=said):
        acts.redate(case, true, "敲错", "li", NOW, WORKTIME)  # type: ignore[arg-type]


def test_there_must_be_something_to_put_right() -> None:
    with pytest.raises(DomainError, match="nothing to put right"):
        acts.redate(assigned(), START, "没有", "li", NOW, WORKTIME)
