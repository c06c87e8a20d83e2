"""突发事件: the emergency track of a case, as its history makes it: who did what, what is known, who was told.

A track is opened by the level of the matter (较大 and above), or by hand; it ends with a review (复盘). The limits of
an emergency (15 and 35 minutes, 5 and 24 hours, 08:00 and 17:00) are clocks of the case like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from casework.domain.case import Case
from casework.domain.checklist import Item
from casework.domain.happenings import Happening
from casework.domain.times import parse_time

LEVELS = ("extraordinary", "major", "serious", "ordinary")
"""特别重大, 重大, 较大, 一般 (突发事件应对法 第三条), the gravest first."""
URGENT = frozenset({"extraordinary", "major", "serious"})
"""Levels that open a track by themselves: follow-ups are due from 较大 on (河南省应急管理厅通知)."""
REPORTS = "report_"
"""What the duties of reporting upwards begin with."""
NET = frozenset({"news", "weibo", "message"})
"""Kinds of post that stand on the net; a call to the hotline does not."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What was recorded of a checklist item, of information, of somebody told: when it was so, by whom, the words.

    ``at`` is when it was done or known; ``recorded`` when it was entered. ``about``: the source of information, how
    somebody was told, or ``not_needed`` of an item left out.
    """

    at: datetime
    recorded: datetime
    by: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """The track so far. ``by`` None: opened by the level. ``checks``: item → what was last recorded of it."""

    opened_at: datetime
    reason: str = ""
    by: str | None = None
    checks: Mapping[str, Mark] = field(default_factory=dict)
    information: tuple[Mark, ...] = ()
    told: tuple[Mark, ...] = ()
    review: Mark | None = None
    closed_at: datetime | None = None

    def left(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """What is required and was not done."""
        return tuple(item for item in items if item.required and item.id not in self.checks)


def urgent(case: Case) -> bool:
    """Whether the notices of a case go out at any hour: an emergency, or one of which the level is not known yet."""
    if case.severity is None or case.severity in URGENT:
        return True
    found = track(case)
    return found is not None and found.closed_at is None


def track(case: Case) -> Track | None:
    """The emergency track of a case; None where it never had one."""
    found: Track | None = None
    for entry in case.history:
        found = _after(found, entry)
    return found


def is_open(case: Case) -> bool:
    """Whether the track of a case is open; that of a case that was merged goes on in the one that took it."""
    found = None if case.state == "merged" else track(case)
    return found is not None and found.closed_at is None


def _after(found: Track | None, entry: Happening) -> Track | None:
    level = entry.data.get({"opened": "severity", "level_set": "to"}.get(entry.what, ""))
    if level in URGENT and (found is None or found.closed_at is not None):
        by = entry.by if entry.what == "level_set" and entry.by != "huiying" else None
        return _reopened(found, Track(entry.at, entry.note or "", by))
    if entry.what == "absorbed" and entry.data.get("emergency") and (found is None or found.closed_at is not None):
        return _reopened(found, Track(entry.at, f"并入的案件 {entry.data['from']} 正在按突发事件处置"))
    if entry.what == "emergency_opened":
        return _reopened(found, Track(entry.at, entry.note or "", entry.by))
    if found is None or not entry.what.startswith("emergency_"):
        return found
    if entry.what == "emergency_closed":
        return replace(found, closed_at=entry.at)
    mark = _mark(entry)
    if entry.what == "emergency_checked":
        return replace(found, checks={**found.checks, entry.data["item"]: mark})
    if entry.what == "emergency_informed":
        # By when it was so, not by when it was entered: what came first stands first.
        ordered = sorted((*found.information, mark), key=lambda one: (one.at, one.recorded))
        return replace(found, information=tuple(ordered))
    if entry.what == "emergency_told":
        return replace(found, told=(*found.told, mark))
    return replace(found, review=mark)


def _reopened(before: Track | None, fresh: Track) -> Track:
    """A track that opens again keeps what is known and who was told; what was done is to be done anew."""
    return fresh if before is None else replace(fresh, information=before.information, told=before.told)


def _mark(entry: Happening) -> Mark:
    at = parse_time(entry.data["at"]) if entry.data.get("at") else entry.at
    return Mark(at, entry.at, entry.by, entry.note or "", entry.data.get("about", ""))


@dataclass(frozen=True, slots=True)
class Trail:
    """Reports beside the net (绝不允许出现信息报送滞后于网络消息的现象, 河南省应急管理厅通知).

    ``on_net``: when the first post stood on the net. ``reported``: the first report upwards. ``newer``: how many posts
    stand on the net that are younger than the last report.
    """

    on_net: datetime | None
    reported: datetime | None
    last: datetime | None
    newer: int

    def behind(self, now: datetime) -> timedelta | None:
        """How far the first report trails the net, still growing while there is none; None where it does not."""
        if self.on_net is None:
            return None
        late = (self.reported or now) - self.on_net
        return late if late > timedelta(0) else None


def trail(case: Case, posts: Iterable[tuple[str, datetime]]) -> Trail:
    """Reports of a case beside its posts, given as (kind, published)."""
    reports = sorted(reported_at(case))
    on_net = sorted(at for kind, at in posts if kind in NET)
    last = reports[-1] if reports else None
    newer = [at for at in on_net if last is not None and at > last]
    return Trail(on_net[0] if on_net else None, reports[0] if reports else None, last, len(newer))


def reported_at(case: Case) -> list[datetime]:
    """When a report upwards was made, as recorded by ``fulfil``."""
    duties = {clock.key: clock.rule.duty for clock in case.clocks}
    return [
        parse_time(entry.data["at"])
        for entry in case.history
        if entry.what == "fulfilled" and any(duties.get(key, "").startswith(REPORTS) for key in entry.data["keys"])
    ]
