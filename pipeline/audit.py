"""``huiying audit verify``: every hash chain of the store, and where one is broken."""

from __future__ import annotations

from typing import Any

from casework.domain.case import chain_fault
from casework.ports import CaseFilter, Store
from casework.records import broken_entries
from pipeline import seals
from pipeline.settings import Settings


def verify(store: Store, settings: Settings | None = None) -> dict[str, Any]:
    """``{"ok", "entries", "broken": [{"where", "why"}]}`` over the cases' histories and the log of acts.

    With ``settings`` also against the seals: ``seals`` (how many), ``sealed_at`` (the last, None: none).
    """
    entries, broken = 0, []
    for case in store.list_cases(CaseFilter()):
        entries += case.version
        fault = chain_fault(case)
        if fault is not None:
            broken.append({"where": f"{case.id} entry {fault.where}", "why": fault.why})
    broken += [{"where": id_, "why": "posts name this case, and it is gone"} for id_ in store.lost_cases()]
    log = list(store.audit_entries())
    why = "its hash does not follow from the one before"
    broken += [{"where": f"audit entry {number}", "why": why} for number in broken_entries(log)]
    sealed: dict[str, Any] = {}
    if settings is not None:
        found = seals.verify(store, settings)
        broken += found["broken"]
        sealed = {"seals": found["seals"], "sealed_at": found["last"]}
    return {"ok": not broken, "entries": entries + len(log), "broken": broken, **sealed}
