"""延期, 中止, 恢复: what moves a limit; and what supervision counts again by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from casework.domain.acts.parts import again, notice, required
from casework.domain.case import Case
from casework.domain.clock import Clock, next_time
from casework.domain.deadlines import PAUSE_REASONS, Unit, compute, extended_at_most
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import allowed, check
from casework.domain.times import SHANGHAI, parse_time, show_time, store_time
from casework.domain.worktime import WorkTime


def extend(
    case: Case, rule: str, to: datetime, reason: str, by: str, at: datetime, worktime: WorkTime, post: str | None = None
) -> Case:
    """延期: a later due moment for the running clocks of ``rule`` (for one message's only, where ``post`` is given).

    Refused as IllegalMove beyond what the rule allows: how often, how far from the present due moment, and how late it
    may be asked for. An application on record (``ask``) counts from its own moment.
    """
    check("extend", case.state)
    chosen = _running(case, rule, post)
    for clock in chosen:
        if clock.due is not None and to <= clock.due:
            raise DomainError(f"an extension must end after the present due moment {show_time(clock.due)}")
        _within(case, clock, to, at, worktime)
        _in_time(case, clock, asked_at(case, clock) or at, worktime)
    clocks = [clock.extended_to(to, at, worktime).to_json() for clock in chosen]
    return case.after(
        "extended", at, by, required("reason", reason), {"rule": rule, "to": store_time(to), "clocks": clocks}
    )


def ask(
    case: Case, rule: str, to: datetime, reason: str, by: str, at: datetime, worktime: WorkTime, post: str | None = None
) -> Case:
    """申请延期: what ``extend`` then grants; recorded, so that it counts as asked for at ``at``."""
    check("ask", case.state)
    chosen = _running(case, rule, post)
    for clock in chosen:
        _within(case, clock, to, at, worktime)
        _in_time(case, clock, at, worktime)
    told = notice(case.id, "extension", _approver(chosen[0]), {"clock": chosen[0].key}, str(case.version))
    data = {"rule": rule, "to": store_time(to), "keys": [clock.key for clock in chosen], "notices": [told]}
    return case.after("extension_asked", at, by, required("reason", reason), data)


def _approver(clock: Clock) -> str:
    """Who is told that an extension waits for him: the office's desk, or the leader where only leaders grant it."""
    approvers = clock.rule.extension.approvers
    above = [role for role in ("leader", "principal") if role in approvers]
    return f"@review/{above[0] if above and 'office' not in approvers else 'contact'}"


def asked_at(case: Case, clock: Clock) -> datetime | None:
    """When an extension of this clock was asked for that has not been granted since; None where none was."""
    for entry in reversed(case.history):
        if entry.what == "extended" and any(value["key"] == clock.key for value in entry.data["clocks"]):
            return None
        if entry.what == "extension_asked" and clock.key in entry.data["keys"]:
            return entry.at
    return None


def _running(case: Case, rule: str, post: str | None) -> list[Clock]:
    chosen = [clock for clock in case.running() if rule in (clock.rule.id, clock.key) and post in (None, clock.post)]
    if not chosen:
        known = ", ".join(sorted({clock.rule.id for clock in case.running()})) or "none"
        raise DomainError(f"{case.id} has no running deadline {rule!r}; running: {known}")
    return chosen


def _refused(case: Case, why: str) -> IllegalMove:
    return IllegalMove("extend", case.state, [verb for verb in allowed(case.state) if verb != "extend"], why)


def _within(case: Case, clock: Clock, to: datetime, at: datetime, worktime: WorkTime) -> None:
    """Raise IllegalMove where the rule of ``clock`` does not allow one more extension, or none as far as ``to``."""
    extension, rule = clock.rule.extension, clock.rule
    if not extension.times or not extension.amount:
        raise _refused(case, f"{rule.id} may not be extended: {rule.reference} allows none")
    if max(_extensions(case, clock), 1 if clock.extended else 0) >= extension.times:
        why = f"{rule.id} may be extended {extension.times} time(s) and has been: {extension.reference}"
        raise _refused(case, why)
    # A year whose notice is not out is taken without its holidays: the furthest that can be granted before it is.
    known = replace(worktime, assume_weekdays=True)
    due = clock.due or compute(rule.unit, rule.amount, clock.start, known, case.stops(rule, at)).due
    assert due is not None  # no pause is open any more
    last = extended_at_most(rule.unit, extension.amount, due, known)
    if to > last:
        why = f"{rule.id} may be extended by at most {extension.amount} {rule.unit}, to {show_time(last)}"
        raise _refused(case, f"{why}: {extension.reference}")


def _in_time(case: Case, clock: Clock, asked: datetime, worktime: WorkTime) -> None:
    """Raise IllegalMove where the extension was asked for later than the rule allows."""
    extension = clock.rule.extension
    if clock.due is None or extension.ask_before is None:
        return
    last = _last_moment(clock.due, extension.ask_before, extension.ask_unit, worktime)
    if asked >= last:
        why = f"an extension of {clock.rule.id} had to be asked for before {show_time(last)}, found {show_time(asked)}"
        raise _refused(case, f"{why}: {extension.reference}")


def _last_moment(due: datetime, amount: int, unit: Unit, worktime: WorkTime) -> datetime:
    """The first moment that is too late: ``amount`` ``unit`` before the due moment; days are whole days."""
    if unit is Unit.CLOCK_MINUTES:
        return due - timedelta(minutes=amount)
    if unit is Unit.CLOCK_HOURS:
        return due - timedelta(hours=amount)
    # A year whose notice is not out is taken without its holidays, as above.
    known, last = replace(worktime, assume_weekdays=True), due
    while amount:
        last -= timedelta(days=1)
        amount -= unit is Unit.CALENDAR_DAYS or known.is_workday(last.astimezone(SHANGHAI).date())
    return last


def _extensions(case: Case, clock: Clock) -> int:
    """How often ``clock`` was extended in this case."""
    entries = [entry for entry in case.history if entry.what == "extended"]
    return sum(any(value["key"] == clock.key for value in entry.data["clocks"]) for entry in entries)


def pause(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime, kind: str = "other") -> Case:
    """中止: stops the clocks whose rules allow it for this kind of reason (of PAUSE_REASONS), until ``resume``.

    Refused as IllegalMove where it would stop none.
    """
    check("pause", case.state)
    others = [verb for verb in allowed(case.state) if verb != "pause"]
    if kind not in PAUSE_REASONS:
        raise DomainError(f"unknown kind of reason {kind!r}; write one of {', '.join(PAUSE_REASONS)}")
    if case.paused is not None:
        raise IllegalMove("pause", case.state, others, "paused already")
    if not any(clock.rule.stopped_by(kind) for clock in case.running()):
        kinds = {name for clock in case.running() for name in PAUSE_REASONS if clock.rule.stopped_by(name)}
        known = ", ".join(sorted(kinds)) or "nothing"
        why = f"no running limit may be paused for {kind}; what some may be paused for: {known}"
        raise IllegalMove("pause", case.state, others, why)
    stopped = replace(case, paused=at, reasons=(*case.reasons, kind))
    data = {"kind": kind, "clocks": again(stopped, worktime)}
    return case.after("paused", at, by, required("reason", reason), data)


def resume(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """恢复: the clocks run on; paused time is not counted."""
    check("resume", case.state)
    if case.paused is None:
        raise IllegalMove("resume", case.state, [v for v in allowed(case.state) if v != "resume"], "not paused")
    if at < case.paused:
        raise DomainError(f"the pause began at {show_time(case.paused)}, after {show_time(at)}")
    running = replace(case, paused=None, pauses=(*case.pauses, (case.paused, at)))
    return case.after("resumed", at, by, reason or None, {"clocks": again(running, worktime)})


def recount(case: Case, at: datetime, worktime: WorkTime) -> Case:
    """Count again what waits for a calendar or came from another case, and begin what comes again at a time of day.

    The same case where nothing changes.
    """
    waiting = [clock for clock in case.running() if clock.awaits is not None or case.strange(clock)]
    counted = [(clock, clock.counted(worktime, case.stops(clock.rule))) for clock in waiting]
    changed = [fresh.to_json() for clock, fresh in counted if fresh != clock]
    for clock in case.last_of_day():
        while clock.due is not None and clock.due <= at:
            clock = next_time(clock, worktime)
            changed.append(clock.to_json())
    return case.after("recounted", at, "huiying", None, {"clocks": changed}) if changed else case


def asked_for(case: Case) -> datetime | None:
    """To when the latest extension asked for and not yet decided would move its limit; None where none is."""
    for entry in reversed(case.history):
        if entry.what == "extended":
            return None
        if entry.what == "extension_asked":
            return parse_time(entry.data["to"])
    return None
