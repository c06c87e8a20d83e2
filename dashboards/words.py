"""Chinese words for what the domain names in English."""

from __future__ import annotations

from collections.abc import Mapping

from casework.domain.acts.timing import asked_for
from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.marks import endorsed, standing
from casework.domain.moves import GATES
from casework.domain.office import Office

VERBS: Mapping[str, str] = {
    "accept": "立案",
    "confirm": "认定检举控告",
    "lift": "排除检举控告",
    "reject": "不予受理",
    "assign": "转办",
    "sign": "签收",
    "return": "退回",
    "dispute": "提请协调",
    "handle": "开始处置",
    "ask": "申请延期",
    "extend": "延期",
    "pause": "中止计时",
    "resume": "恢复计时",
    "draft": "拟稿",
    "review": "审核",
    "publish": "登记发布",
    "record": "登记在案",
    "mark": "标记",
    "unmark": "取消标记",
    "endorse": "签批",
    "follow_up": "登记回访",
    "fulfil": "登记已履行",
    "level": "定级",
    "time": "更正时间",
    "close": "办结",
    "reopen": "重新办理",
    "archive": "归档",
    "transfer": "移交",
    "merge": "并单",
    "acknowledge": "签收提醒",
}
MOMENTS: Mapping[str, str] = {
    "occurred": "发生时间",
    "discovered": "发现时间",
    "received": "收到时间",
    "published": "发布时间",
}
"""Moments whose true time a person may enter."""
BUTTONS: Mapping[str, str] = {
    "accept": "确认立案",
    "confirm": "认定，转纪检监察机关",
    "lift": "排除，按普通诉求办理",
    "assign": "转办给该单位",
    "sign": "签收",
    "return": "退回",
    "draft": "提交答复稿",
    "publish": "登记已发布",
    "close": "办结",
    "archive": "归档",
}
"""What the button says, where it is more than the verb."""
GATE_NAMES = dict(zip(GATES, ("一审", "二审", "三审", "保密审查"), strict=True))
CLOCK_STATES = {"running": "计时中", "paused": "已中止", "met": "按期完成", "missed": "逾期"}
OWN = "本单位设定（无上级条文）"
NEXT: Mapping[str, tuple[str, ...]] = {
    "to_review": ("accept", "assign"),
    "opened": ("assign",),
    "assigned": ("sign",),
    "returned": ("assign",),
    "signed": ("draft", "handle"),
    "handling": ("draft",),
    "drafted": ("review",),
    "in_review": ("review",),
    "approved": ("publish",),
    "published": ("close",),
    "closed": ("archive",),
}
"""State → what is usually done next, the first that the person may do."""


WAITS: Mapping[str, str] = {
    "to_review": "等{desk}研判",
    "opened": "等{desk}转办",
    "assigned": "等{department}签收",
    "returned": "等{decides}重新转办",
    "signed": "等{department}核查并拟稿",
    "handling": "等{department}拟稿",
    "drafted": "等{gate}",
    "in_review": "等{gate}",
    "approved": "等发布",
    "published": "等办结",
}
"""State → whom the case waits for."""


def waits(case: Case, office: Office) -> str:
    """Whom the case waits for; empty for one that has ended."""
    gate = GATE_NAMES[GATES[len(case.gates)]] if len(case.gates) < len(GATES) else ""
    if case.suspected:
        return f"等{office.department_name(office.review_desk)}认定是否检举控告"
    if awaits_sign_off(case):
        return "等主要负责人签批"
    names = {"desk": office.department_name(office.review_desk), "department": office.department_name(case.department)}
    names["decides"] = office.department_name(case.desk or office.review_desk)
    text = WAITS.get(case.state, "").format(gate=gate, **names)
    return f"{text}，延期申请等审批" if text and asked_for(case) is not None else text


def next_verbs(case: Case) -> tuple[str, ...]:
    """What is usually done next, the likeliest first; nothing for a case that has ended, except to archive it.

    Where the limit that is due first is met outside the system alone (a report by telephone, a press conference),
    doing and registering that comes before the ordinary order of the work.
    """
    if case.suspected:
        return ("confirm", "lift")
    first = leading(case)
    if awaits_sign_off(case):
        return ("endorse",)
    outside = ("fulfil",) if first is not None and first.rule.met_by == ("fulfilled",) else ()
    return outside + NEXT.get(case.state, ())


def awaits_sign_off(case: Case) -> bool:
    """Whether a marked matter is ready and waits for the 主要负责人 alone."""
    return case.state == "approved" and bool(standing(case)) and endorsed(case) is None


def next_step(case: Case) -> str:
    """The next step for the list; empty for a case that has ended."""
    steps = () if case.ended else next_verbs(case)
    first = leading(case)
    if steps[:1] == ("fulfil",) and first is not None:
        return first.rule.title
    return VERBS[steps[0]] if steps else ""


def clause(clock: Clock) -> str:
    """The clause of a limit; the office's own is never shown as law."""
    return OWN if clock.rule.basis == "office" else clock.rule.reference


def by_due(case: Case) -> list[Clock]:
    """The clocks as they are read: what still runs first, by when it is due; what has no due moment last."""

    def place(clock: Clock) -> tuple[bool, bool, str, str]:
        return clock.met_at is not None, clock.due is None, str(clock.due), clock.key

    return sorted(case.clocks, key=place)


def leading(case: Case) -> Clock | None:
    """The clock that is due first."""
    running = [clock for clock in case.running() if clock.due is not None]
    return min(running, key=lambda clock: (str(clock.due), clock.key), default=None)
