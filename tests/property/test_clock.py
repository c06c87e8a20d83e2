"""Limits against a slow count of its own, minute by minute and day by day, and laws that hold for every limit.

The slow count reads the calendar files itself and shares no code with what it checks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.deadlines import Pause, Unit, compute
from casework.domain.errors import MissingCalendar
from casework.domain.worktime import DEFAULT_HOURS, Hours, WorkTime, YearCalendar

FOLDER = Path(__file__).resolve().parents[2] / "config" / "calendar"
EAST8 = timezone(timedelta(hours=8))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOTICES: dict[int, dict[str, Any]] = {
    int(path.stem): yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) for path in FOLDER.glob("*.yml")
}
OFF = {day: name for notice in NOTICES.values() for name, days in notice["off"].items() for day in days}
WORKED = {day for notice in NOTICES.values() for day in notice["workdays"]}
HOURS: tuple[Hours, ...] = (
    DEFAULT_HOURS,
    ((time(8, 30), time(12)), (time(14, 30), time(18))),
    ((time(0), time(23, 59)),),
)
CLOCK = (Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS)
DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
FIRST = datetime(2024, 1, 1, tzinfo=EAST8)
STARTS = st.integers(0, 950 * 1440).map(lambda minutes: FIRST + MINUTE * minutes)
UNITS = st.sampled_from(list(Unit))
AMOUNTS = st.integers(1, 30)


def made(hours: Hours = DEFAULT_HOURS, days_off: dict[date, str] | None = None) -> WorkTime:
    """The published calendars with an office's hours and days off."""
    years = {}
    for year, notice in NOTICES.items():
        off = {date.fromisoformat(day): name for name, days in notice["off"].items() for day in days}
        worked = frozenset(map(date.fromisoformat, notice["workdays"]))
        years[year] = YearCalendar(year, notice["notice"], date.fromisoformat(notice["dated"]), off, worked)
    return WorkTime(years, hours, days_off or {})


WORKTIME = made()


@st.composite
def pauses(draw: st.DrawFn, start: datetime, may_be_open: bool = False) -> list[Pause]:
    """Up to four pauses around the start and the weeks after it, in any order, some of them empty."""
    found: list[Pause] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + MINUTE * draw(st.integers(-3000, 12_000))
        found.append((begin, begin + MINUTE * draw(st.integers(0, 4000))))
    if may_be_open and draw(st.booleans()):
        found.insert(draw(st.integers(0, len(found))), (start + MINUTE * draw(st.integers(-3000, 30_000)), None))
    return found


def stopped(moment: datetime, stops: list[Pause]) -> bool:
    return any(begin <= moment and (end is None or moment < end) for begin, end in stops)


def works(day: date, days_off: dict[date, str]) -> bool:
    text = day.isoformat()
    return day not in days_off and (text in WORKED or (text not in OFF and day.weekday() < 5))


def open_since(stops: list[Pause]) -> datetime | None:
    """When the open pause began: pauses that overlap or touch are one, so it may begin with a closed one."""
    since = min((begin for begin, end in stops if end is None), default=None)
    while since is not None:
        earlier = [begin for begin, end in stops if end is not None and begin < since <= end]
        if not earlier:
            break
        since = min(earlier)
    return since


def slow_minutes(
    minutes: int, start: datetime, stops: list[Pause], worktime: WorkTime, working: bool
) -> datetime | None:
    """A minute counts when it is not paused and, for working hours, when the office is at work."""
    moment, ever = start, open_since(stops)
    while minutes:
        if ever is not None and moment >= ever:
            return None
        local = moment.astimezone(EAST8)
        inside = any(begin <= local.time() < end for begin, end in worktime.hours)
        if not stopped(moment, stops) and (not working or (inside and works(local.date(), dict(worktime.days_off)))):
            minutes -= 1
        moment += MINUTE
    return moment


