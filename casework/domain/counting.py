"""The counting of a limit, unit by unit.

Rules: 民法典 第二百零一条 (the day it starts is not counted; hours run from the moment set) and 第二百零三条 (a last
day on a day off moves to the next working day; the last day ends at 24:00).

A pause by the clock is time that is not counted; for limits in days, a day of which any part is paused is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.domain.errors import DomainError
from casework.domain.times import SHANGHAI
from casework.domain.worktime import WorkTime

Pause = tuple[datetime, datetime | None]
"""From and to; to is None while the pause is open."""
PAUSED = "中止"
DAY = timedelta(days=1)
MOST_DAYS = 1_000_000
"""More days than any calendar reaches; a larger amount is refused before it is counted."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was not counted, and why: 春节, 周六, 中止."""

    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Count:
    """What a count gives. ``due`` None: an open pause begins before the limit is used up."""

    due: datetime | None
    counted: tuple[date, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def unite(pauses: Sequence[Pause]) -> tuple[Pause, ...]:
    """The pauses in order, those that overlap or touch made one, empty ones dropped.

    Raises DomainError where a pause ends before it begins.
    """
    united: list[Pause] = []
    for begin, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is not None and end < begin:
            raise DomainError(f"a pause ends before it begins: {begin.isoformat()}/{end.isoformat()}")
        if end == begin:
            continue
        last = united[-1] if united else None
        if last is None or (last[1] is not None and last[1] < begin):
            united.append((begin, end))
        elif last[1] is not None:
            united[-1] = (last[0], None if end is None else max(last[1], end))
    return tuple(united)


def by_clock(length: timedelta, start: datetime, pauses: Sequence[Pause]) -> Count:
    """Minutes or hours that run day and night, holidays included. ``pauses`` are united."""
    due = start + length
    for begin, end in pauses:
        if begin >= due:
            break
        if end is None:
            return Count(None)
        if end > start:
            due += end - max(begin, start)
    return Count(due)


def by_working_hours(length: timedelta, start: datetime, worktime: WorkTime, pauses: Sequence[Pause]) -> Count:
    """Hours inside the office's hours on working days; due is the instant at which the last one ends."""
    left = length
    for begin, end in _work(start, worktime):
        for piece_begin, piece_end in _unpaused(begin, end, pauses):
            if piece_end - piece_begin >= left:
                return Count(piece_begin + left)
            left -= piece_end - piece_begin
        if _open_before(pauses, end):
            return Count(None)
    raise AssertionError("working time does not end")  # a year without a calendar raises before


def by_days(amount: int, start: datetime, worktime: WorkTime, pauses: Sequence[Pause], working: bool) -> Count:
    """Calendar days or working days; the day of the start is not counted, the last ends at 24:00."""
    if amount > MOST_DAYS:
        raise DomainError(f"{amount} days are too many to count")
    counted: list[date] = []
    skipped: list[Skipped] = []
    for day in _days_after(start.astimezone(SHANGHAI).date()):
        if _open_before(pauses, _midnight(day + DAY)):
            return Count(None, tuple(counted), tuple(skipped))
        # The last of calendar days must be a working day; the others need no calendar.
        judged = working or len(counted) == amount - 1
        why = PAUSED if _touched(day, pauses) else worktime.why_off(day) if judged else ""
        if why:
            skipped.append(Skipped(day, why))
            continue
        counted.append(day)
        if len(counted) == amount:
            return Count(_midnight(day + DAY), tuple(counted), tuple(skipped))
    raise AssertionError("days do not end")  # date overflows before


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += DAY
        yield day


def _work(start: datetime, worktime: WorkTime) -> Iterator[tuple[datetime, datetime]]:
    """The office's hours from ``start`` on, one stretch after the other."""
    local = start.astimezone(SHANGHAI)
    for day in _days_after(local.date() - DAY):
        if not worktime.is_workday(day):
            continue
        for opens, closes in worktime.hours:
            begin = max(datetime.combine(day, opens, SHANGHAI), local)
            end = datetime.combine(day, closes, SHANGHAI)
            if begin < end:
                yield begin, end


def _unpaused(begin: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a stretch that no pause covers."""
    for pause_begin, pause_end in pauses:
        if pause_begin >= end:
            break
        if pause_end is not None and pause_end <= begin:
            continue
        if pause_begin > begin:
            yield begin, pause_begin
        if pause_end is None or pause_end >= end:
            return
        begin = pause_end
    if begin < end:
        yield begin, end


def _open_before(pauses: Sequence[Pause], moment: datetime) -> bool:
    return bool(pauses) and pauses[-1][1] is None and pauses[-1][0] < moment


def _touched(day: date, pauses: Sequence[Pause]) -> bool:
    begin, end = _midnight(day), _midnight(day + DAY)
    return any(a < end and (b is None or b > begin) for a, b in pauses)
