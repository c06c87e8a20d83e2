"""Stages and what is counted in them, as people read it; ``--json`` has the same under English keys."""

from __future__ import annotations

from collections.abc import Mapping

STAGES: Mapping[str, str] = {
    "collect": "收集",
    "import": "导入",
    "load": "入库",
    "assess": "研判",
    "reassess": "重新研判",
    "open": "立案",
    "assign": "转办",
    "notify": "通知",
    "supervise": "督办",
    "label": "更正",
}
COUNTS: Mapping[str, str] = {
    "in": "共",
    "new": "新增",
    "changed": "有修改",
    "seen": "已有",
    "quarantined": "隔离",
    "failing": "没有取到",
    "done": "完成",
    "kept": "不用重判",
    "refused": "未接受",
    "opened": "立案",
    "joined": "并入",
    "none": "不立案",
    "to_review": "待研判",
    "assigned": "转办",
    "default_desk": "转值班台",
    "held": "转纪检（检举控告）",
    "sent": "已送",
    "waiting": "待送",
    "failed": "未送达",
    "looked": "查看",
    "reminded": "提醒",
    "overdue": "逾期",
    "escalated": "升级",
    "errors": "读不了",
    "state": "状态",
    "reason": "原因",
}
STATES: Mapping[str, str] = {"done": "完成", "stopped": "已停", "failed": "失败"}


def counts_line(name: str, counts: Mapping[str, object]) -> str:
    """``入库：共 10，新增 8，…``; a name of two words (``collect henan_gov``) keeps the second."""
    stage, _, rest = name.partition(" ")
    head = f"{STAGES.get(stage, stage)} {rest}".strip()
    told = [
        f"{COUNTS.get(key, key)} {STATES.get(str(value), value)}" for key, value in counts.items() if value is not None
    ]
    return f"{head}：" + "，".join(told)
