"""How a history makes the clocks of a case: what starts, moves, stops and lifts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule
from casework.domain.happenings import Happening
from casework.domain.times import parse_time


def clocks_of(case: Case, entry: Happening) -> tuple[Clock, ...]:
    """The clocks that ``entry`` brings."""
    return tuple(Clock.from_json(value, case.rules) for value in entry.data.get("clocks", ()))


def met(case: Case, entry: Happening, posts: Iterable[str] | None = None) -> tuple[Clock, ...]:
    """Clocks with those that ``entry`` fulfils marked; duties owed to a message only where it is in ``posts``."""
    at = parse_time(entry.data["at"]) if entry.data.get("at") else entry.at
    owed = None if posts is None else frozenset(posts)

    def fulfilled(clock: Clock) -> bool:
        if clock.met_at is not None or entry.what not in clock.rule.met_by:
            return False
        return clock.post is None or owed is None or clock.post in owed

    return tuple(replace(clock, met_at=at) if fulfilled(clock) else clock for clock in case.clocks)


def without_lifted(case: Case, entry: Happening) -> tuple[Clock, ...]:
    """The clocks without those that ``entry`` lifts; one that was late already ends with it and stays late."""
    lifted = frozenset(entry.data.get("lifted", ()))
    kept = []
    for clock in case.clocks:
        if clock.key not in lifted or clock.met_at is not None:
            kept.append(clock)
        elif clock.late(entry.at):
            kept.append(replace(clock, met_at=entry.at))
    return tuple(kept)


def recounted(case: Case, entry: Happening) -> Case:
    """New due moments (extension, end of a pause, a calendar published), each under the clock's own rule.

    A clock not there yet is added: a report by a time of day that follows the one before.
    """
    fresh = {value["key"]: value for value in entry.data["clocks"]}
    known = {clock.key for clock in case.clocks}

    def again(clock: Clock) -> Clock:
        if clock.key not in fresh:
            return clock
        counted = Clock.from_json(fresh[clock.key], {clock.rule.id: clock.rule})
        return replace(counted, met_at=clock.met_at)

    added = tuple(Clock.from_json(value, case.rules) for key, value in fresh.items() if key not in known)
    return replace(case, clocks=tuple(again(clock) for clock in case.clocks) + added)


def levelled(case: Case, entry: Happening) -> Case:
    """Another level: rules that now apply are added with their clocks, limits of those that no longer do are lifted."""
    extra = {value["id"]: FrozenRule.from_json(value) for value in entry.data["rules"]}
    known = replace(case, rules={**extra, **case.rules}, severity=entry.data["to"])
    known = replace(known, clocks=without_lifted(known, entry), moments={**case.moments, "level_set": entry.at})
    return recounted(known, entry)


def timed(case: Case, entry: Happening) -> Case:
    """The true time of a moment: the limits that start there were counted anew from it."""
    name, post = entry.data["moment"], entry.data["post"]
    known = {**case.moments, name: parse_time(entry.data["at"])} if post is None else case.moments
    return replace(recounted(case, entry), moments=known, assumed=case.assumed - {name})


def paused(case: Case, entry: Happening) -> Case:
    """The open pause begins; the clocks that it stops have no due moment."""
    # Pauses of before 2026-11-24 say nothing of their kind: they stop whatever may be stopped.
    reasons = (*case.reasons, entry.data.get("kind"))
    return replace(recounted(case, entry), paused=entry.at, reasons=reasons)


def resumed(case: Case, entry: Happening) -> Case:
    """The open pause is one of the past; the clocks run on."""
    again = recounted(case, entry)
    if case.paused is None:
        return again
    return replace(again, paused=None, pauses=(*case.pauses, (case.paused, entry.at)))


def fulfilled_duties(case: Case, entry: Happening) -> Case:
    """The duties named are done, at the time said; what comes again begins anew."""
    at, keys = parse_time(entry.data["at"]), frozenset(entry.data["keys"])
    done = tuple(replace(clock, met_at=at) if clock.key in keys else clock for clock in case.clocks)
    return replace(case, clocks=done + clocks_of(case, entry))
