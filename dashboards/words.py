"""Chinese words for what the domain names in English."""

from __future__ import annotations

from collections.abc import Mapping

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.moves import GATES

VERBS: Mapping[str, str] = {
    "accept": "立案",
    "reject": "不予受理",
    "assign": "转办",
    "sign": "签收",
    "return": "退回",
    "handle": "开始处置",
    "extend": "延期",
    "pause": "中止计时",
    "resume": "恢复计时",
    "draft": "拟稿",
    "review": "审核",
    "publish": "登记发布",
    "fulfil": "登记已履行",
    "close": "办结",
    "reopen": "重新办理",
    "archive": "归档",
    "transfer": "移交",
    "merge": "并单",
}
HAPPENINGS: Mapping[str, str] = {
    "opened": "立案",
    "joined": "并入一条",
    "revised": "来源修改",
    "accepted": "确认立案",
    "rejected": "不予受理",
    "assigned": "转办",
    "signed": "签收",
    "returned": "退回",
    "handled": "开始处置",
    "extended": "延期",
    "recounted": "期限重算",
    "paused": "中止计时",
    "resumed": "恢复计时",
    "drafted": "拟稿",
    "reviewed": "审核",
    "published": "发布",
    "answered": "已答复",
    "fulfilled": "已履行",
    "closed": "办结",
    "reopened": "重新办理",
    "archived": "归档",
    "transferred": "移交",
    "merged": "并入他案",
    "absorbed": "并入他案内容",
    "moved": "并单完成",
    "reminded": "提醒",
    "overdue": "逾期",
    "escalated": "升级",
    "notified": "通知送达",
    "notice_failed": "通知未送达",
}
GATE_NAMES = dict(zip(GATES, ("一审", "二审", "三审", "保密审查"), strict=True))
CLOCK_STATES = {"running": "计时中", "paused": "已中止", "met": "已按期履行", "missed": "已逾期"}
KINDS = {"news": "新闻", "weibo": "微博", "message": "留言", "hotline": "热线"}
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


def clause(clock: Clock) -> str:
    """The clause of a limit; the office's own is never shown as law."""
    return OWN if clock.rule.basis == "office" else clock.rule.reference


def leading(case: Case) -> Clock | None:
    """The clock that is due first."""
    running = [clock for clock in case.running() if clock.due is not None]
    return min(running, key=lambda clock: (str(clock.due), clock.key), default=None)
