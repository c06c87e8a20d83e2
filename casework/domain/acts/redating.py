"""更正记录时间: entries that were dated after the present, which block every act until their date comes.

A mistyped ``--now`` dates an act years ahead. The entries stay as they are, with their hashes; one more says when they
truly happened, and the case is what its history makes of it with those times.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework.domain.acts.parts import required
from casework.domain.case import Case, replay
from casework.domain.clock import Clock
from casework.domain.errors import DomainError
from casework.domain.happenings import follow
from casework.domain.times import show_time, store_time
from casework.domain.worktime import WorkTime


def redate(case: Case, true: datetime, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """The case with all its entries that are dated after ``at`` (now) taken as of ``true``; the limits counted again.

    Raises DomainError where there is none, and for a ``true`` before the entry that comes before them or after now.
    """
    first = next((index for index, entry in enumerate(case.history) if entry.at > at), None)
    if first is None:
        raise DomainError(f"{case.id}: no entry is dated after now ({show_time(at)}); there is nothing to put right")
    if true > at:
        raise DomainError(f"happened at {show_time(true)}, which is after now ({show_time(at)})")
    if first and true < case.history[first - 1].at:
        before = case.history[first - 1]
        raise DomainError(f"happened at {show_time(true)}, before {before.what} at {show_time(before.at)}")
    required("reason", reason)
    bare = _with(case, first, true, reason, by, at, [])
    counted = [(clock, _again(clock, bare, true, at, worktime)) for clock in bare.clocks]
    return _with(case, first, true, reason, by, at, [fresh for clock, fresh in counted if fresh != clock])


def _again(clock: Clock, case: Case, true: datetime, at: datetime, worktime: WorkTime) -> Clock:
    if clock.rule.times and clock.start <= at:
        return clock
    start = true if clock.start > at else clock.start
    return replace(clock, start=start).counted(worktime, case.stops(clock.rule))


def _with(case: Case, first: int, true: datetime, reason: str, by: str, at: datetime, clocks: list[Clock]) -> Case:
    data = {"from": first, "at": store_time(true), "clocks": [clock.to_json() for clock in clocks]}
    entry = follow(case.history[-1].hash, at, "redated", by, reason, data)
    again = replay(case.id, (*case.history, entry))
    return replace(again, token=case.token, stored_version=case.stored_version)
