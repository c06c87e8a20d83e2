"""What moves a limit: another level, a true time, a pause of one kind, an extension asked for; what comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from casework.domain import acts
from casework.domain.case import Case, replay
from casework.domain.clock import Clock
from casework.domain.deadlines import Extension, Unit
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.happenings import Happening
from casework.domain.routing import Route
from casework.domain.times import SHANGHAI, show_time
from casework.domain.worktime import WorkTime, YearCalendar
from tests.unit.domain.making import (
    ANSWER,
    FINISH,
    HOUR,
    SIGN,
    START,
    WORKTIME,
    assigned,
    deadline_rule,
    frozen,
    opened,
)

DAY = timedelta(days=1)
PRESS = deadline_rule("press", Unit.CLOCK_HOURS, 24, "discovered", "fulfilled")
BY_EVENT = deadline_rule("by_event", Unit.CLOCK_HOURS, 24, "occurred", "fulfilled")
REPORT = replace(deadline_rule("report", Unit.CLOCK_MINUTES, 900, "discovered", "fulfilled"), times=(time(8), time(17)))


def clock(case: Case, rule: str) -> Clock:
    """The last clock of a rule."""
    return [one for one in case.clocks if one.rule.id == rule][-1]


def shown(case: Case, rule: str) -> list[str | None]:
    """The due moments of a rule's clocks."""
    return [one.due and show_time(one.due)[:16] for one in case.clocks if one.rule.id == rule]


def stored(case: Case) -> Case:
    """The case as a store gives it back."""
    return replay(case.id, [Happening.from_json(entry.to_json()) for entry in case.history])


def test_a_higher_level_counts_from_the_first_moment_and_may_be_late_at_once() -> None:
    case = acts.set_level(assigned(), "major", frozen(PRESS), (), "又有伤亡", "li", START + 30 * HOUR, WORKTIME)
    assert case.severity == "major"
    assert clock(case, "press").start == START
    assert clock(case, "press").state(START + 30 * HOUR) == "missed"
    assert case.look_at is not None
    assert case.look_at <= START + 30 * HOUR
    assert stored(case) == case


def test_a_lower_level_lifts_what_was_not_late_and_keeps_what_was() -> None:
    raised = acts.set_level(assigned(), "major", frozen(PRESS, BY_EVENT), (), "据报", "li", START, WORKTIME)
    raised = acts.fulfil(raised, "by_event", START + HOUR, "li", START + HOUR)
    soon = acts.set_level(raised, "none", [], ("press", "by_event"), "误报", "li", START + 2 * HOUR, WORKTIME)
    assert [one.rule.id for one in soon.clocks if one.rule.id in ("press", "by_event")] == ["by_event"]
    late = acts.set_level(raised, "none", [], ("press", "by_event"), "误报", "li", START + 25 * HOUR, WORKTIME)
    assert clock(late, "press").state(START + 90 * HOUR) == "missed"
    assert "press" not in {one.rule.id for one in late.running()}
    again = acts.set_level(soon, "major", frozen(PRESS, BY_EVENT), (), "属实", "li", START + 3 * HOUR, WORKTIME)
    assert clock(again, "press").start == START
    assert clock(again, "by_event").met_at == START + HOUR
    assert stored(again) == again


def test_a_rule_that_the_case_has_frozen_already_stays_as_it_was() -> None:
    case = opened(rules=(PRESS,))
    looser = replace(PRESS, values=(replace(PRESS.values[0], amount=72),))
    raised = acts.set_level(case, "major", frozen(looser), (), "属实", "li", START + HOUR, WORKTIME)
    assert [one.rule.amount for one in raised.clocks] == [24]


def test_a_true_time_counts_anew_from_it_what_ran_and_what_was_done() -> None:
    case = acts.set_level(assigned(), "major", frozen(PRESS, BY_EVENT), (), "属实", "li", START, WORKTIME)
    case = acts.fulfil(case, "by_event", START + 20 * HOUR, "li", START + 20 * HOUR)
    assert clock(case, "by_event").state(START + 21 * HOUR) == "met"
    case = acts.set_time(case, "occurred", START - 6 * HOUR, "现场记录", "li", START + 21 * HOUR, WORKTIME)
    assert clock(case, "by_event").start == START - 6 * HOUR
    assert clock(case, "by_event").state(START + 21 * HOUR) == "missed"
    assert not clock(case, "by_event").start_assumed
    assert clock(case, "press").start == START
    later = acts.set_time(case, "discovered", START + HOUR, "通话记录", "li", START + 22 * HOUR, WORKTIME)
    assert clock(later, "press").due == START + 25 * HOUR
    assert stored(later) == later


