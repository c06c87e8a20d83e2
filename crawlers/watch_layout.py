"""A page whose layout changed: rows without what rows of this source always had.

Compared are the newest runs (the last one, the last two, … of one day) with all before. A field is lost where at most
half as many rows have it as used to, and so many without it would come by chance once in a hundred thousand times
(binomial; the share that used to lack it is taken as 2 % at least). Three rows can be enough for a field that every
row had; one that often lacks needs more. A text shrank where the median is a third of what it was.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crawlers.run_log import Run
from crawlers.tally import FIELDS
from crawlers.watch_learn import quantile

FEWEST_BEFORE = 30
"""Rows that must have been seen before anything can be missed."""
CHANCE = 1e-5
_LEAST_LACK = 0.02
_RECENT = timedelta(hours=24)
_SHRUNK = 3.0
_FEWEST_LENGTHS = 5


@dataclass(frozen=True, slots=True)
class Lost:
    """What the newest rows lack. ``field`` is one of the tally's, or ``length`` (median characters)."""

    field: str
    before: float
    now: float
    rows: int


class _Part:
    """Runs of one side of the comparison, as sums: the other side's runs come over one by one."""

    def __init__(self, runs: Sequence[Run] = ()) -> None:
        self.rows = sum(run.rows for run in runs)
        self.having = {name: sum(run.having.get(name, 0) for run in runs) for name in FIELDS}
        self.lengths = sorted(run.length for run in runs if run.length is not None)

    def take(self, run: Run, from_: _Part) -> None:
        """A run leaves the other part and belongs to this one."""
        for part, sign in ((self, 1), (from_, -1)):
            part.rows += sign * run.rows
            for name in FIELDS:
                part.having[name] += sign * run.having.get(name, 0)
        if run.length is not None:
            del from_.lengths[bisect_left(from_.lengths, run.length)]
            insort(self.lengths, run.length)


def layout_changes(runs: Sequence[Run]) -> list[Lost]:
    """What got lost; empty where the pages are as they were or there is too little history to tell."""
    told = [run for run in runs if run.rows]
    before, recent = _Part(told), _Part()
    found: dict[str, Lost] = {}
    for run in reversed(told):
        if told[-1].at - run.at > _RECENT:
            break
        recent.take(run, before)
        if before.rows < FEWEST_BEFORE:
            break
        for lost in (*_fields(before, recent), *_length(before, recent)):
            found.setdefault(lost.field, lost)
    return list(found.values())


def _fields(before: _Part, recent: _Part) -> Iterator[Lost]:
    for name in FIELDS:
        old, having = before.having[name], recent.having[name]
        lack = max(_LEAST_LACK, (before.rows - old + 0.5) / (before.rows + 1))
        half = old / before.rows / 2
        if having / recent.rows <= half and _at_least(recent.rows - having, recent.rows, lack) < CHANCE:
            yield Lost(name, old / before.rows, having / recent.rows, recent.rows)


def _at_least(number: int, of: int, share: float) -> float:
    """The chance that ``number`` or more of ``of`` lack what a share of all lacks."""
    if share >= 1:
        return 1.0
    logs = (
        math.lgamma(of + 1)
        - math.lgamma(k + 1)
        - math.lgamma(of - k + 1)
        + k * math.log(share)
        + (of - k) * math.log1p(-share)
        for k in range(number, of + 1)
    )
    return math.fsum(map(math.exp, logs))


def _length(before: _Part, recent: _Part) -> Iterator[Lost]:
    rows = recent.having.get("text", 0)
    if len(before.lengths) < _FEWEST_LENGTHS or not recent.lengths or rows < _FEWEST_LENGTHS:
        return
    usual, shown = quantile(before.lengths, 0.5), quantile(recent.lengths, 0.5)
    if shown < usual / _SHRUNK and shown < quantile(before.lengths, 0.02):
        yield Lost("length", usual, shown, rows)
