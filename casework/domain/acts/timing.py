"""延期, 中止, 恢复: what moves a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework.domain.acts.parts import again, required
from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.deadlines import Pause, compute, extended_at_most
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import allowed, check
from casework.domain.times import show_time, store_time
from casework.domain.worktime import WorkTime


def extend(
    case: Case, rule: str, to: datetime, reason: str, by: str, at: datetime, worktime: WorkTime, post: str | None = None
) -> Case:
    """延期: a later due moment for the running clocks of ``rule`` (for one message's only, where ``post`` is given).

    Refused as IllegalMove beyond what the rule allows: how often, and how far from the present due moment.
    """
    check("extend", case.state)
    chosen = [clock for clock in case.running() if rule in (clock.rule.id, clock.key) and post in (None, clock.post)]
    if not chosen:
        known = ", ".join(sorted({clock.rule.id for clock in case.running()})) or "none"
        raise DomainError(f"{case.id} has no running deadline {rule!r}; running: {known}")
    for clock in chosen:
        if clock.due is not None and to <= clock.due:
            raise DomainError(f"an extension must end after the present due moment {show_time(clock.due)}")
        _within(case, clock, to, at, worktime)
    clocks = [clock.extended_to(to, at, worktime).to_json() for clock in chosen]
    return case.after(
        "extended", at, by, required("reason", reason), {"rule": rule, "to": store_time(to), "clocks": clocks}
    )


def _within(case: Case, clock: Clock, to: datetime, at: datetime, worktime: WorkTime) -> None:
    """Raise IllegalMove where the rule of ``clock`` does not allow one more extension, or none as far as ``to``."""
    extension, rule = clock.rule.extension, clock.rule
    others = [verb for verb in allowed(case.state) if verb != "extend"]
    if not extension.times or not extension.amount:
        raise IllegalMove("extend", case.state, others, f"{rule.id} may not be extended: {rule.reference} allows none")
    if max(_extensions(case, clock), 1 if clock.extended else 0) >= extension.times:
        why = f"{rule.id} may be extended {extension.times} time(s) and has been: {extension.reference}"
        raise IllegalMove("extend", case.state, others, why)
    pauses: list[Pause] = [*case.pauses, *([(case.paused, at)] if case.paused is not None else [])]
    # A year whose notice is not out is taken without its holidays: the furthest that can be granted before it is.
    known = replace(worktime, assume_weekdays=True)
    due = clock.due or compute(rule.unit, rule.amount, clock.start, known, pauses if rule.pausable else ()).due
    assert due is not None  # no pause is open any more
    last = extended_at_most(rule.unit, extension.amount, due, known)
    if to > last:
        why = f"{rule.id} may be extended by at most {extension.amount} {rule.unit}, to {show_time(last)}"
        raise IllegalMove("extend", case.state, allowed(case.state), f"{why}: {extension.reference}")


def _extensions(case: Case, clock: Clock) -> int:
    """How often ``clock`` was extended in this case."""
    entries = [entry for entry in case.history if entry.what == "extended"]
    return sum(any(value["key"] == clock.key for value in entry.data["clocks"]) for entry in entries)


def pause(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """中止: stops the clocks whose rules allow it, until ``resume``."""
    check("pause", case.state)
    if case.paused is not None:
        raise IllegalMove("pause", case.state, [v for v in allowed(case.state) if v != "pause"], "paused already")
    pauses: list[Pause] = [*case.pauses, (case.paused or at, None)]
    return case.after("paused", at, by, required("reason", reason), {"clocks": again(case, worktime, pauses)})


def resume(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """恢复: the clocks run on; paused time is not counted."""
    check("resume", case.state)
    if case.paused is None:
        raise IllegalMove("resume", case.state, [v for v in allowed(case.state) if v != "resume"], "not paused")
    if at < case.paused:
        raise DomainError(f"the pause began at {show_time(case.paused)}, after {show_time(at)}")
    pauses = [*case.pauses, (case.paused, at)]
    return case.after("resumed", at, by, reason or None, {"clocks": again(case, worktime, pauses)})


def recount(case: Case, at: datetime, worktime: WorkTime) -> Case:
    """Count again what waits for a calendar; the same case while the calendar is still missing."""
    waiting = [clock for clock in case.running() if clock.awaits is not None]
    counted = [(clock, clock.counted(worktime, case.pauses)) for clock in waiting]
    changed = [fresh.to_json() for clock, fresh in counted if fresh != clock]
    return case.after("recounted", at, "huiying", None, {"clocks": changed}) if changed else case
