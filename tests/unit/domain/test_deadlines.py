"""Limits: what is refused, what needs a calendar, pauses, values by date, states; laws are in ``tests/property``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.config.load import load_office
from casework.domain.counting import MOST_DAYS
from casework.domain.deadlines import DeadlineRule, RuleValue, Unit, clock_state, compute, unite
from casework.domain.errors import DomainError, MissingCalendar
from casework.domain.times import SHANGHAI, parse_time
from casework.domain.worktime import WorkTime

ROOT = Path(__file__).resolve().parents[3]
WORKTIME: WorkTime = load_office(ROOT / "config").worktime
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
WITH_CALENDAR = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.WORKING_HOURS)


def test_the_answer_is_in_utc() -> None:
    assert {compute(unit, 3, MONDAY, WORKTIME).due.tzinfo for unit in Unit} == {UTC}  # type: ignore[union-attr]


def test_an_open_pause_leaves_the_limit_open() -> None:
    for unit in Unit:
        assert compute(unit, 10, MONDAY, WORKTIME, [(MONDAY + MINUTE, None)]).due is None, unit


def test_the_days_of_an_open_pause_are_named_up_to_now() -> None:
    stop = [(MONDAY + timedelta(days=2), None)]
    found = compute(Unit.WORKING_DAYS, 5, MONDAY, WORKTIME, stop)
    assert [(item.date, item.why) for item in found.skipped] == [(date(2026, 3, 4), "中止")]
    found = compute(Unit.WORKING_DAYS, 5, MONDAY, WORKTIME, stop, MONDAY + timedelta(days=4))
    assert [item.date.day for item in found.skipped] == [4, 5, 6]
    assert found.counted == (date(2026, 3, 3),)
    before = compute(Unit.WORKING_DAYS, 5, MONDAY, WORKTIME, stop, MONDAY)
    assert [item.date.day for item in before.skipped] == [4]


def test_an_open_pause_needs_no_calendar_of_a_year_that_is_not_reached() -> None:
    start = parse_time("2026-12-31T16:00+08:00")
    for unit, amount in ((Unit.WORKING_HOURS, 4), (Unit.WORKING_DAYS, 4), (Unit.CALENDAR_DAYS, 4)):
        for begin in ("2026-12-31T17:30+08:00", "2027-01-01T00:00+08:00", "2027-01-01T09:00+08:00"):
            assert compute(unit, amount, start, WORKTIME, [(parse_time(begin), None)]).due is None
    with pytest.raises(MissingCalendar):
        compute(Unit.WORKING_HOURS, 4, start, WORKTIME, [(parse_time("2027-01-01T09:01+08:00"), None)])


def test_an_open_pause_from_the_due_moment_on_changes_nothing() -> None:
    for unit in Unit:
        plain = compute(unit, 3, MONDAY, WORKTIME).due
        assert plain is not None
        assert compute(unit, 3, MONDAY, WORKTIME, [(plain, None)]).due == plain
        assert compute(unit, 3, MONDAY, WORKTIME, [(plain - MINUTE, None)]).due is None


def test_pauses_are_united_and_checked() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    hours = [day + timedelta(hours=number) for number in range(6)]
    assert unite([(hours[3], hours[4]), (hours[0], hours[2]), (hours[1], hours[3])]) == ((hours[0], hours[4]),)
    assert unite([(hours[0], hours[5]), (hours[1], hours[2])]) == ((hours[0], hours[5]),)
    assert unite([(hours[0], None), (hours[1], hours[2])]) == ((hours[0], None),)
    assert unite([(hours[1], None), (hours[0], hours[2])]) == ((hours[0], None),)
    assert unite([(hours[0], hours[1]), (hours[2], None)]) == ((hours[0], hours[1]), (hours[2], None))
    assert unite([(hours[1], hours[1])]) == ()
    for others in ([], [(hours[0], None)]):
        with pytest.raises(DomainError, match="before it begins"):
            unite([*others, (hours[2], hours[1])])


@pytest.mark.parametrize("amount", [0, -1, True, 2.0, 2.5, "3", None])
def test_an_amount_that_is_no_whole_number_from_one_is_refused(amount: Any) -> None:
    with pytest.raises(DomainError, match="whole number"):
        compute(Unit.CLOCK_HOURS, amount, MONDAY, WORKTIME)


@pytest.mark.parametrize("unit", list(Unit))
def test_an_amount_too_large_is_refused(unit: Unit) -> None:
    smallest = {Unit.CLOCK_MINUTES: 10**10, Unit.CLOCK_HOURS: 10**8}.get(unit, 10**5)
    for amount in (smallest, 10**12, 10**18, 10**40, 10**5000):
        with pytest.raises(DomainError) as caught:
            compute(unit, amount, MONDAY, WORKTIME)
        assert len(str(caught.value)) < 200


def test_days_are_counted_as_far_as_calendars_reach() -> None:
    far = compute(Unit.CALENDAR_DAYS, MOST_DAYS, MONDAY, WORKTIME, [(MONDAY, None)])
    assert far.due is None
    with pytest.raises(MissingCalendar):
        compute(Unit.CALENDAR_DAYS, MOST_DAYS, MONDAY, WORKTIME)


def test_a_time_that_cannot_be_shown_is_refused() -> None:
    end = datetime(9999, 12, 31, 15, tzinfo=UTC)
    assert compute(Unit.CLOCK_MINUTES, 59, end, WORKTIME).due == end + MINUTE * 59
    for amount in (60, 600):
        with pytest.raises(DomainError, match="outside the calendar"):
            compute(Unit.CLOCK_MINUTES, amount, end, WORKTIME)
    with pytest.raises(DomainError, match="outside the calendar"):
        compute(Unit.CALENDAR_DAYS, 5, end, WORKTIME)


def test_a_time_that_cannot_be_shown_is_not_even_read() -> None:
    assert parse_time("9999-12-31T15:59+00:00").year == 9999
    for text in ("9999-12-31T16:00+00:00", "0001-01-01T07:59+08:00"):
        with pytest.raises(DomainError, match="outside the calendar"):
            parse_time(text)


def test_a_moment_without_offset_is_refused() -> None:
    naive = MONDAY.replace(tzinfo=None)
    for start, stop in ((naive, (MONDAY, None)), (MONDAY, (naive, None)), (MONDAY, (MONDAY, naive))):
        with pytest.raises(DomainError, match="without offset"):
            compute(Unit.CLOCK_HOURS, 1, start, WORKTIME, [stop])


def test_a_year_without_a_notice_names_the_file() -> None:
    start = parse_time("2026-12-28T09:00+08:00")
    for unit in WITH_CALENDAR:
        with pytest.raises(MissingCalendar, match=r"config/calendar/2027\.yml"):
            compute(unit, 40, start, WORKTIME)
    assert compute(Unit.CLOCK_HOURS, 500, start, WORKTIME).due == start + timedelta(hours=500)
    for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        last = compute(unit, 3, start, WORKTIME)
        assert last.due == parse_time("2027-01-01T00:00+08:00")
        assert last.counted[-1] == date(2026, 12, 31)


def test_only_days_that_are_judged_need_their_calendar() -> None:
    before = parse_time("2023-12-20T18:00+08:00")
    found = compute(Unit.CALENDAR_DAYS, 15, before, WORKTIME)
    assert found.due == parse_time("2024-01-05T00:00+08:00")
    eve = parse_time("2023-12-31T18:00+08:00")
    assert compute(Unit.WORKING_DAYS, 1, eve, WORKTIME).due == parse_time("2024-01-03T00:00+08:00")
    assert compute(Unit.WORKING_HOURS, 1, eve, WORKTIME).due == parse_time("2024-01-02T10:00+08:00")
    closing = eve.replace(hour=9)
    assert closing == parse_time("2023-12-31T17:00+08:00")
    assert compute(Unit.WORKING_HOURS, 1, closing, WORKTIME).due == parse_time("2024-01-02T10:00+08:00")
    with pytest.raises(MissingCalendar, match=r"2023\.yml"):
        compute(Unit.WORKING_HOURS, 1, closing - MINUTE, WORKTIME)


def test_units_by_the_clock_need_no_calendar_at_all() -> None:
    bare = WorkTime({})
    assert compute(Unit.CLOCK_MINUTES, 90, MONDAY, bare).due == MONDAY + 90 * MINUTE
    for unit in WITH_CALENDAR:
        with pytest.raises(MissingCalendar, match=r"2026\.yml"):
            compute(unit, 1, MONDAY, bare)


def test_office_hours_need_not_be_written_in_order() -> None:
    hours = ((time(13), time(17)), (time(9), time(12)))
    mixed = WorkTime(WORKTIME.years, hours)
    assert compute(Unit.WORKING_HOURS, 4, MONDAY, mixed) == compute(Unit.WORKING_HOURS, 4, MONDAY, WORKTIME)


def test_a_unit_may_be_given_by_its_name() -> None:
    named: Any = "working_hours"
    unknown: Any = "fortnights"
    assert compute(named, 4, MONDAY, WORKTIME) == compute(Unit.WORKING_HOURS, 4, MONDAY, WORKTIME)
    with pytest.raises(ValueError, match="fortnights"):
        compute(unknown, 4, MONDAY, WORKTIME)


def test_a_rule_is_judged_by_the_value_in_force_on_its_day() -> None:
    values = (
        RuleValue(date(2024, 7, 1), 3, "second"),
        RuleValue(date(2020, 1, 1), 5, "first", until=date(2023, 12, 31)),
        RuleValue(date(2025, 1, 1), 2, "third", until=date(2025, 12, 31)),
    )
    rule = DeadlineRule("r", "t", "d", Unit.WORKING_DAYS, "received", values)
    days = ["2019-12-31", "2020-01-01", "2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01", "2024-12-31"]
    days += ["2025-01-01", "2025-12-31", "2026-01-01"]
    found = [rule.value_on(date.fromisoformat(day)) for day in days]
    assert [value.amount if value else None for value in found] == [None, 5, 5, None, None, 3, 3, 2, 2, None]


@pytest.mark.parametrize(
    ("due", "met", "paused", "now", "state"),
    [
        (10, None, False, 9, "running"),
        (10, None, False, 10, "missed"),
        (10, None, False, 11, "missed"),
        (10, 9, False, 20, "met"),
        (10, 10, False, 20, "missed"),
        (10, 11, False, 20, "missed"),
        (None, None, True, 20, "paused"),
        (None, 5, True, 20, "met"),
        (None, 5, False, 20, "met"),
    ],
)
def test_states(due: int | None, met: int | None, paused: bool, now: int, state: str) -> None:
    def at(hour: int | None) -> datetime | None:
        return None if hour is None else datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)

    moment = at(now)
    assert moment is not None
    assert clock_state(at(due), at(met), paused, moment) == state
