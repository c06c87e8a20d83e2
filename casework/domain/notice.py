"""A notice: something a person must be told. It waits in the case's outbox until a channel took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

NAMES: Mapping[str, str] = {
    "assigned": "交办",
    "assigned_co": "协办",
    "reminder": "催办提醒",
    "overdue": "逾期",
    "escalated": "升级",
    "urged": "催办通知书",
    "circulated": "书面通报",
    "returned": "退回",
    "disputed": "职责争议",
    "unsatisfied": "回访不满意",
    "extension": "申请延期",
    "informed": "知会",
    "review_needed": "待研判",
    "graver": "建议定级",
    "alarm": "舆情预警",
    "alarm_over": "预警解除",
    "watch": "关注提醒",
    "source_alarm": "来源告警",
    "source_well": "来源恢复",
}
"""Kind of notice → what it is called, in its own heading, in a case's history and on the pages. The one table."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a department's contact, its head, a leader. ``id`` is ``department/role``."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered notice, ready for a channel. ``key`` is the same at every try: receivers drop repeats by it."""

    key: str
    recipient: Recipient
    subject: str
    body: str
    link: str | None = None
    urgent: bool = False
    kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """``kind``: of the notice; ``fields``: its facts one by one, for channels whose texts are fixed elsewhere."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can take. ``characters`` of a body, ``per_minute`` messages (None: no limit known).

    ``shared``: more people than the recipient read it (a group): what reports wrongdoing must not go there.
    """

    characters: int | None = None
    per_minute: int | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel says of one try. ``retry`` is meaningful only where ``ok`` is false.

    ``retry_after`` is in seconds, where the other side named it. ``detail`` carries no secret. ``receipt``: under what
    the other side can be asked later whether it arrived.
    """

    ok: bool
    retry: bool = False
    detail: str = ""
    retry_after: float | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One entry of a case's outbox.

    ``kind``: one of ``NAMES``. ``to``: ``department/role``.
    ``attempts`` counts failed tries; ``next_at`` is the next moment to try. ``channel`` is the one that took it.
    """

    key: str
    kind: str
    to: str
    created_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    state: str = "waiting"
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    channel: str | None = None
    detail: str = ""
    receipt: str | None = None
    """Under what the service can be asked whether it arrived, until it has said so."""
