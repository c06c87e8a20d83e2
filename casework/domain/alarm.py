"""An alarm of the office: something of its own work that it must be told, and that belongs to no case.

One alarm a thing that is watched. It is told when it begins, again when it becomes another, and once when it is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from casework.domain.notice import Notice

RAISED, OVER = "source_alarm", "source_well"
"""Kinds of notice."""
KEPT = 10
"""Notices that were told stay so many; one that still waits always stays."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a watch found. ``state`` None: all is well. ``facts`` are those of a notice's text.

    ``quiet``: an alarm that ends this way ends without a word (the office itself switched the thing off). ``kind``: of
    the notice that tells it; ``over``: of the one that tells its end.
    """

    id: str
    state: str | None
    facts: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    kind: str = RAISED
    over: str = OVER


@dataclass(frozen=True, slots=True)
class Alarm:
    """``state`` is what was told last (None: that it is over), ``since`` when; ``number`` counts what was told.

    ``token`` is the store's, as a case's.
    """

    id: str
    state: str | None
    since: datetime
    number: int = 0
    notices: tuple[Notice, ...] = ()
    token: str | None = None

    def waiting(self, now: datetime) -> list[Notice]:
        """Notices whose moment has come."""
        return [one for one in self.notices if one.state == "waiting" and (one.next_at is None or one.next_at <= now)]

    def with_notice(self, notice: Notice) -> Alarm:
        """The alarm with a newer state of one of its notices."""
        return replace(self, notices=tuple(notice if one.key == notice.key else one for one in self.notices))


def told(alarm: Alarm | None, finding: Finding, to: str, now: datetime) -> Alarm | None:
    """The alarm after a finding, with a notice ``to`` (``department/role``); None where there is nothing to say."""
    if finding.state == (alarm.state if alarm else None):
        return None
    held = alarm or Alarm(finding.id, None, now)
    number = held.number + 1
    over = finding.state is None
    notices = held.notices
    if not (over and finding.quiet):
        kind = finding.over if over else finding.kind
        key = f"{finding.id}/{number}"
        notices = (*notices, Notice(key, kind, to, now, finding.facts, urgent=not over, next_at=now))
    done = [one for one in notices if one.state != "waiting"]
    let_go = {one.key for one in done[:-KEPT]}
    kept = tuple(one for one in notices if one.key not in let_go)
    return replace(held, state=finding.state, since=now, number=number, notices=kept)
