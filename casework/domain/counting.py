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
from casework.domain.times import SHANGHAI, show_time
from casework.domain.worktime import WorkTime

Pause = tuple[datetime, datetime | None]
"""From and to; to is None while the pause is open."""
PAUSED = "中止"
DAY = timedelta(days=1)
MOST_DAYS = 50_000
"""More days than any calendar reaches (1990 to 2100); a larger amount is refused before it is counted."""
REMEMBERED = 4096
"""Limits in days that a calendar remembers."""


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
            raise DomainError(f"a pause ends before it begins: {show_time(begin)}/{show_time(end)}")
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


def by_times(times: Sequence[time], start: datetime) -> Count:
    """The first of these times of day (+08:00) after ``start``: a report by 08:00 and 17:00 every day."""
    local = start.astimezone(SHANGHAI)
    days = (local.date(), local.date() + DAY)
    moments = (datetime.combine(day, at, SHANGHAI) for day in days for at in times)
    return Count(min(moment for moment in moments if moment > local))


def by_working_hours(length: timedelta, start: datetime, worktime: WorkTime, pauses: Sequence[Pause]) -> Count:
    """Hours inside the office's hours on working days; due is the instant at which the last one ends."""
    left = length
    for begin, end in working_hours(start, worktime, _open_from(pauses)):
        for piece_begin, piece_end in unpaused(begin, end, pauses):
            if piece_end - piece_begin >= left:
                return Count(piece_begin + left)
            left -= piece_end - piece_begin
    return Count(None)


def by_days(
    amount: int, start: datetime, worktime: WorkTime, pauses: Sequence[Pause], working: bool, now: datetime | None
) -> Count:
    """Calendar days or working days; the day of the start is not counted, the last ends at 24:00.

    Of an open pause the days up to ``now`` are named as not counted (without ``now``: its first day).
    """
    if amount > MOST_DAYS:
        raise DomainError(f"more than {MOST_DAYS} days cannot be counted: no calendar reaches so far")
    if pauses:
        return _by_days(amount, start, worktime, pauses, working, now)
    # Without a pause the day alone decides: the cases of one day ask for the same few limits.
    key = (amount, start.astimezone(SHANGHAI).date(), working)
    known = worktime.remembered.get(key)
    if known is None:
        if len(worktime.remembered) >= REMEMBERED:
            worktime.remembered.clear()
        known = worktime.remembered[key] = _by_days(amount, start, worktime, pauses, working, now)
    return known


def _by_days(
    amount: int, start: datetime, worktime: WorkTime, pauses: Sequence[Pause], working: bool, now: datetime | None
) -> Count:
    counted: list[date] = []
    skipped: list[Skipped] = []
    open_from = _open_from(pauses)
    for day in _days_after(start.astimezone(SHANGHAI).date()):
        if open_from is not None and open_from < _midnight(day + DAY):
            return Count(None, tuple(counted), (*skipped, *_paused_days(day, now)))
        # The last of calendar days must be a working day; the others need no calendar.
        judged = working or len(counted) == amount - 1
        why = PAUSED if touched(day, pauses) else worktime.why_off(day) if judged else ""
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


def _paused_days(day: date, now: datetime | None) -> Iterator[Skipped]:
    """The days of an open pause from ``day``, on which it begins, to that of ``now``."""
    last = day if now is None else max(day, now.astimezone(SHANGHAI).date())
    return (Skipped(day + DAY * number, PAUSED) for number in range((last - day).days + 1))


def working_hours(start: datetime, worktime: WorkTime, until: datetime | None) -> Iterator[tuple[datetime, datetime]]:
    """The office's hours from ``start`` on, one stretch after the other; none that begins at or after ``until``.

    A day on which nothing can be counted is not looked up: its year may have no calendar yet.
    """
    local = start.astimezone(SHANGHAI)
    for day in _days_after(local.date() - DAY):
        hours = [(datetime.combine(day, a, SHANGHAI), datetime.combine(day, b, SHANGHAI)) for a, b in worktime.hours]
        left = [(max(opens, local), closes) for opens, closes in sorted(hours) if closes > local]
        if left and until is not None and until <= left[0][0]:
            return
        if left and worktime.is_workday(day):
            yield from left


def unpaused(begin: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime]]:
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


def _open_from(pauses: Sequence[Pause]) -> datetime | None:
    """When the open pause began; united pauses have it last."""
    return pauses[-1][0] if pauses and pauses[-1][1] is None else None


def touched(day: date, pauses: Sequence[Pause]) -> bool:
    """Whether any part of a day is paused."""
    if not pauses:
        return False
    begin, end = _midnight(day), _midnight(day + DAY)
    return any(a < end and (b is None or b > begin) for a, b in pauses)
