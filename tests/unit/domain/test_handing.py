"""退回, second designation, disputed duty, the desk's own clock, watchers: who has a case, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.domain import acts
from casework.domain.case import Case, replay
from casework.domain.deadlines import Unit
from casework.domain.errors import IllegalMove
from casework.domain.handover import COORDINATED, SECOND, ReturnLimit
from casework.domain.routing import Route
from casework.domain.worktime import WorkTime
from tests.unit.domain.making import ANSWER, FINISH, HOUR, SIGN, START, WORKTIME, deadline_rule, opened

LIMIT = ReturnLimit(5, "信访工作条例 第二十三条")
DESK = deadline_rule("desk_decides", Unit.WORKING_HOURS, 4, "at_desk", "assigned")
DAY = timedelta(days=1)


def given(case: Case, to: str, at: datetime = START, **more: object) -> Case:
    route = Route(to, (), "指定：测试。", **more)  # type: ignore[arg-type]
    return acts.assign(case, route, "office", at, WORKTIME, limit=LIMIT)


def fresh(**more: object) -> Case:
    return opened(rules=(replace(SIGN, again=True), ANSWER, FINISH, DESK), **more)  # type: ignore[arg-type]


def back(case: Case, at: datetime) -> Case:
    return acts.give_back(case, "不属本单位职责", "housing", at, WORKTIME)


def disputed(case: Case, at: datetime) -> Case:
    return acts.dispute(case, "三定不明确", "housing", at, "coordination", WORKTIME)


def refused(doing: object) -> str:
    with pytest.raises(IllegalMove) as raised:
        doing()  # type: ignore[operator]
    return str(raised.value)


def running(case: Case, rule: str) -> list[tuple[datetime, datetime | None]]:
    return [(clock.start, clock.due) for clock in case.running() if clock.rule.id == rule]


# Monday 09:00 plus five working days (Tuesday to Monday): the first instant too late is Tuesday 00:00 in Shanghai.
END = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


def test_a_case_is_returned_within_five_working_days() -> None:
    case = given(fresh(), "housing")
    assert case.handover is not None
    assert case.handover.returns_end(WORKTIME) == END
    assert back(case, END - timedelta(seconds=1)).state == "returned"
    said = refused(lambda: back(case, END))
    assert "within 5 working days, before 2026-03-10T00:00:00+08:00: 信访工作条例 第二十三条" in said
    assert "dispute" in said


def test_after_a_return_the_next_designation_is_final() -> None:
    case = back(given(fresh(), "housing"), START + HOUR)
    assert case.holder == "@review"
    again = given(case, "transport", START + DAY)
    assert again.handover is not None
    assert again.handover.final == SECOND
    assert "designated a second time" in refused(lambda: back(again, START + DAY + HOUR))
    assert "designated a second time" in refused(lambda: back(given(case, "housing", START + DAY), START + DAY + HOUR))
    # Whom the office designates after that has it just as finally.
    moved = given(again, "health", START + 2 * DAY)
    assert "designated a second time" in refused(lambda: back(moved, START + 2 * DAY))


def test_what_the_default_desk_hands_back_was_designated_to_nobody() -> None:
    case = back(given(fresh(), "duty_desk", default=True), START + HOUR)
    first = given(case, "housing", START + DAY)
    assert first.handover is not None
    assert first.handover.final is None
    assert back(first, START + DAY).state == "returned"


def test_a_disputed_duty_goes_to_the_coordination_desk_whose_word_is_final() -> None:
    second = given(back(given(fresh(), "housing"), START), "transport", START + HOUR)
    case = disputed(second, START + 2 * HOUR)
    assert (case.state, case.desk, case.holder) == ("returned", "coordination", "coordination")
    assert "coordination" in case.watchers
    assert [(n.kind, n.to) for n in case.outbox][-1] == ("disputed", "coordination/contact")
    assert "has it already" in refused(lambda: disputed(case, START + 3 * HOUR))
    decided = given(case, "housing", START + DAY)
    assert decided.handover is not None
    assert (decided.desk, decided.handover.final) == (None, COORDINATED)
    assert "coordination desk has decided" in refused(lambda: back(decided, START + DAY))
    assert "coordination desk has decided" in refused(lambda: disputed(decided, START + DAY))


def test_the_office_may_ask_for_coordination_itself() -> None:
    case = disputed(back(given(fresh(), "housing"), START + HOUR), START + 2 * HOUR)
    assert case.holder == "coordination"


def test_the_writers_clock_runs_on_and_the_new_department_has_its_own_time_to_take_over() -> None:
    case = given(fresh(), "housing")
    answer, finish = running(case, "message_answer"), running(case, "case_finish")
    (sign,) = running(case, "case_sign")
    again = given(back(case, START + HOUR), "transport", START + DAY)
    assert running(again, "message_answer") == answer
    assert running(again, "case_finish") == finish
    assert [start for start, _ in running(again, "case_sign")] == [START + DAY]
    # That the first one was late with it (four working hours, returned unsigned the next day) stays.
    ended = [clock for clock in again.clocks if clock.rule.id == "case_sign" and clock.start == sign[0]]
    assert [(clock.met_at, clock.state(START + DAY)) for clock in ended] == [(START + DAY, "missed")]


def test_each_desk_that_must_decide_has_a_clock_of_its_own() -> None:
    case = given(fresh(), "duty_desk", default=True)
    assert [start for start, _ in running(case, "desk_decides")] == [START]
    taken = given(case, "housing", START + HOUR)
    assert running(taken, "desk_decides") == []
    returned = back(taken, START + 2 * HOUR)
    assert [start for start, _ in running(returned, "desk_decides")] == [START + 2 * HOUR]
    both = disputed(returned, START + 3 * HOUR)
    assert len(running(both, "desk_decides")) == 2
    assert running(given(both, "housing", START + 4 * HOUR), "desk_decides") == []
    assert running(given(fresh(), "housing"), "desk_decides") == []


def test_who_watches_is_told_once_and_goes_on_watching() -> None:
    case = given(fresh(), "housing", watchers=("supervision",))
    assert case.watchers == ("supervision",)
    assert [notice.to for notice in case.outbox if notice.kind == "informed"] == ["supervision/contact"]
    again = given(case, "transport", START + HOUR, watchers=case.watchers)
    assert [notice.to for notice in again.outbox if notice.kind == "informed"] == ["supervision/contact"]
    assert given(case, "supervision", START + HOUR, watchers=case.watchers).watchers == ()


def test_a_report_is_neither_returned_nor_disputed_nor_sent_elsewhere() -> None:
    report = given(fresh(excluded=("housing",)), "discipline", held=True)
    for doing in (
        lambda: back(report, START),
        lambda: disputed(report, START),
        lambda: given(report, "transport", START + HOUR),
        lambda: acts.assign(report, Route("discipline", ("transport",), "r", held=True), "o", START, WORKTIME),
    ):
        assert "stays at its desk" in refused(doing)
    assert given(report, "discipline", START + HOUR, held=True, watchers=("news",)).watchers == ()


def test_a_year_without_its_notice_refuses_nobody() -> None:
    case = given(fresh(), "housing", datetime(2026, 12, 30, 1, 0, tzinfo=UTC))
    assert case.handover is not None
    assert case.handover.returns_end(WORKTIME) is None
    assert back(case, datetime(2027, 3, 1, tzinfo=UTC)).state == "returned"


def test_a_days_off_lengthen_the_time_to_return() -> None:
    case = given(fresh(), "housing")
    holiday = replace(WORKTIME.years[2026], off={date(2026, 3, 4): "测试"})
    longer = WorkTime({**WORKTIME.years, 2026: holiday}, WORKTIME.hours)
    assert case.handover is not None
    assert case.handover.returns_end(longer) == END + DAY


def test_histories_of_before_have_no_limit_and_play_again() -> None:
    case = given(fresh(), "housing")
    old = {key: value for key, value in case.history[-1].data.items() if key not in ("final", "returns", "watchers")}
    played = opened().after("assigned", START, "office", None, {**old, "ended": []})
    assert played.handover is not None
    assert (played.handover.final, played.handover.limit) == (None, None)
    assert back(played, START + 90 * DAY).state == "returned"
    assert replay(case.id, case.history) == case


def test_a_case_is_not_merged_into_one_at_the_unit_that_it_reports() -> None:
    winner = given(fresh(excluded=("transport",)), "discipline", held=True)
    loser = given(opened("board:2", excluded=("discipline",)), "duty_desk", held=True)
    assert "the unit reported" in refused(lambda: acts.merge(loser, winner, "office", START))
    # Where it came there between the two writes, it leaves it again.
    gone = replace(loser, state="merged", merged_into=winner.id)
    taken = acts.absorb(winner, gone, "office", START)
    assert (taken.state, taken.department, taken.excluded) == ("opened", None, ("discipline", "transport"))