@pytest.mark.parametrize(
    ("moment", "true", "post", "said"),
    [
        ("assigned", START, None, "write one of occurred, published, discovered, received"),
        ("occurred", START + 9 * HOUR, None, "after now"),
        ("occurred", START, "board:77", "has no post"),
    ],
)
def test_a_true_time_that_cannot_be_is_refused(moment: str, true: datetime, post: str | None, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        acts.set_time(assigned(), moment, true, "记录", "li", START + HOUR, WORKTIME, post)


def test_a_rung_passed_is_passed_again_where_the_limit_was_moved_later() -> None:
    rule = replace(FINISH, extension=Extension(240, 1, "本单位规定"))
    case = acts.assign(opened(rules=(rule,)), Route("housing", (), "测试"), "huiying", START, WORKTIME)
    due = clock(case, "case_finish").due
    assert due is not None
    for step, kind in (("half", "reminded"), ("due", "overdue")):
        moment = next(one for one in clock(case, "case_finish").moments if one.step == step)
        data = {"clock": "case_finish", "step": step, "moment": moment.at.isoformat(), "notices": []}
        case = case.after(kind, due, "huiying", None, data)
    assert not {"half", "due"} & {rung.moment.step for rung in case.rungs()}
    case = acts.extend(case, "case_finish", due + 240 * HOUR, "复杂", "li", due + HOUR, WORKTIME)
    # The half of the longer limit is just past: nobody is reminded of it twice.
    steps = {rung.moment.step for rung in case.rungs()}
    assert "half" not in steps
    assert "due" in steps
    assert case.look_at == due + 240 * HOUR


def test_a_pause_stops_only_what_its_kind_may_stop() -> None:
    hearing = replace(FINISH, pauses=("hearing",))
    case = acts.assign(opened(rules=(ANSWER, hearing)), Route("housing", (), "测试"), "huiying", START, WORKTIME)
    unstoppable = acts.assign(opened(rules=(SIGN,)), Route("a", (), "测试"), "h", START, WORKTIME)
    with pytest.raises(IllegalMove, match="nothing"):
        acts.pause(unstoppable, "等", "li", START, WORKTIME)
    with pytest.raises(DomainError, match="unknown kind"):
        acts.pause(case, "等", "li", START, WORKTIME, "holiday")
    paused = acts.pause(case, "征求意见", "li", START + HOUR, WORKTIME, "third_party")
    assert [one.state(START + HOUR) for one in paused.running()] == ["paused", "running"]
    resumed = acts.resume(paused, "收到", "li", START + 49 * HOUR, WORKTIME)
    assert clock(resumed, "case_finish").due == START + 240 * HOUR
    heard = acts.pause(resumed, "听证", "li", START + 50 * HOUR, WORKTIME, "hearing")
    assert [one.state(START + 50 * HOUR) for one in heard.running()] == ["paused", "paused"]
    done = acts.resume(heard, "听证结束", "li", START + 60 * HOUR, WORKTIME)
    assert clock(done, "case_finish").due == START + 250 * HOUR
    assert stored(done) == done


def test_an_extension_is_asked_for_in_time_and_granted_later() -> None:
    rule = replace(FINISH, extension=Extension(240, 1, "本单位规定", (), 1, Unit.CALENDAR_DAYS))
    case = acts.assign(opened(rules=(rule,)), Route("housing", (), "测试"), "huiying", START, WORKTIME)
    due, to = START + 240 * HOUR, START + 300 * HOUR
    for act in (acts.ask, acts.extend):
        with pytest.raises(IllegalMove, match="had to be asked for before"):
            act(case, "case_finish", to, "复杂", "li", due - 24 * HOUR, WORKTIME)
    asked = acts.ask(case, "case_finish", to, "复杂", "zhang", due - 25 * HOUR, WORKTIME)
    assert clock(asked, "case_finish").due == due
    granted = acts.extend(asked, "case_finish", to, "同意", "li", due + HOUR, WORKTIME)
    assert clock(granted, "case_finish").due == to
    with pytest.raises(IllegalMove, match="has been"):
        acts.ask(granted, "case_finish", to + DAY, "复杂", "zhang", due + 2 * HOUR, WORKTIME)


def test_a_report_by_a_time_of_day_is_followed_by_the_next() -> None:
    case = opened(rules=(REPORT,))
    assert clock(case, "report").amount == 8 * 60
    early = acts.fulfil(case, "report", START + HOUR, "li", START + HOUR)
    assert shown(early, "report") == ["2026-03-02T17:00", "2026-03-03T08:00"]
    swept = acts.recount(early, START + timedelta(days=1, hours=9), WORKTIME)
    assert shown(swept, "report")[2:] == ["2026-03-03T17:00", "2026-03-04T08:00"]
    assert acts.recount(swept, START + timedelta(days=1, hours=9), WORKTIME) is swept
    assert swept.overdue(START + timedelta(days=1, hours=9))
    # Whoever reports late reports for all that was due.
    done = acts.fulfil(swept, "report", START + timedelta(days=1, hours=9), "li", START + timedelta(days=1, hours=9))
    assert shown(done, "report")[4:] == ["2026-03-04T17:00"]
    assert [one.due and show_time(one.due)[:16] for one in done.running()] == ["2026-03-04T17:00"]
    assert stored(done) == done
    assert acts.reject(done, "误报", "li", START + 2 * DAY).last_of_day() == []


def test_every_department_has_to_sign() -> None:
    rule = replace(SIGN, again=True)
    case = acts.assign(opened(rules=(rule, FINISH)), Route("housing", (), "测试"), "huiying", START, WORKTIME)
    again = acts.assign(case, Route("water", (), "改派"), "li", START + HOUR, WORKTIME)
    assert [(one.key, one.start) for one in again.clocks if one.rule.id == "case_sign"] == [
        ("case_sign#2", START + HOUR)
    ]
    assert clock(again, "case_finish").start == START
    late = acts.assign(case, Route("water", (), "改派"), "li", START + DAY, WORKTIME)
    assert [one.state(START + DAY) for one in late.clocks if one.rule.id == "case_sign"] == ["missed", "running"]
    assert stored(late) == late


def test_without_its_calendar_a_limit_is_reminded_of_and_counted_when_it_is_there() -> None:
    start = datetime(2026, 12, 28, 9, tzinfo=SHANGHAI)
    case = acts.assign(opened(at=start, rules=(ANSWER,)), Route("housing", (), "测试"), "huiying", start, WORKTIME)
    waiting = clock(case, "message_answer")
    assert (waiting.due, waiting.awaits, case.awaits) == (None, 2027, 2027)
    # Three working days of 2026, then the first two days of 2027 whatever the notice will say.
    assert waiting.provisional == datetime(2027, 1, 3, tzinfo=SHANGHAI)
    assert waiting.state(start + 30 * DAY) == "running"
    assert {moment.kind for moment in waiting.moments} == {"reminded"}
    assert waiting.moments[-1].at == waiting.provisional
    assert case.look_at == waiting.moments[0].at
    assert acts.recount(case, start + HOUR, WORKTIME) is case
    off = {date(2027, 1, 1): "元旦"}
    there = WorkTime({**WORKTIME.years, 2027: YearCalendar(2027, "test", date(2026, 11, 20), off, frozenset())})
    counted = acts.recount(case, start + HOUR, there)
    assert clock(counted, "message_answer").due == datetime(2027, 1, 6, tzinfo=SHANGHAI)
    assert (counted.awaits, clock(counted, "message_answer").provisional) == (None, None)
    assert stored(case) == case


def test_a_clock_that_comes_from_a_paused_case_runs_on_in_the_other() -> None:
    loser = acts.pause(assigned("board:2"), "等鉴定", "li", START + HOUR, WORKTIME)
    merged = acts.merge(loser, assigned("board:1"), "li", START + 25 * HOUR)
    winner = acts.absorb(assigned("board:1"), merged, "li", START + 25 * HOUR)
    (came,) = [one for one in winner.running() if one.post == "board:2"]
    assert (came.due, came.awaits) == (None, None)
    assert winner.look_at is not None
    assert winner.look_at <= START + 25 * HOUR
    counted = acts.recount(winner, START + 25 * HOUR, WORKTIME)
    (runs,) = [one for one in counted.running() if one.post == "board:2"]
    # Monday and Tuesday have a part of the pause: five working days from Wednesday on.
    assert runs.due == datetime(2026, 3, 11, tzinfo=SHANGHAI)
    assert acts.recount(counted, START + 26 * HOUR, WORKTIME) is counted
    again = acts.pause(counted, "再等", "li", START + 50 * HOUR, WORKTIME)
    done = acts.resume(again, "已出", "li", START + 51 * HOUR, WORKTIME)
    (later,) = [one for one in done.running() if one.post == "board:2"]
    assert later.due == datetime(2026, 3, 12, tzinfo=SHANGHAI)
    assert stored(done) == done


def test_a_clock_that_comes_to_a_paused_case_stands_with_it() -> None:
    winner = acts.pause(assigned("board:1"), "等鉴定", "li", START + HOUR, WORKTIME)
    merged = acts.merge(assigned("board:2"), winner, "li", START + 2 * HOUR)
    counted = acts.recount(acts.absorb(winner, merged, "li", START + 2 * HOUR), START + 2 * HOUR, WORKTIME)
    assert [one.state(START + 3 * HOUR) for one in counted.running() if one.post == "board:2"] == ["paused"]
    assert acts.recount(counted, START + 3 * HOUR, WORKTIME) is counted