def slow_days(
    amount: int, start: datetime, stops: list[Pause], working: bool
) -> tuple[datetime | None, list[date], list[date]]:
    """Due, days counted, days not counted; each day judged by all of its minutes."""
    day, ever = start.astimezone(EAST8).date(), open_since(stops)
    counted: list[date] = []
    skipped: list[date] = []
    while len(counted) < amount:
        day += DAY
        midnight = datetime(day.year, day.month, day.day, tzinfo=EAST8)
        if ever is not None and ever < midnight + DAY:
            return None, counted, [*skipped, day]
        paused = any(stopped(midnight + MINUTE * number, stops) for number in range(1440))
        is_last = len(counted) == amount - 1
        if paused or ((working or is_last) and not works(day, {})):
            skipped.append(day)
        else:
            counted.append(day)
    return datetime(day.year, day.month, day.day, tzinfo=EAST8) + DAY, counted, skipped


def latest(due: datetime | None) -> datetime:
    """An open limit lies after all others."""
    return due if due is not None else datetime.max.replace(tzinfo=UTC)


def test_there_are_calendars_to_count_with() -> None:
    assert sorted(NOTICES) == list(range(min(NOTICES), max(NOTICES) + 1))
    assert len(NOTICES) >= 3


@settings(max_examples=80, deadline=None)
@given(st.data(), STARTS, st.sampled_from([*CLOCK, Unit.WORKING_HOURS, Unit.WORKING_HOURS]), AMOUNTS)
def test_minutes_and_hours_agree_with_the_slow_count(
    data: st.DataObject, start: datetime, unit: Unit, amount: int
) -> None:
    stops = data.draw(pauses(start, may_be_open=True))
    closed = {start.date() + DAY * number: "停电检修" for number in data.draw(st.sets(st.integers(0, 6), max_size=2))}
    worktime = made(data.draw(st.sampled_from(HOURS)), closed)
    minutes = amount if unit is Unit.CLOCK_MINUTES else amount * 60
    found = compute(unit, amount, start, worktime, stops)
    assert found.due == slow_minutes(minutes, start, stops, worktime, unit is Unit.WORKING_HOURS)
    assert (found.counted, found.skipped) == ((), ())


@settings(max_examples=50, deadline=None)
@given(st.data(), STARTS, st.sampled_from(DAYS), st.integers(1, 12))
def test_days_agree_with_the_slow_count(data: st.DataObject, start: datetime, unit: Unit, amount: int) -> None:
    stops = data.draw(pauses(start, may_be_open=True))
    found = compute(unit, amount, start, WORKTIME, stops)
    due, counted, skipped = slow_days(amount, start, stops, unit is Unit.WORKING_DAYS)
    assert found.due == due
    assert list(found.counted) == counted
    assert [item.date for item in found.skipped] == skipped
    assert all(item.why for item in found.skipped)


@settings(max_examples=200, deadline=None)
@given(st.data(), STARTS, UNITS, AMOUNTS)
def test_a_pause_never_makes_a_deadline_earlier(data: st.DataObject, start: datetime, unit: Unit, amount: int) -> None:
    stops = data.draw(pauses(start, may_be_open=True))
    begin = start + MINUTE * data.draw(st.integers(-3000, 20_000))
    end = data.draw(st.one_of(st.none(), st.integers(0, 9000).map(lambda minutes: begin + MINUTE * minutes)))
    fewer, more = (compute(unit, amount, start, WORKTIME, some).due for some in (stops, [*stops, (begin, end)]))
    assert latest(more) >= latest(fewer)


@settings(max_examples=200, deadline=None)
@given(st.data(), STARTS, UNITS, AMOUNTS, st.integers(0, 5000), st.integers(0, 5))
def test_a_later_start_or_a_larger_amount_is_never_due_earlier(
    data: st.DataObject, start: datetime, unit: Unit, amount: int, minutes: int, more: int
) -> None:
    stops = data.draw(pauses(start, may_be_open=True))
    one = compute(unit, amount, start, WORKTIME, stops).due
    assert latest(compute(unit, amount, start + MINUTE * minutes, WORKTIME, stops).due) >= latest(one)
    assert latest(compute(unit, amount + more, start, WORKTIME, stops).due) >= latest(one)


