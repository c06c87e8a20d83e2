"""A duty with its time limit inside a case: the rule as it stood when the case opened, its start, its due moment.

Lateness is never stored: ``Clock.state`` derives it for a given ``now``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from casework.domain.deadlines import DeadlineRule, Extension, Pause, Unit, compute, minutes_until
from casework.domain.errors import MissingCalendar
from casework.domain.escalation import Ladder, Moment
from casework.domain.times import SHANGHAI, parse_time, show_time, store_time
from casework.domain.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """The part of a deadline rule that a case keeps, with the value that was in force on the day it opened."""

    id: str
    title: str
    duty: str
    reference: str
    basis: str
    unit: Unit
    amount: int
    starts: str
    met_by: tuple[str, ...]
    per_message: bool
    pausable: bool
    ladder: Ladder
    extension: Extension
    pauses: tuple[str, ...] = ()
    times: tuple[time, ...] = ()
    again: bool = False

    def stopped_by(self, reason: str | None) -> bool:
        """Whether a pause for this kind of reason stops the clock (None: a pause of before kinds were told apart)."""
        return self.pausable and (not self.pauses or reason is None or reason in self.pauses)

    @staticmethod
    def freeze(rule: DeadlineRule, ladder: Ladder, day: datetime) -> FrozenRule | None:
        """``rule`` as in force on the Shanghai date of ``day``; None before its first value."""
        value = rule.value_on(day.astimezone(SHANGHAI).date())
        if value is None:
            return None
        return FrozenRule(
            rule.id,
            rule.title,
            rule.duty,
            value.reference,
            rule.basis,
            rule.unit,
            value.amount,
            rule.starts,
            tuple(rule.met_by),
            rule.per_message,
            rule.pausable,
            ladder,
            rule.extension_of(value),
            tuple(rule.pauses),
            tuple(rule.times),
            rule.again,
        )

    def to_json(self) -> dict[str, Any]:
        """As stored in the ``opened`` happening."""
        names = ("id", "title", "duty", "reference", "basis", "amount", "starts", "per_message", "pausable")
        plain = {name: getattr(self, name) for name in names}
        changed = {"unit": str(self.unit), "met_by": list(self.met_by), "ladder": self.ladder.to_json()}
        # What few rules have is left out where a rule has it not: a case keeps many rules.
        seldom = {"pauses": list(self.pauses), "times": [f"{at:%H:%M}" for at in self.times], "again": self.again}
        more = {name: value for name, value in seldom.items() if value}
        return {**plain, **changed, **more, "extension": self.extension.to_json()}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> FrozenRule:
        """Read a stored rule back."""
        changed = {
            "unit": Unit(value["unit"]),
            "met_by": tuple(value["met_by"]),
            "ladder": Ladder.from_json(value["ladder"]),
            # Rules frozen before 2026-11-24 say nothing of extensions: once, by at most the limit itself.
            "extension": Extension.from_json(
                value.get("extension", {"amount": value["amount"], "times": 1, "reference": ""})
            ),
            "pauses": tuple(value.get("pauses", ())),
            "times": tuple(time.fromisoformat(at) for at in value.get("times", ())),
        }
        return FrozenRule(**{**value, **changed})


@dataclass(frozen=True, slots=True)
class Clock:
    """A running duty. ``key`` is unique in the case; ``post`` is the message it is owed to, or None.

    ``due`` is None while a pause is open, and while the calendar of its year is not published: then ``awaits``
    names the year, and supervision counts again once the file is there. Until then ``provisional`` is a moment before
    which it cannot be due, whatever the notice will say (every day of that year counted as worked): it is reminded of,
    never shown as the due moment. ``moments`` are the steps of the ladder with their times, in order.
    ``extended`` is (when it was granted, to when). ``met_at`` is when the duty was fulfilled or the case ended.
    """

    key: str
    rule: FrozenRule
    post: str | None
    start: datetime
    start_assumed: bool
    due: datetime | None
    moments: tuple[Moment, ...] = ()
    awaits: int | None = None
    extended: tuple[datetime, datetime] | None = None
    met_at: datetime | None = None
    provisional: datetime | None = None
    left: datetime | None = None
    before: tuple[Pause, ...] = ()

    def leaving(self, stops: Sequence[Pause], at: datetime) -> Clock:
        """The clock as it goes over to another case at ``at``, with the pauses of the case in which it ran till then.

        A pause that is open ends with that: the other case has its own. Supervision counts the clock again there.
        """
        known = tuple((begin, at if end is None else end) for begin, end in self._stops(stops))
        return replace(self, left=at, before=known)

    def _stops(self, pauses: Sequence[Pause]) -> tuple[Pause, ...]:
        """The pauses that count: those of its case, and before it came there those of the case that it left."""
        if self.left is None:
            return tuple(pauses)
        later = [(max(begin, self.left), end) for begin, end in pauses if end is None or end > self.left]
        return (*self.before, *later)

    @property
    def amount(self) -> int:
        """The amount of the limit; of one that ends at a time of day its whole minutes."""
        if not self.rule.times or self.due is None:
            return self.rule.amount
        return minutes_until(self.start, self.due)

    def state(self, now: datetime) -> str:
        """``met``, ``missed``, ``paused`` or ``running`` at ``now`` (due is the first instant that is late)."""
        if self.due is None:
            open_state = "running" if self.awaits else "paused"
            return "met" if self.met_at is not None else open_state
        if self.met_at is not None:
            return "met" if self.met_at < self.due else "missed"
        return "missed" if now >= self.due else "running"

    def late(self, now: datetime) -> bool:
        """Whether the duty is unfulfilled and its due moment has come."""
        return self.met_at is None and self.due is not None and now >= self.due

    def counted(self, worktime: WorkTime, pauses: Sequence[Pause] = ()) -> Clock:
        """This clock with due moment and ladder counted from its start; ``pauses`` count where the rule allows."""
        try:
            return self.due_at(self._due(worktime, pauses), worktime)
        except MissingCalendar as error:
            bound = self._due(replace(worktime, assume_worked=True), pauses)
            return replace(self._reminded_of(bound, worktime), due=None, awaits=error.year, provisional=bound)

    def _due(self, worktime: WorkTime, pauses: Sequence[Pause]) -> datetime | None:
        rule = self.rule
        stops = self._stops(pauses) if rule.pausable else ()
        due = compute(rule.unit, rule.amount, self.start, worktime, stops, times=rule.times).due
        if due is None or self.extended is None:
            return due
        later = self._extended_due(pauses)
        return None if later is None else max(due, later)

    def _reminded_of(self, bound: datetime | None, worktime: WorkTime) -> Clock:
        """The reminders before the earliest moment at which it can be due, and one at that moment itself."""
        if bound is None:
            return replace(self, moments=())
        moments, _ = self.rule.ladder.moments(self.start, bound, replace(worktime, assume_worked=True))
        before = [moment for moment in moments if moment.kind == "reminded"]
        to = next((moment.to for moment in moments if moment.kind == "overdue"), ("contact", "head"))
        return replace(self, moments=(*before, Moment("provisional", "reminded", to, bound)))

    def _extended_due(self, pauses: Sequence[Pause]) -> datetime | None:
        """The extended moment, later by what was paused since the extension (day units: by whole days).

        None while a pause is open that began before it: an extended limit stands still like any other.
        """
        assert self.extended is not None
        granted, to = self.extended
        lost, step = timedelta(), timedelta(microseconds=1)
        if self.rule.unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS):
            step = timedelta(days=1)
        for begin, end in pauses if self.rule.pausable else ():
            if end is None and begin < to - (-lost // step) * step:
                return None
            if end is not None and end > granted:
                lost += end - max(begin, granted)
        return to - (-lost // step) * step

    def extended_to(self, to: datetime, granted: datetime, worktime: WorkTime) -> Clock:
        """This clock with an extension to ``to``, granted at ``granted``; under an open pause it stays paused."""
        if self.due is None and self.awaits is None:
            return replace(self, extended=(granted, to))
        return replace(self.due_at(to, worktime), extended=(granted, to))

    def due_at(self, due: datetime | None, worktime: WorkTime) -> Clock:
        """This clock with another due moment and its ladder around it."""
        if due is None:
            return replace(self, due=None, moments=(), awaits=None, provisional=None)
        moments, awaits = self.rule.ladder.moments(self.start, due, worktime)
        return replace(self, due=due, moments=moments, awaits=awaits, provisional=None)

    def to_json(self) -> dict[str, Any]:
        """As stored inside a happening: the rule by its id, the moments by their times."""
        seldom: dict[str, Any] = {"provisional": store_time(self.provisional)} if self.provisional else {}
        if self.left is not None:
            seldom |= {
                "left": store_time(self.left),
                "before": [[store_time(a), store_time(b)] for a, b in self.before if b],
            }
        return {
            **seldom,
            "key": self.key,
            "rule": self.rule.id,
            "post": self.post,
            "start": store_time(self.start),
            "start_assumed": self.start_assumed,
            "due": store_time(self.due) if self.due else None,
            "moments": [moment.to_json() for moment in self.moments],
            "awaits": self.awaits,
            "extended": [store_time(moment) for moment in self.extended] if self.extended else None,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any], rules: Mapping[str, FrozenRule]) -> Clock:
        """Read a stored clock back; ``rules`` are the case's frozen rules by id."""
        return Clock(
            value["key"],
            rules[value["rule"]],
            value["post"],
            parse_time(value["start"]),
            value["start_assumed"],
            parse_time(value["due"]) if value["due"] else None,
            tuple(Moment.from_json(moment) for moment in value["moments"]),
            value["awaits"],
            (parse_time(value["extended"][0]), parse_time(value["extended"][1])) if value["extended"] else None,
            None,
            parse_time(value["provisional"]) if value.get("provisional") else None,
            parse_time(value["left"]) if value.get("left") else None,
            tuple((parse_time(begin), parse_time(end)) for begin, end in value.get("before", ())),
        )

    def show(self, now: datetime) -> dict[str, Any]:
        """The contract's object in ``deadlines``."""
        rule = self.rule
        return {
            "rule": rule.id,
            "duty": rule.duty,
            "reference": rule.reference,
            "basis": rule.basis,
            "post": self.post,
            "unit": str(rule.unit),
            "amount": self.amount,
            "starts": rule.starts,
            "start": show_time(self.start),
            "start_assumed": self.start_assumed,
            "due": show_time(self.due) if self.due else None,
            "state": self.state(now),
        }


def next_time(clock: Clock, worktime: WorkTime) -> Clock:
    """The same duty for the next of its times of day: the 08:00 report is followed by that of 17:00."""
    assert clock.due is not None  # a limit by times of day needs no calendar and is never paused
    rule = clock.rule
    after = replace(clock, start=clock.due, start_assumed=False, extended=None, met_at=None).counted(worktime)
    assert after.due is not None
    return replace(after, key=f"{rule.id}#{after.due.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}")


def start_clock(
    rule: FrozenRule,
    start: datetime,
    worktime: WorkTime,
    *,
    post: str | None = None,
    assumed: bool = False,
    suffix: str = "",
    pauses: Sequence[Pause] = (),
) -> Clock:
    """Start the duty of ``rule`` at ``start``. ``suffix`` tells a second clock of the same rule from the first."""
    key = f"{rule.id}@{post}" if post else rule.id
    if rule.times:
        # A limit that ends at a time of day is counted in whole minutes.
        start = start.replace(second=0, microsecond=0)
    return Clock(key + suffix, rule, post, start, assumed, None).counted(worktime, pauses)
