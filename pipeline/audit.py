"""``huiying audit verify``: every hash chain of the store, and where one is broken."""

from __future__ import annotations

from typing import Any

from casework.domain import audit, happenings
from casework.domain.errors import BrokenChain
from casework.domain.times import store_time
from casework.ports import AuditEntry, CaseFilter, Store


def verify(store: Store) -> dict[str, Any]:
    """``{"ok", "entries", "broken": [{"where", "why"}]}`` over the cases' histories and the log of acts."""
    entries, broken = 0, []
    for case in store.list_cases(CaseFilter()):
        entries += case.version
        try:
            happenings.verify(case.history)
        except BrokenChain as error:
            broken.append({"where": f"{case.id} entry {error.where}", "why": error.why})
        if case.stored_version not in (None, case.version):
            why = f"{case.stored_version} entries were written, {case.version} are there"
            broken.append({"where": f"{case.id} entry {case.version}", "why": why})
    broken += [{"where": id_, "why": "posts name this case, and it is gone"} for id_ in store.lost_cases()]
    previous = audit.START
    for number, entry in enumerate(store.audit_entries()):
        entries += 1
        if audit.digest(previous, body(entry)) != entry.hash:
            broken.append({"where": f"audit entry {number}", "why": "its hash does not follow from the one before"})
        previous = entry.hash
    return {"ok": not broken, "entries": entries, "broken": broken}


def body(entry: AuditEntry) -> dict[str, Any]:
    """An entry of the log of acts as it is hashed."""
    return {
        "at": store_time(entry.at),
        "by": entry.by,
        "what": entry.what,
        "thing": entry.thing,
        "detail": dict(entry.detail),
    }
