"""The ladder of a deadline: who is told when, before and after the due moment.

Practice behind the default steps (workflow.md section 4 of the design notes): a call before the limit ends,
《催办通知书》 the day after with a copy to the 分管领导, 书面通报 five working days later. No law sets these
moments: they are the office's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.deadlines import Unit, compute
from casework.domain.errors import MissingCalendar
from casework.domain.times import parse_time, store_time
from casework.domain.worktime import WorkTime

KINDS = ("reminded", "overdue", "escalated")
HELD = ("reminded", "escalated")
"""What waits while the alarms of a case are acknowledged; that a limit has ended is never held back."""
HOLD_MINUTES = 1440
"""The longest that an acknowledgement holds back a rung, where the ladder does not say (an office's own value)."""
ROLES = ("contact", "head", "leader", "principal")
"""联络员, 部门负责人, 分管领导, 主要负责人."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung. Exactly one of ``share`` (part of the time between start and due, 0 < share < 1),
    ``before_minutes`` (clock minutes before due) and ``after`` (unit, amount; amount 0 = at due) is given.
    ``to`` are roles at the responsible department. ``notice`` is the kind of notice, where it is a paper of its own
    (催办通知书, 书面通报).
    """

    id: str
    kind: str
    to: tuple[str, ...]
    share: float | None = None
    before_minutes: int | None = None
    after_unit: Unit = Unit.CLOCK_MINUTES
    after: int | None = None
    notice: str | None = None

    def at(self, start: datetime, due: datetime, worktime: WorkTime) -> datetime:
        """The moment of this rung for a duty that runs from ``start`` to ``due``."""
        if self.share is not None:
            return start + (due - start) * self.share
        if self.before_minutes is not None:
            return max(start, due - timedelta(minutes=self.before_minutes))
        if not self.after:
            return due
        moment = compute(self.after_unit, self.after, due, worktime).due
        assert moment is not None  # no pause was given
        return moment

    def to_json(self) -> dict[str, Any]:
        """As stored with the frozen rule."""
        return {
            "id": self.id,
            "kind": self.kind,
            "to": list(self.to),
            "share": self.share,
            "before_minutes": self.before_minutes,
            "after_unit": str(self.after_unit),
            "after": self.after,
            "notice": self.notice,
        }


@dataclass(frozen=True, slots=True)
class Moment:
    """A rung with its time."""

    step: str
    kind: str
    to: tuple[str, ...]
    at: datetime

    def to_json(self) -> list[Any]:
        """As stored with a clock."""
        return [self.step, self.kind, list(self.to), store_time(self.at)]

    @staticmethod
    def from_json(value: list[Any]) -> Moment:
        """Read a stored rung back."""
        return Moment(value[0], value[1], tuple(value[2]), parse_time(value[3]))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one ladder, by its name in ``config/escalation.yml``; ``hold_minutes``: see ``rungs.held``."""

    id: str
    steps: tuple[Step, ...]
    hold_minutes: int = HOLD_MINUTES

    def notice_of(self, step: str) -> str | None:
        """The kind of notice of a rung, where it has one of its own."""
        return next((one.notice for one in self.steps if one.id == step), None)

    def moments(self, start: datetime, due: datetime, worktime: WorkTime) -> tuple[tuple[Moment, ...], int | None]:
        """The rungs in order of time, and the year whose calendar is missing for some rung (None: none is)."""
        found, awaits = [], None
        for step in self.steps:
            try:
                found.append(Moment(step.id, step.kind, step.to, step.at(start, due, worktime)))
            except MissingCalendar as error:
                awaits = error.year
        return tuple(sorted(found, key=lambda moment: (moment.at, KINDS.index(moment.kind), moment.step))), awaits

    def to_json(self) -> dict[str, Any]:
        """As stored with the frozen rule."""
        return {"id": self.id, "hold_minutes": self.hold_minutes, "steps": [step.to_json() for step in self.steps]}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Ladder:
        """Read a stored ladder back."""
        steps = [
            Step(**{**step, "to": tuple(step["to"]), "after_unit": Unit(step["after_unit"])}) for step in value["steps"]
        ]
        # Ladders frozen before 2026-11-25 say nothing of acknowledgements.
        return Ladder(value["id"], tuple(steps), value.get("hold_minutes", HOLD_MINUTES))
