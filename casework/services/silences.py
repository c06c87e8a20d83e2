"""Silences as the office makes and ends them; each act stands in the log with who did it and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from casework.domain.errors import DomainError
from casework.domain.silence import Silence, checked
from casework.ports import AuditEntry, Conflict, NotFound, Sheet, Store
from casework.services.holding import SILENCE


def add_silence(store: Store, silence: Silence, departments: Collection[str]) -> Silence:
    """Keep a new silence. Raises DomainError for one that may not begin or names a department that is not there."""
    checked(silence)
    for department in silence.departments:
        if department not in departments:
            raise DomainError(f"no such department {department!r}; see huiying config show departments")
    store.save_sheet(Sheet(SILENCE, silence.id, silence.to_doc()))
    detail = {"until": silence.to_doc()["until"], "reason": silence.reason}
    store.append_audit(AuditEntry(silence.since, silence.by, "silence_added", silence.id, detail))
    return silence


def silences(store: Store, now: datetime, past: bool = False) -> list[Silence]:
    """Those in force or to come, the one that ends first ahead; with ``past`` all."""
    held = [Silence.from_doc(sheet.id, sheet.doc) for sheet in store.list_sheets(SILENCE)]
    kept = [one for one in held if past or (one.ended_at or one.until) > now]
    return sorted(kept, key=lambda one: (one.ended_at or one.until, one.id))


def end_silence(store: Store, id_: str, by: str, now: datetime) -> Silence:
    """End a silence early: what it held goes out with the next round. Raises NotFound, DomainError."""
    sheet = store.get_sheet(SILENCE, id_)
    if sheet is None:
        raise NotFound(f"no such silence {id_!r}; see huiying silence list")
    held = Silence.from_doc(sheet.id, sheet.doc)
    if (held.ended_at or held.until) <= now:
        raise DomainError(f"{id_} has ended already")
    ended = replace(held, ended_at=now, ended_by=by)
    try:
        store.save_sheet(replace(sheet, doc=ended.to_doc()))
    except Conflict:
        raise DomainError(f"{id_} was ended by somebody else meanwhile") from None
    store.append_audit(AuditEntry(now, by, "silence_ended", id_))
    return ended
