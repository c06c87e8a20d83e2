"""静默: for a time, by a person and for a reason, some notices are not sent; they wait, and go out when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.emergency import urgent
from casework.domain.errors import DomainError
from casework.domain.notice import NAMES, Notice
from casework.domain.times import parse_time, store_time


@dataclass(frozen=True, slots=True)
class Silence:
    """What is silent: every given condition must hold; one that is empty holds for all. From ``since`` until ``until``.

    ``cases`` are ids of cases, ``departments`` of departments, ``roles`` and ``kinds`` those of notices.
    """

    id: str
    since: datetime
    until: datetime
    by: str
    reason: str
    cases: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    ended_at: datetime | None = None
    ended_by: str | None = None

    def active(self, now: datetime) -> bool:
        """Whether it is in force at ``now``."""
        return self.since <= now < (self.ended_at or self.until)

    def holds(self, case: Case, notice: Notice, now: datetime) -> bool:
        """Whether it keeps this notice back at ``now``; what is urgent only where it names the case."""
        if not self.active(now) or (urgent(case) and case.id not in self.cases):
            return False
        department, _, role = notice.to.partition("/")
        asked = ((self.cases, case.id), (self.departments, department), (self.roles, role), (self.kinds, notice.kind))
        return all(not wanted or value in wanted for wanted, value in asked)

    def to_doc(self) -> dict[str, Any]:
        """As kept in a sheet."""
        return {
            **{name: store_time(getattr(self, name)) for name in ("since", "until")},
            "by": self.by,
            "reason": self.reason,
            **{name: list(getattr(self, name)) for name in ("cases", "departments", "roles", "kinds")},
            "ended_at": store_time(self.ended_at) if self.ended_at else None,
            "ended_by": self.ended_by,
        }

    @staticmethod
    def from_doc(id_: str, doc: Mapping[str, Any]) -> Silence:
        """Read it back."""
        return Silence(
            id=id_,
            since=parse_time(doc["since"]),
            until=parse_time(doc["until"]),
            by=doc["by"],
            reason=doc["reason"],
            cases=tuple(doc["cases"]),
            departments=tuple(doc["departments"]),
            roles=tuple(doc["roles"]),
            kinds=tuple(doc["kinds"]),
            ended_at=parse_time(doc["ended_at"]) if doc["ended_at"] else None,
            ended_by=doc["ended_by"],
        )


def checked(silence: Silence) -> Silence:
    """The silence, where it may begin. Raises DomainError: no end, no reason, or no condition at all."""
    if silence.until <= silence.since:
        raise DomainError("a silence ends after it begins; give a later end")
    if not silence.reason.strip() or not silence.by.strip():
        raise DomainError("a silence names who asked for it and why")
    if not (silence.cases or silence.departments or silence.roles or silence.kinds):
        raise DomainError("a silence of everything is not allowed; name a case, department, role or kind of notice")
    for kind in silence.kinds:
        if kind not in NAMES:
            raise DomainError(f"no kind of notice {kind!r}; write one of {', '.join(NAMES)}")
    return silence
