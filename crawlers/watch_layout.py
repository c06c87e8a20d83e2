"""A page whose layout changed: rows without what rows of this source always had.

Compared are the newest runs (the last one, the last two, … of one day) with all before. A field is lost where at most
half as many rows have it as used to, and so many without it would come by chance once in a hundred thousand times
(binomial; the share that used to lack it is taken as 2 % at least). Three rows can be enough for a field that every
row had; one that often lacks needs more. A text shrank where the median is a third of what it was.
"""

from __future__ import annotations

import math
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


def layout_changes(runs: Sequence[Run]) -> list[Lost]:
    """What got lost; empty where the pages are as they were or there is too little history to tell."""
    told = [run for run in runs if run.rows]
    if not told:
        return []
    newest = [run for run in told if told[-1].at - run.at <= _RECENT]
    found: dict[str, Lost] = {}
    for number in range(1, len(newest) + 1):
        before, recent = told[:-number], told[-number:]
        if sum(run.rows for run in before) < FEWEST_BEFORE:
            break
        for lost in (*_fields(before, recent), *_length(before, recent)):
            found.setdefault(lost.field, lost)
    return list(found.values())


def _fields(before: Sequence[Run], recent: Sequence[Run]) -> Iterator[Lost]:
    old_rows, rows = sum(run.rows for run in before), sum(run.rows for run in recent)
    for name in FIELDS:
        old, having = (sum(run.having.get(name, 0) for run in part) for part in (before, recent))
        lack = max(_LEAST_LACK, (old_rows - old + 0.5) / (old_rows + 1))
        if having / rows <= old / old_rows / 2 and _at_least(rows - having, rows, lack) < CHANCE:
            yield Lost(name, old / old_rows, having / rows, rows)


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


def _length(before: Sequence[Run], recent: Sequence[Run]) -> Iterator[Lost]:
    old = sorted(run.length for run in before if run.length is not None)
    new = sorted(run.length for run in recent if run.length is not None)
    rows = sum(run.having.get("text", 0) for run in recent)
    if len(old) < _FEWEST_LENGTHS or not new or rows < _FEWEST_LENGTHS:
        return
    usual, shown = quantile(old, 0.5), quantile(new, 0.5)
    if shown < usual / _SHRUNK and shown < quantile(old, 0.02):
        yield Lost("length", usual, shown, rows)
