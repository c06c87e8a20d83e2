"""签收提醒: somebody has the alarms of a case in hand, so the ladder waits for him, for a set time."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.domain.acts.parts import in_order
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.moves import check
from casework.domain.times import show_time, store_time


def acknowledge(
    case: Case, until: datetime | None, by: str, at: datetime, note: str | None = None, notice: str | None = None
) -> Case:
    """Record that ``by`` has the alarms in hand; reminders and escalations wait until ``until``.

    ``until`` None: as long as any ladder of the case allows. No rung waits longer than its own ladder allows
    (``hold_minutes``), whatever is acknowledged and however often; that a limit has ended is marked and told at its
    moment all the same. ``notice``: key of the notice whose link was used.

    Raises DomainError where nothing runs that could alarm, and for an end that is past or beyond what is allowed.
    """
    check("acknowledge", case.state)
    in_order(case, at)
    running = case.running()
    if not running:
        raise DomainError(f"{case.id} has no running deadline, so there is no alarm to acknowledge")
    most = max(clock.rule.ladder.hold_minutes for clock in running)
    last = at + timedelta(minutes=most)
    until = last if until is None else until
    if until <= at:
        raise DomainError(f"until {show_time(until)} is not after now ({show_time(at)})")
    if until > last:
        allowed = f"its alarms wait {most} minutes at most, to {show_time(last)}"
        raise DomainError(f"until {show_time(until)} is too late: {allowed}")
    data = {"until": store_time(until)}
    return case.after("acknowledged", at, by, note, data if notice is None else {**data, "notice": notice})
