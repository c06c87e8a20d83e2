"""定级, 更正时间: another level, or the true time of a moment; limits are counted anew from their first moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from casework.domain.acts.parts import messages, required, started
from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule
from casework.domain.errors import DomainError
from casework.domain.moves import check
from casework.domain.times import show_time, store_time
from casework.domain.worktime import WorkTime

LEVELS = ("extraordinary", "major", "serious", "ordinary", "none")
"""特别重大, 重大, 较大, 一般 (突发事件应对法 第三条), and no emergency."""
CORRIGIBLE = ("occurred", "published", "discovered", "received")
"""Moments that lie outside the system: a person may know better. The others are acts on record."""
_KNOWN = ("discovered", "received")
"""Moments at which the office learned of the matter: each tells the other where a case does not keep it."""


def first_moments(case: Case) -> dict[str, datetime]:
    """The moments from which the limits of a case run, as far as they are known.

    Cases opened before 2026-11-24 do not keep them: there the starts of their clocks tell.
    """
    found: dict[str, datetime] = {}
    for clock in case.clocks:
        found[clock.rule.starts] = min(clock.start, found.get(clock.rule.starts, clock.start))
    found.update(case.moments)
    known = min((found[name] for name in _KNOWN if name in found), default=case.opened_at)
    if known is not None:
        for name in (*_KNOWN, "occurred"):
            found.setdefault(name, known)
    return found


def set_level(
    case: Case,
    to: str,
    rules: Sequence[FrozenRule],
    over: Iterable[str],
    reason: str,
    by: str,
    at: datetime,
    worktime: WorkTime,
) -> Case:
    """定级: the matter is of level ``to``. ``rules`` now apply, those of the ids in ``over`` do no longer.

    A limit that begins to apply is counted from its first moment (the event, its discovery), not from the change, and
    may be late at once. One that no longer applies is lifted; where it was late already it stays late.
    """
    check("level", case.state)
    if to not in LEVELS:
        raise DomainError(f"unknown level {to!r}; write one of {', '.join(LEVELS)}")
    ended = frozenset(over)
    lifted = {key for entry in case.history if entry.what == "level_set" for key in entry.data["lifted"]}
    there = {clock.rule.id for clock in case.clocks if clock.key not in lifted} - ended
    fresh = [case.rules.get(rule.id, rule) for rule in rules if rule.id not in there]
    moments = {**first_moments(case), "level_set": at}
    assumed = case.assumed if case.moments else frozenset({"occurred"})
    suffix, taken = f"#{case.version}", {clock.key for clock in case.clocks}
    clocks = started(fresh, moments, worktime, messages(case), assumed, suffix)
    plain = [(clock, clock.key.removesuffix(suffix)) for clock in clocks]
    named = [clock if key in taken else replace(clock, key=key) for clock, key in plain]
    data = {
        "from": case.severity,
        "to": to,
        "rules": [rule.to_json() for rule in rules if rule.id not in case.rules],
        "clocks": [clock.to_json() for clock in named],
        "lifted": [clock.key for clock in case.running() if clock.rule.id in ended],
    }
    return case.after("level_set", at, by, required("reason", reason), data)


def set_time(
    case: Case,
    moment: str,
    true: datetime,
    reason: str,
    by: str,
    at: datetime,
    worktime: WorkTime,
    post: str | None = None,
) -> Case:
    """更正时间: the true time of ``moment`` (of CORRIGIBLE); what runs from it, or ran, is counted anew from there.

    ``post``: only the limits owed to this message. What was done stays done; whether it was in time is judged anew.
    """
    check("time", case.state)
    if moment not in CORRIGIBLE:
        raise DomainError(f"the time of {moment!r} cannot be set by hand; write one of {', '.join(CORRIGIBLE)}")
    if true > at:
        raise DomainError(f"{moment} at {show_time(true)}, which is after now ({show_time(at)})")
    if post is not None and post not in case.posts:
        raise DomainError(f"{case.id} has no post {post!r}")
    chosen = [clock for clock in case.clocks if clock.rule.starts == moment and post in (None, clock.post)]
    clocks = [_from(clock, true, case, worktime).to_json() for clock in chosen]
    data = {"moment": moment, "at": store_time(true), "post": post, "clocks": clocks}
    return case.after("time_set", at, by, required("reason", reason), data)


def _from(clock: Clock, true: datetime, case: Case, worktime: WorkTime) -> Clock:
    """The clock as it runs from ``true``; of a limit by times of day the later ones are left as they are."""
    if clock.rule.times and "#" in clock.key:
        return clock
    start = true.replace(second=0, microsecond=0) if clock.rule.times else true
    return replace(clock, start=start, start_assumed=False).counted(worktime, case.stops(clock.rule))
