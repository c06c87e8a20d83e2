"""Deadline rules as dated data, and the counting of a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casework.domain.errors import DomainError
from casework.domain.matching import Conditions
from casework.domain.times import SHANGHAI
from casework.domain.worktime import WorkTime

Pause = tuple[datetime, datetime | None]


class Unit(StrEnum):
    """How a limit is counted."""

    CLOCK_MINUTES = "clock_minutes"
    CLOCK_HOURS = "clock_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


STARTS = ("occurred", "published", "discovered", "flagged", "assigned", "signed", "received", "level_set")


@dataclass(frozen=True)
class RuleValue:
    """The value in force since a date, with its clause."""

    since: date
    amount: int
    reference: str


@dataclass(frozen=True)
class DeadlineRule:
    """A duty with its limit."""

    id: str
    title: str
    duty: str
    unit: Unit
    starts: str
    values: tuple[RuleValue, ...]
    applies: Conditions = Conditions()
    basis: str = "clause"
    per_message: bool = False
    pausable: bool = False
    met_by: tuple[str, ...] = ()
    ladder: str = "default"
    trust: str | None = None
    note: str | None = None
    optional: bool = False

    def value_on(self, day: date) -> RuleValue | None:
        """The value in force on a Shanghai date."""
        found = [value for value in self.values if value.since <= day]
        return max(found, key=lambda value: value.since, default=None)


@dataclass(frozen=True)
class Skipped:
    """A day that was not counted."""

    date: date
    why: str


@dataclass(frozen=True)
class Due:
    """The outcome of a count."""

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
    """The first instant at which the matter is late (interim: pauses are not counted yet)."""
    if amount < 1:
        raise DomainError("amount must be a whole number of at least 1")
    if any(end is None for _, end in pauses):
        return Due(None, paused=tuple(pauses))
    local = start.astimezone(SHANGHAI)
    if unit in (Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS):
        return Due(start + timedelta(minutes=amount * (60 if unit is Unit.CLOCK_HOURS else 1)))
    if unit is Unit.WORKING_HOURS:
        left, day = timedelta(hours=amount), local.date()
        while True:
            if worktime.is_workday(day):
                for begin, end in worktime.hours:
                    a = max(datetime.combine(day, begin, SHANGHAI), local)
                    b = datetime.combine(day, end, SHANGHAI)
                    if b > a:
                        if b - a >= left:
                            return Due((a + left).astimezone(start.tzinfo))
                        left -= b - a
            day += timedelta(days=1)
    counted: list[date] = []
    skipped: list[Skipped] = []
    day = local.date()
    while len(counted) < amount:
        day += timedelta(days=1)
        why = worktime.why_off(day) if unit is Unit.WORKING_DAYS else ""
        if why:
            skipped.append(Skipped(day, why))
        else:
            counted.append(day)
    if unit is Unit.CALENDAR_DAYS:
        while why := worktime.why_off(day):
            skipped.append(Skipped(day, why))
            day += timedelta(days=1)
    return Due(datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI), tuple(counted), tuple(skipped))


def clock_state(due: datetime | None, met_at: datetime | None, paused_open: bool, now: datetime) -> str:
    """running, paused, met or missed."""
    if paused_open or due is None:
        return "paused"
    if met_at is not None:
        return "met" if met_at < due else "missed"
    return "missed" if now >= due else "running"