@settings(max_examples=150, deadline=None)
@given(st.data(), STARTS, UNITS, AMOUNTS, st.integers(0, 5000), st.booleans())
def test_what_lies_before_the_start_or_after_the_due_moment_changes_nothing(
    data: st.DataObject, start: datetime, unit: Unit, amount: int, minutes: int, ever: bool
) -> None:
    stops = data.draw(pauses(start))
    plain = compute(unit, amount, start, WORKTIME, stops)
    assert plain.due is not None
    after = plain.due + MINUTE * minutes
    around: list[Pause] = [(start - DAY * 9, start), *stops, (after, None if ever else after + DAY)]
    found = compute(unit, amount, start, WORKTIME, around)
    assert (found.due, found.counted, found.skipped) == (plain.due, plain.counted, plain.skipped)


@settings(max_examples=100, deadline=None)
@given(st.data(), STARTS, UNITS, AMOUNTS)
def test_pauses_count_by_what_they_cover_not_by_how_they_are_written(
    data: st.DataObject, start: datetime, unit: Unit, amount: int
) -> None:
    stops = data.draw(pauses(start))
    pieces: list[Pause] = []
    for begin, end in stops:
        assert end is not None
        middle = begin + (end - begin) // 2
        pieces += [(middle, end), (begin, middle), (begin, end)]
    shuffled = data.draw(st.permutations(pieces))
    assert compute(unit, amount, start, WORKTIME, shuffled) == compute(unit, amount, start, WORKTIME, stops)


@settings(max_examples=100, deadline=None)
@given(STARTS, UNITS, AMOUNTS, st.integers(-12 * 60, 14 * 60))
def test_the_offset_in_which_a_start_is_written_does_not_matter(
    start: datetime, unit: Unit, amount: int, minutes: int
) -> None:
    moved = start.astimezone(timezone(MINUTE * minutes))
    found = compute(unit, amount, moved, WORKTIME)
    assert found == compute(unit, amount, start, WORKTIME)
    assert found.due is not None
    assert found.due > start
    assert found.due.tzinfo is UTC


@settings(max_examples=60, deadline=None)
@given(STARTS, st.sampled_from(CLOCK), st.integers(2, 300), st.data())
def test_by_the_clock_a_pause_inside_the_limit_adds_its_own_length(
    start: datetime, unit: Unit, amount: int, data: st.DataObject
) -> None:
    plain = compute(unit, amount, start, WorkTime({})).due
    assert plain is not None
    begin = start + (plain - start) * data.draw(st.floats(0, 0.999))
    length = MINUTE * data.draw(st.integers(0, 100_000))
    found = compute(unit, amount, start, WorkTime({}), [(begin, begin + length)]).due
    assert found == plain + length


@settings(max_examples=60, deadline=None)
@given(UNITS, AMOUNTS, st.integers(0, 3 * 1440), st.integers(0, 5 * 1440))
def test_at_the_end_of_the_calendars_a_limit_is_counted_or_the_missing_file_is_named(
    unit: Unit, amount: int, minutes: int, later: int
) -> None:
    year = max(NOTICES) + 1
    new_year = datetime(year, 1, 1, tzinfo=EAST8)
    start = new_year - MINUTE * (minutes + 1)
    ever = start + MINUTE * later
    tries: list[list[Pause]] = [[], [(ever, None)]]
    for stops in tries:
        missing = None
        try:
            due = compute(unit, amount, start, WORKTIME, stops).due
        except MissingCalendar as error:
            missing, due = error.year, None
        if missing is None:
            assert unit in CLOCK or due is None or due <= new_year
        else:
            assert (missing, unit in CLOCK) == (year, False)
            assert not stops or ever > new_year
