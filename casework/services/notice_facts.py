"""What a notice may say: who, what, how serious, due when by which clause, what to do, where. Masked only.

No draft and no instruction of a leader (批示) is among it: a notice leaves the system, and they must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.moves import STATES
from casework.domain.notice import NAMES, Notice
from casework.domain.office import Office
from casework.domain.times import full_time, short_time

LEVELS = {"extraordinary": "特别重大", "major": "重大", "serious": "较大", "ordinary": "一般", "none": "非突发事件"}
ACTIONS = {
    "assigned": "请签收并办理；不属本单位职责的，请说明理由退回。",
    "assigned_co": "请配合主办单位办理。",
    "reminder": "请在期限前办结本项，确需延期的请提前申请。",
    "overdue": "本项已到期限，请立即办理并说明原因。",
    "escalated": "本项逾期未办，请督促办理。",
    "urged": "本项到期未办结，请立即办理，书面说明原因和办结时间，并报分管领导。",
    "circulated": "本项经催办仍未办结，予以书面通报，请主要负责人亲自过问，限期办结。",
    "returned": "承办单位退回，请重新确定承办单位。",
    "disputed": "职责有争议，请协调确定承办单位；协调结果为最终决定。",
    "unsatisfied": "回访不满意，案件已重新办理：请联系当事人核实，重新答复。",
    "extension": "承办单位申请延期，请批准，或者按原期限催办。",
    "graver": "同一件事有帖文反映得更严重，请核实后定级（case level），或维持原级别。",
    "informed": "投诉件知会：请关注办理情况，由主办单位办理。",
    "review_needed": "系统不能确定如何处理，请人工研判。",
}
"""What to do, by kind of notice: a notice without an action is noise."""

TOLD_BY = {"returned": "returned", "disputed": "disputed", "unsatisfied": "reopened", "extension": "extension_asked"}
"""Kind of notice → the happening whose note is its reason."""


def facts_of_notice(
    case: Case, notice: Notice, office: Office, now: datetime, count: int = 1, place: str | None = None
) -> dict[str, object]:
    """The facts of a notice; ``count``: how many messages it stands for; ``place``: where it is, in words."""
    clock = _clock(case, notice)
    due = clock.due if clock else None
    return {
        "case_id": case.id,
        "title": case.title,
        "department": office.department_name(case.department),
        "place": place,
        "state": STATES[case.state],
        "severity_label": LEVELS.get(case.severity or "", "待研判"),
        "due": due or _not_before(clock),
        "rule_title": clock.rule.title if clock else None,
        "reference": clock.rule.reference if clock else None,
        "basis": clock.rule.basis if clock else None,
        "time_left": time_left(due, now) if due else None,
        "count": f"本案共 {count} 件诉求同此情形，所列为最早到期的一件" if count > 1 else None,
        "reason": _reason(case, notice),
        "action": ACTIONS[notice.kind],
        "link": f"{office.link_base}/cases/{case.id}",
    }


def _not_before(clock: Clock | None) -> str | None:
    """What is said in place of the due moment while the calendar of its year is not out."""
    if clock is None or clock.provisional is None:
        return None
    return f"待{clock.awaits}年放假安排公布，最早 {full_time(clock.provisional)}"


def fields_of(kind: str, facts: Mapping[str, object]) -> dict[str, str]:
    """The facts one by one, as short texts."""
    texts = {"kind": NAMES[kind]}
    for name, value in facts.items():
        if value is not None:
            texts[name] = short_time(value) if isinstance(value, datetime) else str(value)
    return texts


def _reason(case: Case, notice: Notice) -> str | None:
    """Why this notice: the routing sentence, the department's reason for returning, or nothing."""
    if notice.kind in TOLD_BY:
        what = TOLD_BY[notice.kind]
        told = [entry.note for entry in case.history if entry.what == what and entry.at == notice.created_at]
        return told[-1] if told else None
    if notice.kind == "graver":
        return f"新并入的帖文疑为{LEVELS[notice.facts['to']]}，现定为{LEVELS.get(case.severity or '', '待研判')}"
    if notice.kind == "review_needed":
        return "系统不能确定是否立案，须由人工研判"
    return case.reason or None


def _clock(case: Case, notice: Notice) -> Clock | None:
    """The clock that a notice speaks of; without one, the clock that is due first."""
    key = notice.facts.get("clock")
    for clock in case.clocks:
        if clock.key == key:
            return clock
    running = [clock for clock in case.running() if clock.due is not None]
    return min(running, key=lambda clock: (clock.due, clock.key), default=None)


def time_left(due: datetime, now: datetime) -> str:
    """还有 3 小时 20 分, or 已逾期 2 天 3 小时: the two largest units."""
    minutes = int(abs((due - now).total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "天"), (hours, "小时"), (rest, "分")) if number]
    amount = " ".join(parts[:2]) or "不到 1 分"
    return f"还有 {amount}" if now < due else f"已逾期 {amount}"
