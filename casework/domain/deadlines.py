"""Deadline rules as dated data with their clause, and the due moment of a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.domain.counting import Count, Pause, Skipped, by_clock, by_days, by_working_hours, unite
from casework.domain.errors import DomainError
from casework.domain.matching import Conditions
from casework.domain.times import SHANGHAI
from casework.domain.worktime import WorkTime

__all__ = [
    "STARTS",
    "DeadlineRule",
    "Due",
    "Extension",
    "Pause",
    "RuleValue",
    "Skipped",
    "Unit",
    "clock_state",
    "compute",
    "extended_at_most",
    "unite",
]


class Unit(StrEnum):
    """How a limit is counted: a field, never inferred from the word 日 (信访工作条例 第二十三条 uses both kinds)."""

    CLOCK_MINUTES = "clock_minutes"
    CLOCK_HOURS = "clock_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


STARTS = ("occurred", "published", "discovered", "flagged", "assigned", "signed", "received", "level_set")
"""Moments from which a limit may run."""


@dataclass(frozen=True, slots=True)
class RuleValue:
    """The amount in force since a date (Shanghai) until the next value or the last day ``until``, with its clause."""

    since: date
    amount: int
    reference: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a limit may be extended: ``times``, each by at most ``amount`` of its unit (0: not at all)."""

    amount: int
    times: int
    reference: str


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A duty with its limit.

    ``basis``: ``clause``, or ``office`` for the office's own, which is never shown as law. ``met_by``: happenings that
    fulfil it. ``per_message``: owed to each message's author. ``pausable``: a pause stops it. ``optional``: applies
    only where a person says so. ``trust``: how well the source is known (A, B).
    ``extension``: see ``extension_of``.
    """

    id: str
    title: str
    duty: str
    unit: Unit
    starts: str
    values: tuple[RuleValue, ...]
    applies: Conditions = field(default_factory=Conditions)
    basis: str = "clause"
    per_message: bool = False
    pausable: bool = False
    met_by: tuple[str, ...] = ()
    ladder: str = "default"
    trust: str | None = None
    note: str | None = None
    optional: bool = False
    extension: Extension | None = None

    def extension_of(self, value: RuleValue) -> Extension:
        """How far the limit may be extended: as the rule says; else the office's own once by as much again, a clause
        that says nothing of an extension not at all.
        """
        if self.extension is not None:
            return self.extension
        own = self.basis == "office"
        return Extension(value.amount if own else 0, 1 if own else 0, value.reference)

    def value_on(self, day: date) -> RuleValue | None:
        """The value in force on a Shanghai date; None before the first and after one that has ended."""
        begun = [value for value in self.values if value.since <= day]
        latest = max(begun, key=lambda value: value.since, default=None)
        ended = latest is not None and latest.until is not None and latest.until < day
        return None if ended else latest


@dataclass(frozen=True, slots=True)
class Due:
    """The outcome of a count: the first instant that is late (None: paused), the days, the united pauses."""

    due: datetime | None
    counted: tuple[date, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    paused: tuple[Pause, ...] = ()


def compute(
    unit: Unit,
    amount: int,
    start: datetime,
    worktime: WorkTime,
    pauses: Sequence[Pause] = (),
    now: datetime | None = None,
) -> Due:
    """The first instant, in UTC, at which a limit of ``amount`` ``unit`` from ``start`` is over.

    What is paused before the start or after the due moment changes nothing. ``now`` only tells how far the days of
    an open pause are named. Raises DomainError for an amount below 1 or too large, a moment without offset and a pause
    that ends before it begins; MissingCalendar for a year whose notice is needed and not there.
    """
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
        raise DomainError(f"the amount must be a whole number of at least 1, found {amount!r}")
    if any(
        moment is not None and moment.tzinfo is None for moment in (start, *(end for pause in pauses for end in pause))
    ):
        raise DomainError("a moment without offset cannot be counted from")
    united = unite(pauses)
    try:
        found = _counted(Unit(unit), amount, start, worktime, united, now)
        due = found.due.astimezone(UTC) if found.due is not None else None
        if due is not None:
            # A moment that cannot be shown in +08:00 is no answer either.
            due.astimezone(SHANGHAI)
    except OverflowError:
        raise DomainError(f"{_few_digits(amount)} {unit} from {start.isoformat()} lie outside the calendar") from None
    return Due(due, found.counted, found.skipped, united)


def extended_at_most(unit: Unit, amount: int, due: datetime, worktime: WorkTime) -> datetime:
    """The last moment to which a limit that is over at ``due`` may be moved by ``amount``: the first that is late.

    The days of an extension are counted from the day after the last day of the limit, by the same rules.
    """
    days = unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
    moment = compute(unit, amount, due - timedelta(microseconds=1) if days else due, worktime).due
    assert moment is not None  # no pause was given
    return moment


def _few_digits(amount: int) -> str:
    """``amount`` as it can be shown: Python refuses to write numbers of thousands of digits."""
    return str(amount) if amount < 10**30 else "more than 10^30"


def _counted(
    unit: Unit, amount: int, start: datetime, worktime: WorkTime, pauses: Sequence[Pause], now: datetime | None
) -> Count:
    if unit is Unit.CLOCK_MINUTES:
        return by_clock(timedelta(minutes=amount), start, pauses)
    if unit is Unit.CLOCK_HOURS:
        return by_clock(timedelta(hours=amount), start, pauses)
    if unit is Unit.WORKING_HOURS:
        return by_working_hours(timedelta(hours=amount), start, worktime, pauses)
    return by_days(amount, start, worktime, pauses, unit is Unit.WORKING_DAYS, now)


def clock_state(due: datetime | None, met_at: datetime | None, paused_open: bool, now: datetime) -> str:
    """``running``, ``paused``, ``met`` or ``missed`` at ``now``; due is the first instant that is late."""
    if met_at is not None and (due is None or met_at < due):
        return "met"
    if due is None or paused_open:
        return "paused"
    return "missed" if met_at is not None or now >= due else "running"
