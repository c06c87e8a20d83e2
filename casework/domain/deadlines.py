"""Deadline rules as dated data with their clause, and the due moment of a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from casework.domain.counting import Count, Pause, Skipped, by_clock, by_days, by_times, by_working_hours, unite
from casework.domain.errors import DomainError
from casework.domain.matching import Conditions
from casework.domain.times import SHANGHAI
from casework.domain.worktime import WorkTime

__all__ = [
    "PAUSE_REASONS",
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
    "minutes_until",
    "unite",
]


class Unit(StrEnum):
    """How a limit is counted: a field, never inferred from the word 日 (信访工作条例 第二十三条 uses both kinds)."""

    CLOCK_MINUTES = "clock_minutes"
    CLOCK_HOURS = "clock_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


STARTS = ("occurred", "published", "discovered", "flagged", "assigned", "signed", "received", "level_set", "at_desk")
"""Moments from which a limit may run."""


PAUSE_REASONS: Mapping[str, str] = {
    "third_party": "征求第三方意见",
    "hearing": "听证",
    "supplement": "等待当事人补充材料",
    "appraisal": "检验、检测、鉴定",
    "force_majeure": "不可抗力",
    "other": "其他（写明理由）",
}
"""Kinds of reason for which a clock may be stopped, with their words; a rule names those that it allows."""


@dataclass(frozen=True, slots=True)
class RuleValue:
    """The amount in force since a date (Shanghai) until the next value or the last day ``until``, with its clause."""

    since: date
    amount: int
    reference: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a limit may be extended: ``times``, each by at most ``amount`` of its unit (0: not at all).

    ``approvers``: the roles one of which must grant it (empty: whoever may extend). ``ask_before``: it must be asked
    for at least so many of ``ask_unit`` before the due moment (0: before it; None: also afterwards).
    """

    amount: int
    times: int
    reference: str
    approvers: tuple[str, ...] = ()
    ask_before: int | None = None
    ask_unit: Unit = Unit.WORKING_DAYS

    def to_json(self) -> dict[str, Any]:
        """As stored with a frozen rule."""
        more = {"approvers": list(self.approvers), "ask_before": self.ask_before, "ask_unit": str(self.ask_unit)}
        return {"amount": self.amount, "times": self.times, "reference": self.reference, **more}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Extension:
        """Read it back; extensions frozen before 2026-11-24 name no approver and no last moment to ask."""
        unit = Unit(value.get("ask_unit", Unit.WORKING_DAYS))
        approvers = tuple(value.get("approvers", ()))
        return Extension(value["amount"], value["times"], value["reference"], approvers, value.get("ask_before"), unit)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A duty with its limit.

    ``basis``: ``clause``, or ``office`` for the office's own, which is never shown as law. ``met_by``: happenings that
    fulfil it. ``per_message``: owed to each message's author. ``pausable``: a pause stops it, for the reasons in
    ``pauses`` (of PAUSE_REASONS; empty: for any). ``optional``: applies only where a person says so. ``trust``: how
    well the source is known (A, B). ``times``: due at the next of these times of day (+08:00), and again at the one
    after it. ``again``: starts anew with every assignment. ``extension``: see ``extension_of``.
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
    pauses: tuple[str, ...] = ()
    times: tuple[time, ...] = ()
    again: bool = False

    def extension_of(self, value: RuleValue) -> Extension:
        """How far the limit may be extended: as the rule says; else the office's own once by as much again, a clause
        that says nothing of an extension not at all.
        """
        if self.extension is not None:
            return self.extension
        own = self.basis == "office" and not self.times
        return Extension(value.amount if own else 0, 1 if own else 0, value.reference, ask_before=0)

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
    times: Sequence[time] = (),
) -> Due:
    """The first instant, in UTC, at which a limit of ``amount`` ``unit`` from ``start`` is over.

    With ``times`` it is the first of these times of day after ``start``, which no pause moves; ``amount`` is then only
    how long the limit can be at most. What is paused before the start or after the due moment changes nothing. ``now``
    only tells how far the days of an open pause are named. Raises DomainError for an amount below 1 or too large, a
    moment without offset and a pause that ends before it begins; MissingCalendar for a year whose notice is needed and
    not there.
    """
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
        raise DomainError(f"the amount must be a whole number of at least 1, found {amount!r}")
    if any(
        moment is not None and moment.tzinfo is None for moment in (start, *(end for pause in pauses for end in pause))
    ):
        raise DomainError("a moment without offset cannot be counted from")
    united = unite(pauses)
    try:
        found = by_times(times, start) if times else _counted(Unit(unit), amount, start, worktime, united, now)
        due = found.due.astimezone(UTC) if found.due is not None else None
        if due is not None:
            # A moment that cannot be shown in +08:00 is no answer either.
            due.astimezone(SHANGHAI)
    except OverflowError:
        raise DomainError(f"{_few_digits(amount)} {unit} from {start.isoformat()} lie outside the calendar") from None
    return Due(due, found.counted, found.skipped, united)


def minutes_until(start: datetime, due: datetime) -> int:
    """The whole minutes from ``start`` to ``due``, begun ones counted: the amount of a limit by times of day."""
    return -((start - due) // timedelta(minutes=1))


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
