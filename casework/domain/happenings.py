"""What can happen to a case: an append-only history, each entry chained to the one before by its hash.

The history is the case: every other field of a case is what the history makes of it (``casework.domain.case``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.domain import audit
from casework.domain.errors import BrokenChain
from casework.domain.times import parse_time, store_time

WHATS = (
    *("opened", "joined", "revised", "restricted", "confirmed", "lifted", "accepted", "rejected", "assigned", "signed"),
    *("returned", "handled"),
    "disputed",
    *(
        "extension_asked",
        "extended",
        "recounted",
        "level_set",
        "level_proposed",
        "time_set",
        "redated",
        "paused",
        "resumed",
        "drafted",
        "reviewed",
        "published",
        "answered",
        "withdrawn",
        "recorded",
        "marked",
        "unmarked",
        "endorsed",
        "followed_up",
        "forwarded",
        "received",
        "fulfilled",
        "closed",
    ),
    *("reopened", "archived", "transferred", "merged", "absorbed", "moved", "taken", "parted"),
    *("acknowledged", "emergency_opened", "emergency_informed", "emergency_told", "emergency_checked"),
    *("emergency_reviewed", "emergency_closed", "figures"),
    *(
        "reminded",
        "overdue",
        "escalated",
        "notified",
        "notice_failed",
        "notice_arrived",
        "notice_resent",
        "notice_outdated",
    ),
)
"""Every kind of happening; the first three rows are acts, the last is what supervision and notices leave."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: when it happened, what, by whom, the note a person gave, its data (flat JSON), its hash."""

    at: datetime
    what: str
    by: str
    note: str | None
    data: Mapping[str, Any]
    hash: str

    def body(self) -> dict[str, Any]:
        """The entry without its hash, as it is hashed and stored."""
        return {"at": store_time(self.at), "what": self.what, "by": self.by, "note": self.note, "data": self.data}

    def to_json(self) -> dict[str, Any]:
        """The entry as stored."""
        return {**self.body(), "hash": self.hash}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Happening:
        """Read a stored entry back; the hash is taken as it stands (see ``verify``)."""
        at = parse_time(value["at"])
        return Happening(at, value["what"], value["by"], value["note"], value["data"], value["hash"])


def follow(previous: str, at: datetime, what: str, by: str, note: str | None, data: Mapping[str, Any]) -> Happening:
    """The entry that comes after the one hashed ``previous``."""
    entry = Happening(at, what, by, note, data, "")
    return Happening(at, what, by, note, data, audit.digest(previous, entry.body()))


def truly_dated(history: Sequence[Happening]) -> list[Happening]:
    """The entries with their true times: those that a later ``redated`` puts right have its time, not their own.

    Both the entry and the moment that it gives in its data (``at``) are no later than that.
    """
    found = list(history)
    for index, entry in enumerate(history):
        if entry.what == "redated":
            true = parse_time(entry.data["at"])
            for number in range(entry.data["from"], index):
                found[number] = _as_of(found[number], true)
    return found


def _as_of(entry: Happening, true: datetime) -> Happening:
    given = entry.data.get("at")
    later = isinstance(given, str) and parse_time(given) > true
    data = {**entry.data, "at": store_time(true)} if later else entry.data
    return replace(entry, at=min(entry.at, true), data=data)


def verify(history: Iterable[Happening]) -> int:
    """Check the chain; the number of entries. Raises BrokenChain at the first that does not follow."""
    previous, count = audit.START, 0
    for count, entry in enumerate(history, start=1):
        if entry.what not in WHATS:
            raise BrokenChain(count - 1, f"unknown happening {entry.what!r}")
        if audit.digest(previous, entry.body()) != entry.hash:
            raise BrokenChain(count - 1, "its hash does not follow from the entry and the one before")
        previous = entry.hash
    return count
