"""The count of a limit written out day by day: what of each day was counted, and why nothing of it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.domain.counting import DAY, PAUSED, Pause, touched, unpaused, working_hours
from casework.domain.deadlines import Due, Unit
from casework.domain.times import SHANGHAI
from casework.domain.worktime import WorkTime

Stretch = tuple[datetime, datetime]
MOST_LINES = 400
"""Days written out of a limit by the clock; a longer one is told by its first days."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day (+08:00). ``stretches``: what was counted of it, () where the whole day is; ``why``: why it was not."""

    date: date
    stretches: tuple[Stretch, ...] = ()
    why: str = ""


def ledger(unit: Unit, start: datetime, found: Due, worktime: WorkTime, times: bool = False) -> list[Line]:
    """The days of a limit from ``start`` as ``compute`` found it, in order; of an open pause up to where it begins.

    ``times``: the limit ends at a time of day, so what passes until then is counted whole.
    """
    if unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS):
        days = [Line(day) for day in found.counted] + [Line(item.date, (), item.why) for item in found.skipped]
        return sorted(days, key=lambda line: line.date)
    end = found.due if found.due is not None else found.paused[-1][0]
    pauses = () if times else found.paused
    counted = _hours(start, end, worktime, pauses) if unit is Unit.WORKING_HOURS else unpaused(start, end, pauses)
    by_day: dict[date, list[Stretch]] = {}
    for stretch in counted:
        for begin, finish in _cut_at_midnight(stretch):
            by_day.setdefault(begin.date(), []).append((begin, finish))
    lines = []
    for day in _days(start, end):
        why = "" if day in by_day else _why(day, unit, worktime, pauses)
        lines.append(Line(day, tuple(by_day.get(day, ())), why))
    return lines


def _hours(start: datetime, end: datetime, worktime: WorkTime, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    for begin, finish in working_hours(start, worktime, end):
        yield from unpaused(begin, min(finish, end), pauses)


def _cut_at_midnight(stretch: Stretch) -> Iterator[Stretch]:
    begin, end = (moment.astimezone(SHANGHAI) for moment in stretch)
    while begin < end:
        midnight = datetime(begin.year, begin.month, begin.day, tzinfo=SHANGHAI) + DAY
        yield begin, min(end, midnight)
        begin = midnight


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """The days from ``start`` to before ``end``, MOST_LINES at most."""
    first = start.astimezone(SHANGHAI).date()
    last = max(first, (end.astimezone(SHANGHAI) - timedelta(microseconds=1)).date())
    return (first + DAY * number for number in range(min((last - first).days + 1, MOST_LINES)))


def _why(day: date, unit: Unit, worktime: WorkTime, pauses: Sequence[Pause]) -> str:
    """Why nothing of a day was counted: off, paused, or no working hour left of it."""
    off = worktime.why_off(day) if unit is Unit.WORKING_HOURS else ""
    return off or (PAUSED if touched(day, pauses) else "办公时间已过")
