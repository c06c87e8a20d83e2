"""Pieces that several acts share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule, start_clock
from casework.domain.errors import DomainError
from casework.domain.times import show_time
from casework.domain.worktime import WorkTime

AT_DESK = "at_desk"
"""Start moment of a duty of the desk: no rule routed the case, it was returned, or its duty is disputed."""


def one_each(clocks: Iterable[Clock]) -> list[Clock]:
    """One clock of each rule."""
    return list({clock.rule.id: clock for clock in clocks}.values())


def messages(case: Case) -> tuple[str, ...]:
    """The posts to whose authors an answer is owed."""
    owed: list[str] = []
    for entry in case.history:
        if entry.what in ("opened", "absorbed", "taken"):
            owed.extend(entry.data["messages"])
        elif entry.what == "parted":
            owed = [post for post in owed if post not in entry.data["posts"]]
        elif entry.what == "joined" and entry.data["owed"]:
            owed.extend(entry.data["posts"])
    return tuple(dict.fromkeys(owed))


def started(
    rules: Iterable[FrozenRule],
    moments: Mapping[str, datetime],
    worktime: WorkTime,
    messages: Sequence[str],
    assumed: frozenset[str] = frozenset(),
    suffix: str = "",
) -> list[Clock]:
    """Clocks of the rules whose start moment is known: one each, or one for each message where owed to a person.

    ``suffix`` tells them from earlier clocks of the same rules.
    """
    clocks = []
    for rule in rules:
        if rule.starts not in moments:
            continue
        for post in messages if rule.per_message else (None,):
            at = moments[rule.starts]
            clocks.append(start_clock(rule, at, worktime, post=post, assumed=rule.starts in assumed, suffix=suffix))
    return clocks


def at_desk(case: Case, at: datetime, worktime: WorkTime) -> list[Clock]:
    """The clocks of a desk of the office that has to decide whose the case is: each time anew."""
    rules = [rule for rule in case.rules.values() if rule.starts == AT_DESK]
    return [start_clock(rule, at, worktime, suffix=f"#{case.version}") for rule in rules]


def again(case: Case, worktime: WorkTime) -> list[dict[str, Any]]:
    """The clocks that may be paused, counted anew under the pauses of ``case``, as stored."""
    pausable = [clock for clock in case.running() if clock.rule.pausable]
    return [clock.counted(worktime, case.stops(clock.rule)).to_json() for clock in pausable]


def notice(case_id: str, kind: str, to: str, facts: Mapping[str, str], number: str) -> dict[str, Any]:
    """A notice for the outbox as stored. ``number`` tells one of the same kind and recipient from the next."""
    key = f"{case_id}/{kind}/{to}/{number}"
    return {"key": key, "kind": kind, "to": to, "facts": dict(facts), "urgent": False}


def in_order(case: Case, at: datetime) -> None:
    """Refuse an act of a person that would be dated before what is already recorded. Raises DomainError."""
    last = case.history[-1]
    if at < last.at:
        raise DomainError(
            f"{case.id}: the act is dated {show_time(at)}, before the last entry of the history, "
            f"{last.what} at {show_time(last.at)} by {last.by}; a history does not run backwards. Where that date is "
            f"wrong: huiying case redate {case.id} --at T --reason TEXT"
        )


def done_between(name: str, case: Case, done_at: datetime, at: datetime) -> None:
    """Refuse a thing said to be done before the matter was known, or after now. Raises DomainError."""
    known = case.known_since
    if done_at > at:
        raise DomainError(f"{name} at {show_time(done_at)}, which is after now ({show_time(at)})")
    if known is not None and done_at < known:
        raise DomainError(f"{name} at {show_time(done_at)}, which is before the matter was known ({show_time(known)})")


def required(name: str, value: str) -> str:
    """``value``, which must say something. Raises DomainError that names it."""
    if not value or not value.strip():
        raise DomainError(f"{name} must not be empty")
    return value
