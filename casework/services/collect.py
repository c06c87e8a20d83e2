"""收集, the second half: lines of post files into the store. Loading twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from casework.domain.errors import InvalidPost
from casework.domain.post import Post, parse_post_line
from casework.ports import PostStore

BATCH = 1000
"""Posts taken in by one call to the store: large enough for a bulk request, small enough to lose little."""
LINE_LIMIT = 16 * 1024 * 1024
"""Bytes; a longer line is no post but a damaged file."""

Quarantine = Callable[[int, str, bytes], None]
"""Called with line number (from 1), reason and the raw line."""


@dataclass(slots=True)
class LoadCounts:
    """in = new + changed + seen + quarantined."""

    new: int = 0
    changed: int = 0
    seen: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        total = self.new + self.changed + self.seen + self.quarantined
        return {
            "in": total,
            "new": self.new,
            "changed": self.changed,
            "seen": self.seen,
            "quarantined": self.quarantined,
        }


def load(
    lines: Iterable[tuple[int, bytes]], store: PostStore, now: datetime, quarantine: Quarantine, counts: LoadCounts
) -> None:
    """Take post lines (number, bytes) into ``store``; invalid ones go to ``quarantine`` and are counted.

    Blank lines are passed over and not counted. ``counts`` is added to.
    """
    batch: list[Post] = []
    for number, raw in lines:
        if not raw.strip():
            continue
        try:
            if len(raw) > LINE_LIMIT:
                raise InvalidPost(f"longer than {LINE_LIMIT} bytes")
            batch.append(parse_post_line(raw))
        except InvalidPost as error:
            quarantine(number, str(error), raw)
            counts.quarantined += 1
            reason = str(error).split(":")[0]
            counts.reasons[reason] = counts.reasons.get(reason, 0) + 1
        if len(batch) >= BATCH:
            _put(batch, store, now, counts)
            batch = []
    if batch:
        _put(batch, store, now, counts)


def _put(batch: list[Post], store: PostStore, now: datetime, counts: LoadCounts) -> None:
    for outcome in store.put_posts(batch, now):
        setattr(counts, outcome, getattr(counts, outcome) + 1)
