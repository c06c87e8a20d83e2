"""确认收到: the recipient of a notice says by its link that he has it in hand; the ladder waits, as for any such word.

A link acknowledges exactly its notice, once. Who holds it proves no more than that he got the notice: he sees nothing
of the case by it, and can do nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.notice import Notice
from casework.domain.office import Office
from casework.ports import AuditEntry, NotFound, Store
from casework.services.open_cases import find_case
from casework.services.telling import recipient

DONE, AGAIN, OVER = "done", "again", "over"
"""Acknowledged now; acknowledged before; nothing runs any more that could alarm."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A notice as its link names it, with the case that speaks for it now."""

    case: Case
    notice: Notice

    @property
    def state(self) -> str:
        """What a click would come to: DONE, AGAIN or OVER."""
        for entry in self.case.history:
            if entry.what == "acknowledged" and entry.data.get("notice") == self.notice.key:
                return AGAIN
        return DONE if self.case.running() else OVER


def asked(store: Store, case: str, names: Callable[[str], bool]) -> Asked:
    """The notice of a case whose key ``names`` knows. Raises NotFound, also where it may not be told any more."""
    found = store.get_case(case)
    for notice in found.outbox:
        if names(notice.key):
            speaking = find_case(store, case)
            if notice.to.partition("/")[0] in speaking.excluded:
                break
            return Asked(speaking, notice)
    raise NotFound("no such notice")


def acknowledge(store: Store, office: Office, one: Asked, now: datetime) -> Asked:
    """Record it; the notice as it stands then. Running it again changes nothing. Raises Conflict."""
    if one.state != DONE:
        return one
    by = f"{recipient(one.notice.to, office)}（确认链接）"
    try:
        after = acts.acknowledge(one.case, None, by, now, None, one.notice.key)
    except DomainError:
        return one
    store.save_case(after)
    store.append_audit(AuditEntry(now, by, "acknowledged_by_link", one.case.id, {"notice": one.notice.key}))
    return Asked(after, one.notice)
