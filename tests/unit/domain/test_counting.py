"""Limits against a slow count that looks at every minute, and the situations that officials ask about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casework.config.load import load_office
from casework.domain.counting import Pause
from casework.domain.deadlines import Unit, compute, unite
from casework.domain.errors import DomainError, MissingCalendar
from casework.domain.times import SHANGHAI, parse_time
from casework.domain.worktime import WorkTime

ROOT = Path(__file__).resolve().parents[3]
WORKTIME: WorkTime = load_office(ROOT / "config").worktime
MINUTE = timedelta(minutes=1)
FIRST = datetime(2024, 1, 2, tzinfo=SHANGHAI)
STARTS = st.integers(0, 970 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to three closed pauses around the start and the weeks after it."""
    found: list[Pause] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + timedelta(minutes=draw(st.integers(-3000, 12_000)))
        found.append((begin, begin + timedelta(minutes=draw(st.integers(0, 4000)))))
    return found


def paused(moment: datetime, stops: list[Pause]) -> bool:
    return any(begin <= moment and (end is None or moment < end) for begin, end in stops)


def at_work(moment: datetime) -> bool:
    local = moment.astimezone(SHANGHAI)
    if not WORKTIME.is_workday(local.date()):
        return False
    return any(begin <= local.time() < end for begin, end in WORKTIME.hours)


def slow_minutes(minutes: int, start: datetime, stops: list[Pause], working: bool) -> datetime:
    """Minute by minute: a minute counts when it is not paused and, for working hours, when the office works."""
    moment = start
    while minutes:
        if not paused(moment, stops) and (not working or at_work(moment)):
            minutes -= 1
        moment += MINUTE
    return moment


def slow_days(amount: int, start: datetime, stops: list[Pause], working: bool) -> datetime:
    """Day by day, each day judged by all of its minutes."""
    day = start.astimezone(SHANGHAI).date()
    counted = 0
    while True:
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        minutes = [midnight + MINUTE * number for number in range(1440)]
        if any(paused(minute, stops) for minute in minutes):
            continue
        last = counted + 1 >= amount
        if (working or last) and not WORKTIME.is_workday(day):
            continue
        counted += 1
        if counted == amount:
            return midnight + timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(st.data(), STARTS, st.sampled_from([Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS, Unit.WORKING_HOURS]))
def test_minutes_and_hours_agree_with_a_slow_count(data: st.DataObject, start: datetime, unit: Unit) -> None:
    amount = data.draw(st.integers(1, 30))
    stops = data.draw(pauses(start))
    minutes = amount if unit is Unit.CLOCK_MINUTES else amount * 60
    expected = slow_minutes(minutes, start, stops, unit is Unit.WORKING_HOURS)
    assert compute(unit, amount, start, WORKTIME, stops).due == expected


@settings(max_examples=40, deadline=None)
@given(st.data(), STARTS, st.booleans())
def test_days_agree_with_a_slow_count(data: st.DataObject, start: datetime, working: bool) -> None:
    amount = data.draw(st.integers(1, 12))
    stops = data.draw(pauses(start))
    unit = Unit.WORKING_DAYS if working else Unit.CALENDAR_DAYS
    found = compute(unit, amount, start, WORKTIME, stops)
    assert found.due == slow_days(amount, start, stops, working)
    assert len(found.counted) == amount
    days = [*found.counted, *(item.date for item in found.skipped)]
    assert len(days) == len(set(days))
    assert sorted(days) == [start.date() + timedelta(days=n) for n in range(1, len(days) + 1)]


@settings(max_examples=150, deadline=None)
@given(st.data(), STARTS, st.sampled_from(list(Unit)), st.integers(1, 40))
def test_a_pause_never_makes_a_deadline_earlier(data: st.DataObject, start: datetime, unit: Unit, amount: int) -> None:
    stops = data.draw(pauses(start))
    assume(stops)
    fewer = compute(unit, amount, start, WORKTIME, stops[1:]).due
    more = compute(unit, amount, start, WORKTIME, stops).due
    assert fewer is not None
    assert more is not None
    assert more >= fewer


