"""Which rungs of the ladders of a case are still to be taken, and when: from its clocks, history, acknowledgements.

A rung is taken once for one moment. Where a limit moved (extension, pause, another start) its rungs have new moments
and are taken again, save those that had been taken and whose new moment was past already when the limit moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from casework.domain.clock import Clock
from casework.domain.escalation import HELD, KINDS, Moment
from casework.domain.happenings import Happening
from casework.domain.times import parse_time, store_time

NEVER = datetime.min.replace(tzinfo=UTC)
"""The moment of a rung that was taken before its time."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who has the alarms of a case in hand, from when until when; a ladder waits for it, see ``held``."""

    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung that was not taken: of which clock, when by its ladder, when in fact, and how often it was taken for
    other moments.
    """

    clock: Clock
    moment: Moment
    at: datetime
    taken: int = 0

    @property
    def order(self) -> tuple[datetime, datetime, int, str, str]:
        """Rungs are taken in this order, whenever the sweep comes."""
        return self.at, self.moment.at, KINDS.index(self.moment.kind), self.clock.key, self.moment.step


def pending(clocks: Iterable[Clock], history: Sequence[Happening], acknowledged: Sequence[Acknowledged]) -> list[Rung]:
    """The rungs of running clocks that are still to be taken, in their order."""
    done = taken(history)
    found = []
    for clock in clocks:
        for moment in clock.moments:
            before = done.get((clock.key, moment.step), [])
            if before and (moment.at in before or moment.at <= _counted_at(clock.key, history)):
                continue
            at = held(moment, clock.rule.ladder.hold_minutes, acknowledged)
            found.append(Rung(clock, moment, at, len(before)))
    return sorted(found, key=lambda rung: rung.order)


def taken(history: Sequence[Happening]) -> dict[tuple[str, str], list[datetime]]:
    """(clock key, rung) → the moments for which it was taken, here or in a case that this one took over."""
    found: dict[tuple[str, str], list[datetime]] = {}
    early = _dated_ahead(history)
    for index, entry in enumerate(history):
        if entry.what in KINDS:
            at = parse_time(entry.data["moment"]) if "moment" in entry.data else entry.at
            # Taken by a sweep that was dated ahead, for a moment that had not come: its own is still to be taken.
            at = NEVER if index in early and at > early[index] else at
            found.setdefault((entry.data["clock"], entry.data["step"]), []).append(at)
        elif entry.what in ("absorbed", "taken"):
            for key, step, at in entry.data.get("taken", ()):
                found.setdefault((key, step), []).append(parse_time(at))
    return found


def _dated_ahead(history: Sequence[Happening]) -> dict[int, datetime]:
    """Places of entries that were put right by ``redated``, with the moment at which that was done."""
    found: dict[int, datetime] = {}
    for index, entry in enumerate(history):
        if entry.what == "redated":
            found.update(dict.fromkeys(range(entry.data["from"], index), entry.at))
    return found


def handed_on(clock: str, history: Sequence[Happening], untold: frozenset[str]) -> list[tuple[str, datetime]]:
    """The rungs of a clock that need not be taken again by the case that takes it over: (rung, moment).

    ``untold`` are keys of notices that nobody got yet: they end with the case, so their rungs are taken once more.
    """
    lost = {
        (entry.data["step"], entry.data.get("moment"))
        for entry in history
        if entry.what in KINDS and any(notice["key"] in untold for notice in entry.data.get("notices", ()))
    }
    return [
        (step, at)
        for (key, step), moments in taken(history).items()
        for at in moments
        if key == clock and (step, store_time(at)) not in lost
    ]


def held(moment: Moment, hold_minutes: int, acknowledged: Sequence[Acknowledged]) -> datetime:
    """When a rung is taken: at its moment, or, where the alarms were acknowledged before it, when that ends.

    A limit that ends is marked at its own moment, whoever acknowledged what. ``hold_minutes`` is the longest that a
    rung waits, however often somebody acknowledges.
    """
    at = moment.at
    if moment.kind in HELD:
        last = moment.at + timedelta(minutes=hold_minutes)
        for one in acknowledged:
            if one.at < at < one.until:
                at = min(one.until, last)
    return at


def _counted_at(key: str, history: Sequence[Happening]) -> datetime:
    """When the clock got its present due moment: the last entry that carries it."""
    for entry in reversed(history):
        if any(value["key"] == key for value in entry.data.get("clocks", ())):
            return entry.at
    return history[0].at
