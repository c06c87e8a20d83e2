"""What a paper says, as numbers with what stands behind them; the texts are masked before they come here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

KIND_LABELS = {"news": "新闻", "weibo": "微博", "message": "网民留言", "hotline": "热线工单"}
SENTIMENT_LABELS = {"negative": "负面", "neutral": "中性", "positive": "正面"}
SEVERITY_LABELS = {
    "extraordinary": "特别重大",
    "major": "重大",
    "serious": "较大",
    "ordinary": "一般",
    "none": "非突发事件",
}
SEVERITY_UNKNOWN = "待人工定级"
"""``severity.level`` null: the law sets no level or the text does not suffice."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number with what it is out of and the ids behind it.

    ``of``: the denominator, None where the number is the whole. ``ids``: ids of the posts (or cases) counted,
    one each; None only for what has no id in the store, such as quarantined lines. Raises ValueError where
    they differ in number. ``unit``: 条 for posts, 个 for events, 件 for cases.
    """

    label: str
    count: int
    of: int | None = None
    ids: tuple[str, ...] | None = None
    unit: str = "条"

    def __post_init__(self) -> None:
        if self.count < 0 or (self.of is not None and self.count > self.of):
            raise ValueError(f"{self.label}: {self.count} of {self.of} cannot be")
        if self.ids is not None and len(self.ids) != self.count:
            raise ValueError(f"{self.label}: counts {self.count} but names {len(self.ids)} ids")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people say of an event, in a masked sentence, with the posts that say it."""

    text: str
    post_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.post_ids:
            raise ValueError(f"opinion without a post behind it: {self.text[:40]!r}")


@dataclass(frozen=True, slots=True)
class TopEvent:
    """One event of the day: masked title, how many posts, heat (see ``casework.domain.heat``), their ids."""

    title: str
    posts: int
    heat: float
    post_ids: tuple[str, ...]
    opinions: tuple[Opinion, ...] = ()

    def __post_init__(self) -> None:
        if self.posts != len(self.post_ids) or not self.post_ids:
            raise ValueError(f"event {self.title[:40]!r}: {self.posts} posts but {len(self.post_ids)} ids")


@dataclass(frozen=True, slots=True)
class DepartmentDay:
    """A department's day by the ids of its cases: opened in the period, late at its end, due on the day."""

    name: str
    opened: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    due_today: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """A case that is late. ``basis`` ``office`` marks the office's own limit, which is never shown as law."""

    case_id: str
    title: str
    department: str
    rule_title: str
    reference: str
    basis: str
    due: datetime


@dataclass(frozen=True, slots=True)
class DailyFigures:
    """The figures of a daily report over [``since``, ``until``), aware moments; labels in Chinese.

    ``stages``: collected, new, assessed, events, cases … in the order of the work. ``kinds``, ``severities``,
    ``sentiments``: shares, each with its denominator. ``events``: hottest first.
    Raises ValueError for a time without offset, a period that runs backwards or a share without denominator.
    """

    date: date
    office: str
    since: datetime
    until: datetime
    stages: tuple[Count, ...] = ()
    kinds: tuple[Count, ...] = ()
    severities: tuple[Count, ...] = ()
    sentiments: tuple[Count, ...] = ()
    events: tuple[TopEvent, ...] = ()
    departments: tuple[DepartmentDay, ...] = ()
    overdue: tuple[OverdueItem, ...] = ()

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("since, until: a time without offset")
        if self.since >= self.until:
            raise ValueError(f"since {self.since.isoformat()} is not before until {self.until.isoformat()}")
        for share in (*self.kinds, *self.severities, *self.sentiments):
            if share.of is None:
                raise ValueError(f"{share.label}: a share without its denominator")

    @property
    def empty(self) -> bool:
        """Nothing came in and nothing is open."""
        came_in = any(stage.count for stage in self.stages) or self.events
        return not (came_in or self.departments or self.overdue)
