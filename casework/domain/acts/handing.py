"""转办, 签收, 退回, 处置, 移交, 并单: who has the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework.domain.acts.parts import messages, notice, one_each, required, started
from casework.domain.case import Case
from casework.domain.clock import Clock, start_clock
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.matching import REPORT
from casework.domain.moves import allowed, check
from casework.domain.routing import Route
from casework.domain.rungs import handed_on
from casework.domain.times import store_time
from casework.domain.worktime import WorkTime


def assign(case: Case, route: Route, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """转办: the responsible department gets the case, its clocks start and it is told.

    A department that the case excludes (信访工作条例 第三十条) is refused as IllegalMove.
    """
    check("assign", case.state)
    excluded = tuple(sorted({*case.excluded, *route.excluded}))
    for target in (route.department, *route.co_departments):
        if target in excluded:
            raise IllegalMove("assign", case.state, allowed(case.state), f"{target} is the unit reported")
    fresh = [rule for rule in case.rules.values() if not any(clock.rule.id == rule.id for clock in case.clocks)]
    clocks = started(fresh, {"assigned": at, "flagged": at}, worktime, messages(case))
    anew = [rule for rule in case.rules.values() if rule.again and rule.starts == "assigned" and rule not in fresh]
    clocks += [start_clock(rule, at, worktime, suffix=f"#{case.version}") for rule in anew]
    number = str(case.version)
    targets = [(route.department, "assigned"), *((name, "assigned_co") for name in route.co_departments)]
    data = {
        "department": route.department,
        "co_departments": list(route.co_departments),
        "excluded": list(excluded),
        "reason": route.reason,
        "rule": route.rule,
        "default": route.default,
        "held": route.held,
        "clocks": [clock.to_json() for clock in clocks],
        # What the department before had to do is no longer its duty; that it was late with it stays.
        "lifted": [clock.key for clock in case.running() if clock.rule in anew],
        "notices": [notice(case.id, kind, f"{name}/contact", {}, number) for name, kind in targets],
    }
    return case.after("assigned", at, by, note, data)


def sign(case: Case, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """签收: the department takes the case; clocks that run from signing start."""
    check("sign", case.state)
    fresh = [rule for rule in case.rules.values() if not any(clock.rule.id == rule.id for clock in case.clocks)]
    clocks = started(fresh, {"signed": at}, worktime, messages(case))
    return case.after("signed", at, by, note, {"clocks": [clock.to_json() for clock in clocks]})


def give_back(case: Case, reason: str, by: str, at: datetime) -> Case:
    """退回: the department says, with reasons, that the matter is not its own; the office is told."""
    check("return", case.state)
    told = notice(case.id, "returned", "@review/contact", {"department": case.department or ""}, str(case.version))
    return case.after("returned", at, by, required("reason", reason), {"notices": [told]})


def handle(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """处置 begins."""
    check("handle", case.state)
    return case.after("handled", at, by, note, {})


def transfer(case: Case, to: str, reason: str, by: str, at: datetime) -> Case:
    """移交 to a body outside the office's list (公安, 网信, 信访, a court); the case ends here."""
    check("transfer", case.state)
    return case.after("transferred", at, by, required("reason", reason), {"to": required("to", to)})


def merge(loser: Case, winner: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """并单, first write: the loser points at the winner. ``absorb`` is the second."""
    check("merge", loser.state)
    if loser.id == winner.id:
        raise DomainError(f"{loser.id} cannot be merged into itself")
    if (loser.petition_kind == REPORT) != (winner.petition_kind == REPORT):
        # The report would be seen by whoever has the other case (信访工作条例 第三十条).
        raise IllegalMove("merge", loser.state, allowed(loser.state), "a 检举控告 is merged with none but its like")
    if winner.ended:
        raise IllegalMove("merge", loser.state, allowed(loser.state), f"{winner.id} is {winner.state}")
    return loser.after("merged", at, by, note, {"into": winner.id})


def absorb(winner: Case, loser: Case, by: str, at: datetime) -> Case:
    """并单, second write: the winner takes the loser's posts and running clocks. Doing it again changes nothing.

    A limit of the case itself (owed to no message) runs once: of two by the same rule the one due first stays.
    """
    if any(entry.what == "absorbed" and entry.data["from"] == loser.id for entry in winner.history):
        return winner
    keys = {clock.key for clock in winner.clocks}
    clocks: list[dict[str, Any]] = []
    dropped: list[str] = []
    taken: list[list[str]] = []
    untold = frozenset(notice.key for notice in loser.outbox if notice.state == "waiting")
    for clock in loser.clocks:
        twin = _twin(winner, clock)
        if clock.met_at is None and (twin is None or _before(clock, twin)):
            dropped += [twin.key] if twin is not None else []
            value = clock.to_json()
            value["key"] = f"{clock.key}~{loser.id}" if clock.key in keys else clock.key
            clocks.append(value)
            told = handed_on(clock.key, loser.history, untold)
            taken += [[value["key"], step, store_time(moment)] for step, moment in told]
    used = {value["rule"] for value in clocks}
    data = {
        "from": loser.id,
        "posts": list(loser.posts),
        "messages": list(messages(loser)),
        "excluded": list(loser.excluded),
        "answered": list(loser.answered),
        "rules": [clock.rule.to_json() for clock in one_each(loser.clocks) if clock.rule.id in used],
        "clocks": clocks,
        "dropped": dropped,
        "taken": taken,
    }
    return winner.after("absorbed", at, by, None, data)


def _twin(winner: Case, clock: Clock) -> Clock | None:
    """The running limit of the winner itself by the same rule as this one of the loser itself."""
    if clock.post is not None or clock.met_at is not None:
        return None
    return next((own for own in winner.running() if own.post is None and own.rule.id == clock.rule.id), None)


def _before(one: Clock, other: Clock) -> bool:
    """Whether ``one`` is due first; a limit without a due moment (paused, waiting for a calendar) leads nothing."""
    return one.due is not None and (other.due is None or one.due < other.due)
