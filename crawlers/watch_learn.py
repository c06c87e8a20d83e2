"""What a source's own history lets expect at an hour of the week: rows a run, and how long it may be silent.

Learned in three steps, each shrunk towards the one before by how much history there is: what ``source.yml`` says;
all hours; the part of the day (a quarter, working day or day off); the hour of the week. A holiday counts as a Sunday
and a make-up working day as a Friday, where the office's calendar is given.

Rows a run: Tukey's fences (the quartiles, 1.5 times their distance beyond) on logarithms, so that a quarter of the
runs may be wrong without effect; never narrower than from half to double.

Silence: runs that bring something new are events of a rate by hour of the week. A silence is as long as the number of
events that it should have held; ``LIMIT`` such events without one is a chance of one in ten thousand where they come
independently. Where they come in bursts the source's own gaps show it, and the limit is twice their 95th percentile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from casework.domain.times import SHANGHAI
from crawlers.run_log import Run

WEEK = 168
LIMIT = -math.log(1e-4)
ENOUGH_GAPS = 20
TRUST_RUNS = 8.0
"""Runs of history that weigh as much as the step before."""
FEWEST_RUNS = 12
"""Quartiles of fewer say little."""
TRUST_HOURS = 24.0
"""Hours under watch that weigh as much as the step before; for a single hour of the week a third."""
HOLE = timedelta(hours=6)
"""Between runs further apart than this (or than twice the rhythm) nobody knows when something came."""
HOUR = timedelta(hours=1)
LONGEST = 24 * 90
_NARROWEST = math.log(2)
DayOff = Callable[[date], bool | None]
"""Whether a day is off by the office's calendar; None where it does not know."""


def unknown(_: date) -> bool | None:
    """A calendar that knows nothing: weekdays alone decide."""
    return None


def hour_of_week(moment: datetime, off: DayOff = unknown) -> int:
    """0 (Monday 00:00) to 167, in China's time."""
    return _cell(int(moment.timestamp() // 3600), off)


@lru_cache(maxsize=1 << 15)
def _cell(hour: int, off: DayOff) -> int:
    # By the hour, since a history holds many moments of each; China's time is whole hours from UTC.
    local = datetime.fromtimestamp(hour * 3600, SHANGHAI)
    day, is_off = local.weekday(), off(local.date())
    if is_off is True and day < 5:
        day = 6
    elif is_off is False and day >= 5:
        day = 4
    return day * 24 + local.hour


def part_of_day(cell: int) -> int:
    """0–3 the quarters of a working day, 4–7 those of a day off."""
    return (cell % 24) // 6 + 4 * (cell >= 120)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of values in ascending order, at least one."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def rows_expected(runs: Sequence[Run], at: datetime, least: int, most: int, off: DayOff = unknown) -> tuple[int, int]:
    """The smallest and the largest number of rows that a healthy run reads at this hour of the week."""
    cell = hour_of_week(at, off)
    usual = [(hour_of_week(run.at, off), math.log1p(run.read)) for run in runs if run.done and not run.whole]
    steps = (
        [rows for _, rows in usual],
        [rows for held, rows in usual if part_of_day(held) == part_of_day(cell)],
        [rows for held, rows in usual if held == cell],
    )
    low, high = math.log1p(least), math.log1p(most)
    for rows in steps:
        if len(rows) < FEWEST_RUNS:
            continue
        trust = len(rows) / (len(rows) + TRUST_RUNS)
        lower, upper = _fences(sorted(rows))
        low, high = low + trust * (lower - low), high + trust * (upper - high)
    return max(0, math.floor(math.expm1(low))), math.ceil(math.expm1(high))


def _fences(ordered: Sequence[float]) -> tuple[float, float]:
    first, third = quantile(ordered, 0.25), quantile(ordered, 0.75)
    beyond = max(1.5 * (third - first), _NARROWEST)
    return first - beyond, third + beyond


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source brings news: ``rates`` in events an hour by hour of the week, and the events that it may miss."""

    rates: tuple[float, ...]
    limit: float
    off: DayOff = unknown

    def longest_silence(self, until: datetime) -> timedelta:
        """How long the source may have brought nothing by ``until``."""
        missed, hours = 0.0, 0
        while hours < LONGEST:
            rate = self.rates[hour_of_week(until - hours * HOUR - HOUR / 2, self.off)]
            if missed + rate >= self.limit:
                return (hours + (self.limit - missed) / rate) * HOUR
            missed += rate
            hours += 1
        return LONGEST * HOUR


def learn_rhythm(runs: Sequence[Run], silence_hours: float, rhythm: timedelta, off: DayOff = unknown) -> Rhythm:
    """The rhythm of a source; without history it may be silent for ``silence_hours`` at any hour."""
    watched, events = [0.0] * WEEK, [0.0] * WEEK
    spans = list(_spans(runs, rhythm))
    for start, run in spans:
        for cell, hours in _hours(start, run.at, off):
            watched[cell] += hours
        events[hour_of_week(run.at, off)] += run.new > 0
    rate = _shrunk(sum(events), sum(watched), LIMIT / silence_hours)
    parts = []
    for number in range(8):
        cells = [cell for cell in range(WEEK) if part_of_day(cell) == number]
        parts.append(_shrunk(sum(events[cell] for cell in cells), sum(watched[cell] for cell in cells), rate))
    trust = TRUST_HOURS / 3
    rates = tuple(_shrunk(events[cell], watched[cell], parts[part_of_day(cell)], trust) for cell in range(WEEK))
    return Rhythm(rates, _limit(spans, rates, off), off)


def _shrunk(events: float, hours: float, before: float, trust: float = TRUST_HOURS) -> float:
    return (events + before * trust) / (hours + trust)


def _spans(runs: Sequence[Run], rhythm: timedelta) -> Iterator[tuple[datetime, Run]]:
    """Runs that came to their end, each with the moment from which it tells what is new."""
    longest = max(HOLE, 2 * rhythm)
    for before, run in pairwise(run for run in runs if run.done):
        if run.at - before.at <= longest and not run.full:
            yield before.at, run


def _hours(start: datetime, end: datetime, off: DayOff) -> Iterator[tuple[int, float]]:
    """The hours of the week between two moments, each with the part of an hour that lies in it."""
    while start < end:
        border = min(end, start.replace(minute=0, second=0, microsecond=0) + HOUR)
        yield hour_of_week(start, off), (border - start) / HOUR
        start = border


def _limit(spans: Sequence[tuple[datetime, Run]], rates: Sequence[float], off: DayOff) -> float:
    gaps: list[float] = []
    missed, last = 0.0, None
    for start, run in spans:
        # After a hole the length of the gap is not known.
        missed = missed if start == last else math.nan
        missed += sum(rates[cell] * hours for cell, hours in _hours(start, run.at, off))
        last = run.at
        if run.new:
            gaps.append(missed)
            missed = 0.0
    known = sorted(gap for gap in gaps if not math.isnan(gap))
    return max(LIMIT, 2 * quantile(known, 0.95)) if len(known) >= ENOUGH_GAPS else LIMIT
