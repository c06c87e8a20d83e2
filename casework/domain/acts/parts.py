"""Pieces that several acts share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule, start_clock
from casework.domain.deadlines import Pause
from casework.domain.errors import DomainError
from casework.domain.worktime import WorkTime


def one_each(clocks: Iterable[Clock]) -> list[Clock]:
    """One clock of each rule."""
    return list({clock.rule.id: clock for clock in clocks}.values())


def messages(case: Case) -> tuple[str, ...]:
    """The posts to whose authors an answer is owed."""
    owed: list[str] = []
    for entry in case.history:
        if entry.what in ("opened", "absorbed"):
            owed.extend(entry.data["messages"])
        elif entry.what == "joined" and entry.data["owed"]:
            owed.extend(entry.data["posts"])
    return tuple(dict.fromkeys(owed))


def started(
    rules: Iterable[FrozenRule],
    moments: Mapping[str, datetime],
    worktime: WorkTime,
    messages: Sequence[str],
    assumed: frozenset[str] = frozenset(),
) -> list[Clock]:
    """Clocks of the rules whose start moment is known: one each, or one for each message where owed to a person."""
    clocks = []
    for rule in rules:
        if rule.starts not in moments:
            continue
        for post in messages if rule.per_message else (None,):
            at = moments[rule.starts]
            clocks.append(start_clock(rule, at, worktime, post=post, assumed=rule.starts in assumed))
    return clocks


def again(case: Case, worktime: WorkTime, pauses: Sequence[Pause]) -> list[dict[str, Any]]:
    """The clocks that may be paused, counted anew under ``pauses``, as stored."""
    pausable = [clock for clock in case.running() if clock.rule.pausable]
    return [clock.counted(worktime, pauses).to_json() for clock in pausable]


def notice(case_id: str, kind: str, to: str, facts: Mapping[str, str], number: str) -> dict[str, Any]:
    """A notice for the outbox as stored. ``number`` tells one of the same kind and recipient from the next."""
    key = f"{case_id}/{kind}/{to}/{number}"
    return {"key": key, "kind": kind, "to": to, "facts": dict(facts), "urgent": False}


def required(name: str, value: str) -> str:
    """``value``, which must say something. Raises DomainError that names it."""
    if not value or not value.strip():
        raise DomainError(f"{name} must not be empty")
    return value
