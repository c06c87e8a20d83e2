"""值班: who is told when the office does not work, and the hours of the night in which ordinary notices wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from casework.domain.times import SHANGHAI, full_time
from casework.domain.worktime import WorkTime

DAYS_OFF, OUTSIDE_HOURS = "days_off", "outside_hours"
"""When the roster is told: on days off, or at any time outside working hours."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Quiet:
    """免打扰时段 by Beijing time; it may go over midnight. ``begin`` is the first quiet minute, ``end`` the first that
    is quiet no more.
    """

    begin: time
    end: time

    def until(self, now: datetime) -> datetime | None:
        """When the quiet that is at ``now`` ends; None where there is none."""
        local = now.astimezone(SHANGHAI)
        for day in (local.date() - timedelta(days=1), local.date()):
            last = day if self.begin < self.end else day + timedelta(days=1)
            begin = datetime.combine(day, self.begin, SHANGHAI)
            end = datetime.combine(last, self.end, SHANGHAI)
            if begin <= local < end:
                return end.astimezone(UTC)
        return None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be reached."""

    name: str
    phone: str | None = None
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch (班次): from when until when, of which department (None: for all that have no watch of their own),
    who sits there and who leads it (带班领导).
    """

    begin: datetime
    end: datetime
    person: Person
    leader: Person | None = None
    department: str | None = None

    def of(self, role: str) -> Person:
        """Who stands in for a role: the leader for leaders, else who sits there."""
        return self.leader if self.leader is not None and role in ("leader", "principal") else self.person


@dataclass(frozen=True, slots=True)
class DutyRoster:
    """值班表. ``when``: DAYS_OFF or OUTSIDE_HOURS."""

    watches: tuple[Watch, ...] = ()
    when: str = DAYS_OFF

    def watch(self, department: str, now: datetime, worktime: WorkTime, own: bool = False) -> Watch | None:
        """The watch that is told in place of ``department`` at ``now``; None where its own people are.

        ``own``: only a watch of the department itself, never that of all (信访工作条例 第三十条: a report of wrongdoing
        goes to nobody else).
        """
        if not any(
            begin <= now < end for begin, end in off_spans(now, now + timedelta(seconds=1), self.when, worktime)
        ):
            return None
        here = [one for one in self.watches if one.begin <= now < one.end]
        for wanted in (department,) if own else (department, None):
            for one in here:
                if one.department == wanted:
                    return one
        return None


def off_spans(begin: datetime, end: datetime, when: str, worktime: WorkTime) -> Iterator[Span]:
    """The time within [begin, end) in which somebody has to be on duty, in order."""
    # A year whose notice is not out has its plain weeks: who is on duty there is known anyway.
    known = replace(worktime, assume_weekdays=True)
    day = begin.astimezone(SHANGHAI).date()
    while (start := datetime.combine(day, time(), SHANGHAI)) < end:
        for one, other in _off_in(day, start, when, known):
            if max(one, begin) < min(other, end):
                yield max(one, begin), min(other, end)
        day += timedelta(days=1)


def _off_in(day: date, start: datetime, when: str, worktime: WorkTime) -> Iterator[Span]:
    until = start + timedelta(days=1)
    if not worktime.is_workday(day):
        yield start, until
    elif when == OUTSIDE_HOURS:
        for begin, end in worktime.hours:
            yield start, datetime.combine(day, begin, SHANGHAI)
            start = datetime.combine(day, end, SHANGHAI)
        yield start, until


@dataclass(frozen=True, slots=True)
class Fault:
    """A hole or an overlap of a roster: at which watch (its place in the list), and what is wrong."""

    at: int
    found: str
    write: str


def faults(watches: Sequence[Watch], when: str, worktime: WorkTime, name: str = "watches[{}]") -> Iterator[Fault]:
    """Where nobody is on duty between two watches of one department, and where two are. ``name`` calls a watch."""
    groups: dict[str | None, list[int]] = {}
    for index, one in enumerate(watches):
        if one.end <= one.begin:
            found = f"from {full_time(one.begin)} to {full_time(one.end)}"
            yield Fault(index, found, "write an end after the beginning")
        else:
            groups.setdefault(one.department, []).append(index)
    for members in groups.values():
        members.sort(key=lambda index: (watches[index].begin, index))
        latest = members[0]
        for _, index in pairwise(members):
            one, before = watches[index], watches[latest]
            if one.begin < before.end:
                overlap = f"{full_time(one.begin)} to {full_time(min(one.end, before.end))}"
                yield Fault(
                    index, f"overlaps with {name.format(latest)} from {overlap}", "let one of the two end earlier"
                )
            else:
                for begin, end in _joined(off_spans(before.end, one.begin, when, worktime)):
                    found = (
                        f"nobody is on duty from {full_time(begin)} to {full_time(end)}, after {name.format(latest)}"
                    )
                    yield Fault(index, found, "add a watch for that time")
            if one.end > before.end:
                latest = index


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch, as one."""
    found: list[Span] = []
    for begin, end in spans:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found
