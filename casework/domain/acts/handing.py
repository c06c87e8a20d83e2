"""转办, 签收, 退回, 提请协调, 处置, 移交: who has the case."""

from __future__ import annotations

from datetime import datetime

from casework.domain.acts.accusing import settled
from casework.domain.acts.parts import at_desk, messages, notice, required, started
from casework.domain.case import Case
from casework.domain.clock import Clock, start_clock
from casework.domain.errors import IllegalMove
from casework.domain.handover import COORDINATED, SECOND, ReturnLimit, designated, held
from casework.domain.matching import REPORT
from casework.domain.moves import allowed, check
from casework.domain.routing import Route
from casework.domain.times import show_time
from casework.domain.worktime import WorkTime

STAYS = "a report of wrongdoing stays at its desk until a person confirms or lifts the mark (信访工作条例 第三十条)"
FINAL = {
    SECOND: "it was designated a second time, which is not returned; dispute it where the duty is another's",
    COORDINATED: "the coordination desk has decided, which is final",
}
"""Why a designation cannot be returned."""


def assign(
    case: Case,
    route: Route,
    by: str,
    at: datetime,
    worktime: WorkTime,
    note: str | None = None,
    limit: ReturnLimit | None = None,
) -> Case:
    """转办: the responsible department gets the case, its clocks start and it is told; ``limit`` bounds its return.

    Refused as IllegalMove: a department that the case excludes, and a 检举控告 that leaves its desk (``route.held`` is
    false) before a person confirmed or lifted the mark (信访工作条例 第三十条).
    """
    check("assign", case.state)
    settled("assign", case)
    excluded = tuple(sorted({*case.excluded, *route.excluded}))
    others = [verb for verb in allowed(case.state) if verb != "assign"]
    for target in (route.department, *route.co_departments):
        if target in excluded:
            raise IllegalMove("assign", case.state, others, f"{target} is the unit reported")
    report = case.petition_kind == REPORT
    if held(case.petition_kind, case.history) and (not route.held or route.co_departments):
        raise IllegalMove("assign", case.state, others, STAYS)
    have = (route.department, *route.co_departments)
    watchers = [] if report else [name for name in route.watchers if name not in (*excluded, *have)]
    clocks, lifted = _started(case, route, at, worktime)
    number = str(case.version)
    targets = [(route.department, "assigned"), *((name, "assigned_co") for name in route.co_departments)]
    targets += [(name, "informed") for name in watchers if name not in case.watchers]
    data = {
        "department": route.department,
        "co_departments": list(route.co_departments),
        "watchers": watchers,
        "excluded": list(excluded),
        "reason": route.reason,
        "rule": route.rule,
        "default": route.default,
        "held": route.held,
        "final": None if report else designated(case.history),
        "returns": {"amount": limit.amount, "reference": limit.reference} if limit else None,
        "clocks": [clock.to_json() for clock in clocks],
        # What the department before had to do is no longer its duty; that it was late with it stays.
        "lifted": lifted,
        "notices": [notice(case.id, kind, f"{name}/contact", {}, number) for name, kind in targets],
    }
    return case.after("assigned", at, by, note, data)


def _started(case: Case, route: Route, at: datetime, worktime: WorkTime) -> tuple[list[Clock], list[str]]:
    """The clocks that this assignment starts, and the keys of those of the department before that end with it."""
    known = {clock.rule.id for clock in case.clocks}
    fresh = [rule for rule in case.rules.values() if rule.id not in known]
    clocks = started(fresh, {"assigned": at, "flagged": at}, worktime, messages(case))
    anew = [rule for rule in case.rules.values() if rule.again and rule.starts == "assigned" and rule not in fresh]
    clocks += [start_clock(rule, at, worktime, suffix=f"#{case.version}") for rule in anew]
    if route.default:
        clocks += at_desk(case, at, worktime)
    return clocks, [clock.key for clock in case.running() if clock.rule in anew]


def sign(case: Case, by: str, at: datetime, worktime: WorkTime, note: str | None = None) -> Case:
    """签收: the department takes the case; clocks that run from signing start."""
    check("sign", case.state)
    fresh = [rule for rule in case.rules.values() if not any(clock.rule.id == rule.id for clock in case.clocks)]
    clocks = started(fresh, {"signed": at}, worktime, messages(case))
    return case.after("signed", at, by, note, {"clocks": [clock.to_json() for clock in clocks]})


def give_back(case: Case, reason: str, by: str, at: datetime, worktime: WorkTime) -> Case:
    """退回: the department says, with reasons, that the matter is not its own; the office is told.

    Refused as IllegalMove: after the limit (信访工作条例 第二十三条: five working days), after a second designation or
    a decision of the coordination desk, and for a 检举控告, which stays at its desk.
    """
    check("return", case.state)
    others = [verb for verb in allowed(case.state) if verb != "return"]
    if case.petition_kind == REPORT:
        raise IllegalMove("return", case.state, others, STAYS)
    if case.handover is not None and case.handover.final is not None:
        raise IllegalMove("return", case.state, others, FINAL[case.handover.final])
    end = case.handover.returns_end(worktime) if case.handover else None
    if case.handover is not None and case.handover.limit is not None and end is not None and at >= end:
        limit = case.handover.limit
        why = f"a case is returned within {limit.amount} working days, before {show_time(end)}: {limit.reference}"
        raise IllegalMove("return", case.state, others, why)
    told = notice(case.id, "returned", "@review/contact", {"department": case.department or ""}, str(case.version))
    clocks = [clock.to_json() for clock in at_desk(case, at, worktime)]
    return case.after("returned", at, by, required("reason", reason), {"notices": [told], "clocks": clocks})


def dispute(case: Case, reason: str, by: str, at: datetime, desk: str, worktime: WorkTime) -> Case:
    """提请协调: whose duty it is is disputed; the coordination ``desk`` decides, and its decision is final.

    国办函〔2025〕66号 (五): where duties are unclear, 主办 and 协办 are coordinated. Clocks run on.
    """
    check("dispute", case.state)
    others = [verb for verb in allowed(case.state) if verb != "dispute"]
    if case.petition_kind == REPORT:
        raise IllegalMove("dispute", case.state, others, STAYS)
    if case.handover is not None and case.handover.final == COORDINATED:
        raise IllegalMove("dispute", case.state, others, FINAL[COORDINATED])
    if case.desk is not None:
        raise IllegalMove("dispute", case.state, others, f"{case.desk} has it already")
    told = notice(case.id, "disputed", f"{desk}/contact", {"department": case.department or ""}, str(case.version))
    clocks = [clock.to_json() for clock in at_desk(case, at, worktime)]
    data = {"desk": desk, "notices": [told], "clocks": clocks}
    return case.after("disputed", at, by, required("reason", reason), data)


def handle(case: Case, by: str, at: datetime, note: str | None = None) -> Case:
    """处置 begins."""
    check("handle", case.state)
    return case.after("handled", at, by, note, {})


def transfer(case: Case, to: str, reason: str, by: str, at: datetime) -> Case:
    """移交 to a body outside the office's list (公安, 网信, 信访, a court); the case ends here."""
    check("transfer", case.state)
    return case.after("transferred", at, by, required("reason", reason), {"to": required("to", to)})
