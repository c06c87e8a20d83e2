"""预见: which limits end soon without being met, and which matters people complain of again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.event import Event
from casework.domain.times import show_time
from casework.ports import CaseFilter, PostRecord, Store
from casework.services.opening import ANSWERED_KINDS

REPEATED = 3
"""From so many people on, a matter counts as repeated."""
LOOK_BACK = timedelta(days=30)
"""Matters with a post within this time are looked at."""
MOST_EVENTS = 500
"""The hottest of them."""


@dataclass(frozen=True, slots=True)
class Late:
    """A limit that ends within the time looked ahead, and of which nothing says yet that it is met."""

    case: Case
    clock: Clock

    def to_json(self) -> dict[str, Any]:
        """One line of the answer."""
        due = self.clock.due
        held = max((one.until for one in self.case.acknowledged), default=None)
        return {
            "case": self.case.id,
            "title": self.case.title,
            "department": self.case.department,
            "state": self.case.state,
            "rule": self.clock.rule.id,
            "duty": self.clock.rule.title,
            "reference": self.clock.rule.reference,
            "due": show_time(due) if due else None,
            "acknowledged_until": show_time(held) if held else None,
        }


@dataclass(frozen=True, slots=True)
class Repeated:
    """A matter of which at least REPEATED people complained; ``after``: how many since its case was answered."""

    event: Event
    case: Case | None
    people: int
    after: int
    last: datetime

    def to_json(self) -> dict[str, Any]:
        """One line of the answer."""
        return {
            "event": self.event.id,
            "title": self.case.title if self.case else self.event.title,
            "case": self.case.id if self.case else None,
            "department": self.case.department if self.case else None,
            "state": self.case.state if self.case else None,
            "people": self.people,
            "after_answer": self.after,
            "last": show_time(self.last),
        }


def about_to_be_late(store: Store, now: datetime, ahead: timedelta) -> list[Late]:
    """Limits that end after ``now`` and within ``ahead``, the first first; what is late already is not foreseen.

    It costs what is due until then: the stores have an index over the leading limit.
    """
    until = now + ahead
    found = [
        Late(case, clock)
        for case in store.list_cases(CaseFilter(due_before=until + timedelta(microseconds=1)))
        for clock in case.running()
        if clock.due is not None and now < clock.due <= until
    ]
    return sorted(found, key=lambda one: (str(one.clock.due), one.case.id, one.clock.key))


def repeated(store: Store, now: datetime) -> list[Repeated]:
    """Matters of the last LOOK_BACK that people bring up again; what goes on after an answer comes first."""
    events = store.hottest_events(now - LOOK_BACK, MOST_EVENTS)
    many = [event for event in events if len(event.posts) >= REPEATED]
    cases = store.get_cases([event.case for event in many if event.case])
    found = [one for event in many if (one := _of(event, cases.get(event.case or ""), store)) is not None]
    return sorted(found, key=lambda one: (-one.after, -one.people, one.event.id))


def _of(event: Event, case: Case | None, store: Store) -> Repeated | None:
    records = store.get_posts(list(event.posts)).values()
    people = sorted(_by_people(records))
    if len(people) < REPEATED:
        return None
    answered = min((at for _, at in case.publications), default=None) if case is not None else None
    after = sum(at > answered for at in people) if answered is not None else 0
    return Repeated(event, case, len(people), after, people[-1])


def _by_people(records: Iterable[PostRecord]) -> Iterator[datetime]:
    """When each person brought the matter up: messages and calls, not news and not what was passed on."""
    for record in records:
        if record.post.kind in ANSWERED_KINDS:
            yield record.post.published_at
