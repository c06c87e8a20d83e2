"""突发事件: what people record on the emergency track of a case. Each act adds one entry to its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from casework.domain.acts.parts import in_order, required
from casework.domain.case import Case
from casework.domain.checklist import Item
from casework.domain.emergency import LEVELS, Track, is_open, track
from casework.domain.errors import DomainError
from casework.domain.times import show_time, store_time


def open_track(case: Case, level: str, reason: str, by: str, at: datetime) -> Case:
    """By hand, at one of the four levels; refused while a track is open and for a case that has ended."""
    in_order(case, at)
    if level not in LEVELS:
        raise DomainError(f"no such level {level!r} of an emergency; write one of {', '.join(LEVELS)}")
    found = track(case)
    if found is not None and found.closed_at is None:
        raise DomainError(f"{case.id}: the emergency track is open already, since {show_time(found.opened_at)}")
    if case.ended:
        raise DomainError(f"{case.id} is {case.state}; reopen it first, or open the track of the case that goes on")
    return case.after("emergency_opened", at, by, required("reason", reason), {"level": level})


def inform(case: Case, text: str, source: str, known_at: datetime, by: str, at: datetime) -> Case:
    """滚动信息: one more thing that is known, from whom, and when it was so."""
    _live(case, at)
    data = {"at": _past("known", known_at, at), "about": required("source", source)}
    return case.after("emergency_informed", at, by, required("text", text), data)


def told(case: Case, who: str, how: str, told_at: datetime, by: str, at: datetime) -> Case:
    """告知: somebody was told outside the system, by telephone for example."""
    _live(case, at)
    data = {"at": _past("told", told_at, at), "about": required("how", how)}
    return case.after("emergency_told", at, by, required("who", who), data)


def check_item(
    case: Case, item: str, items: Iterable[Item], done_at: datetime, by: str, at: datetime, not_needed: str = ""
) -> Case:
    """A line of the checklist is done, or is not needed for the reason given."""
    _live(case, at)
    known = [one.id for one in items]
    if item not in known:
        raise DomainError(f"no such item {item!r} on the checklist; write one of {', '.join(known) or '(it is empty)'}")
    data = {"item": item, "at": _past("done", done_at, at), "about": "not_needed" if not_needed.strip() else ""}
    return case.after("emergency_checked", at, by, not_needed.strip() or None, data)


def review_track(case: Case, text: str, by: str, at: datetime) -> Case:
    """复盘: what went well, what did not, what is changed. A track is not closed without it."""
    _live(case, at)
    return case.after("emergency_reviewed", at, by, required("text", text), {})


def close_track(case: Case, items: Iterable[Item], by: str, at: datetime, note: str | None = None) -> Case:
    """End of the emergency. Refused without a review, and while something required is left to do."""
    found = _live(case, at)
    left = found.left(items)
    if left:
        raise DomainError(
            f"{case.id}: {len(left)} item(s) of the checklist are not done: {left[0].id} ({left[0].text})"
        )
    if found.review is None:
        raise DomainError(f"{case.id}: no review (复盘) yet; record it first: huiying emergency review {case.id}")
    # The reports of 08:00 and 17:00 come again until the emergency is over.
    lifted = [clock.key for clock in case.running() if clock.rule.times]
    return case.after("emergency_closed", at, by, note, {"lifted": lifted})


def _live(case: Case, at: datetime) -> Track:
    in_order(case, at)
    found = track(case)
    if found is None or not is_open(case):
        raise DomainError(f"{case.id} has no open emergency track; open one: huiying emergency open {case.id}")
    return found


def _past(name: str, moment: datetime, at: datetime) -> str:
    if moment > at:
        raise DomainError(f"{name} at {show_time(moment)}, which is after now ({show_time(at)})")
    return store_time(moment)