@settings(max_examples=150, deadline=None)
@given(STARTS, st.sampled_from(list(Unit)), st.integers(1, 60), st.integers(0, 5000))
def test_what_lies_before_the_start_or_after_the_due_moment_changes_nothing(
    start: datetime, unit: Unit, amount: int, minutes: int
) -> None:
    plain = compute(unit, amount, start, WORKTIME).due
    assert plain is not None
    around: list[Pause] = [(start - timedelta(days=9), start), (plain + MINUTE * minutes, None)]
    assert compute(unit, amount, start, WORKTIME, around).due == plain


@settings(max_examples=100, deadline=None)
@given(STARTS, st.sampled_from(list(Unit)), st.integers(1, 60))
def test_a_larger_amount_is_never_due_earlier(start: datetime, unit: Unit, amount: int) -> None:
    one, more = (compute(unit, number, start, WORKTIME).due for number in (amount, amount + 1))
    assert one is not None
    assert more is not None
    assert one <= more


def test_an_open_pause_leaves_the_limit_open() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    for unit in Unit:
        found = compute(unit, 10, start, WORKTIME, [(start + MINUTE, None)])
        assert found.due is None, unit


def test_pauses_are_united_and_checked() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    hours = [day + timedelta(hours=number) for number in range(6)]
    assert unite([(hours[3], hours[4]), (hours[0], hours[2]), (hours[1], hours[3])]) == ((hours[0], hours[4]),)
    assert unite([(hours[0], None), (hours[1], hours[2])]) == ((hours[0], None),)
    assert unite([(hours[1], hours[1])]) == ()
    with pytest.raises(DomainError, match="before it begins"):
        unite([(hours[1], hours[0])])


@pytest.mark.parametrize("amount", [0, -1, True])
def test_an_amount_below_one_is_refused(amount: int) -> None:
    with pytest.raises(DomainError, match="whole number"):
        compute(Unit.CLOCK_HOURS, amount, datetime(2026, 3, 2, tzinfo=UTC), WORKTIME)


@pytest.mark.parametrize("unit", list(Unit))
def test_an_amount_too_large_is_refused(unit: Unit) -> None:
    with pytest.raises(DomainError):
        compute(unit, 10**12, datetime(2026, 3, 2, tzinfo=UTC), WORKTIME)


def test_a_year_without_a_notice_names_the_file() -> None:
    start = parse_time("2026-12-28T09:00+08:00")
    with pytest.raises(MissingCalendar, match=r"config/calendar/2027\.yml"):
        compute(Unit.WORKING_DAYS, 10, start, WORKTIME)
    with pytest.raises(MissingCalendar):
        compute(Unit.CALENDAR_DAYS, 10, start, WORKTIME)
    assert compute(Unit.CLOCK_HOURS, 500, start, WORKTIME).due == start + timedelta(hours=500)
    last = compute(Unit.WORKING_DAYS, 3, start, WORKTIME)
    assert last.due == parse_time("2027-01-01T00:00+08:00")
    assert last.counted[-1] == date(2026, 12, 31)


def test_new_years_eve_2024_was_a_working_day() -> None:
    assert WORKTIME.is_workday(date(2024, 2, 9))
    assert WORKTIME.why_off(date(2024, 2, 10)) == "春节"


def test_a_start_in_another_offset_is_the_same_moment() -> None:
    one = compute(Unit.WORKING_DAYS, 5, parse_time("2026-03-02T01:00+00:00"), WORKTIME)
    two = compute(Unit.WORKING_DAYS, 5, parse_time("2026-03-02T09:00+08:00"), WORKTIME)
    assert one == two


def test_generated_calendars_are_what_the_generator_gives() -> None:
    chinese = pytest.importorskip("chinese_calendar")
    from pipeline.calendars import NOTICES, days, text

    assert NOTICES
    for year in NOTICES:
        assert (ROOT / "config" / "calendar" / f"{year}.yml").read_text(encoding="utf-8") == text(year)
        for day in days(year):
            assert WORKTIME.is_workday(day) == chinese.is_workday(day), day
