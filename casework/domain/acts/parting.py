"""拆单: posts of a case that are another matter get a case of their own, with their clocks as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from casework.domain.acts.opening import Opening, open_case
from casework.domain.acts.parts import messages, one_each
from casework.domain.case import Case
from casework.domain.clock import FrozenRule
from casework.domain.errors import DomainError
from casework.domain.follow_up import handed_over
from casework.domain.marks import standing
from casework.domain.rungs import handed_on
from casework.domain.times import store_time
from casework.domain.worktime import WorkTime


def take(
    case: Case,
    posts: Sequence[str],
    opening: Opening,
    rules: Iterable[FrozenRule],
    by: str,
    at: datetime,
    worktime: WorkTime,
) -> Case:
    """First write: the new case, with ``posts`` of ``case`` and the clocks owed to them, met or running.

    A limit of the case itself starts anew in the new case, whose matter it is from now on. ``case`` is not changed.
    """
    strange = [post for post in posts if post not in case.posts]
    if strange or not posts:
        raise DomainError(f"{case.id} has no post {', '.join(strange) or 'named'}; its posts: {', '.join(case.posts)}")
    fresh = open_case(replace(opening, posts=tuple(posts), messages=()), rules, at, worktime)
    clocks = [clock for clock in case.clocks if clock.post in posts]
    # What people were reminded of is not told again because the limit lies in another case now.
    untold = frozenset(notice.key for notice in case.outbox if notice.state == "waiting")
    told = {clock.key: handed_on(clock.key, case.history, untold) for clock in clocks}
    data = {
        "from": case.id,
        "posts": list(posts),
        "messages": [post for post in messages(case) if post in posts],
        "excluded": list(case.excluded),
        "answered": [post for post in case.answered if post in posts],
        "rules": [clock.rule.to_json() for clock in one_each(clocks)],
        "clocks": [clock.leaving(case.stops(clock.rule), at).to_json() for clock in clocks],
        "marks": sorted(standing(case)),
        **handed_over(case, posts),
        "taken": [[key, step, store_time(moment)] for key, steps in told.items() for step, moment in steps],
    }
    return fresh.after("taken", at, by, None, data)


def part(case: Case, fresh: Case, by: str, at: datetime) -> Case:
    """Second write: ``case`` without what ``fresh`` took from it. Doing it again changes nothing."""
    if parted_to(case, fresh.id):
        return case
    posts = [post for post in taken_from(fresh, case.id) if post in case.posts]
    return case.after("parted", at, by, None, {"posts": posts, "into": fresh.id})


def parted_to(case: Case, into: str) -> bool:
    """Whether ``case`` says that a part of it went to the case ``into``."""
    return any(entry.what == "parted" and entry.data["into"] == into for entry in case.history)


def taken_from(fresh: Case, source: str) -> tuple[str, ...]:
    """The posts with which ``fresh`` was split off from the case ``source``; empty where it was not."""
    for entry in fresh.history[:2]:
        if entry.what == "taken" and entry.data["from"] == source:
            return tuple(entry.data["posts"])
    return ()
