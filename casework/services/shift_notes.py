"""交接班记录: what one shift of the news office hands to the next. Notes are added, never changed; each is logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.domain.errors import DomainError
from casework.domain.times import parse_time, store_time
from casework.ports import AuditEntry, Sheet, Store

KIND = "shift_note"
LONGEST = 5000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class ShiftNote:
    """A note as it was left."""

    at: datetime
    by: str
    text: str


def add_note(store: Store, text: str, by: str, now: datetime) -> ShiftNote:
    """Keep a note. Raises DomainError for an empty or too long one, or a second one of a person in one moment."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise DomainError(f"a note has 1 to {LONGEST} characters; this one has {len(text)}")
    note = ShiftNote(now, by, text)
    # By time and person: a form sent twice by one click is one note.
    sheet = Sheet(KIND, f"{store_time(now)}~{by}", {"at": store_time(now), "by": by, "text": text})
    if store.get_sheet(KIND, sheet.id) is not None:
        raise DomainError("this note is kept already")
    store.save_sheet(sheet)
    store.append_audit(AuditEntry(now, by, "shift_note_added", sheet.id))
    return note


def notes(store: Store, limit: int) -> list[ShiftNote]:
    """The newest notes, the newest first."""
    held = [ShiftNote(parse_time(one.doc["at"]), one.doc["by"], one.doc["text"]) for one in store.list_sheets(KIND)]
    return sorted(held, key=lambda note: (note.at, note.by), reverse=True)[:limit]
