"""What one run saw of its rows: which fields they had, how long their texts are, how late they were collected.

The watch compares it with the runs before: a page whose layout changed gives rows without what they always had.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework.domain.times import parse_time
from crawlers.to_post import Item

FIELDS = ("title", "date", "author", "origin", "text", "post")
"""What is counted of every row; ``origin`` is the medium that an article names as its source, ``post`` that the row
could be read at all."""
NO_ROW = ("text: ", "the row ")
"""How a spider's refusal begins of what should have been a row and was none."""
_KEPT = 41
"""Delays kept of one run, evenly over their order: enough for its quantiles."""


class Tally:
    """Counts of one run. ``since``: when listening began; what was published before says nothing of our delay."""

    def __init__(self, since: datetime | None = None) -> None:
        self.since = since
        self.rows = 0
        self.having = dict.fromkeys(FIELDS, 0)
        self._lengths: list[int] = []
        self._delays: list[int] = []

    def row(self, item: Item) -> None:
        """A row as it was read, whether it can become a post or not."""
        held = (item.title, item.published, item.author, item.extra.get("origin"), item.text)
        self.rows += 1
        for name, value in zip(FIELDS, held, strict=False):
            self.having[name] += bool(value)
        if isinstance(item.text, str) and item.text:
            self._lengths.append(len(item.text))

    def refused(self, reason: str) -> None:
        """What was put aside before it became a row; a page that could not be had tells nothing of its layout."""
        self.rows += reason.startswith(NO_ROW)

    def readable(self) -> None:
        """The row became a post."""
        self.having["post"] += 1

    def fresh(self, post: dict[str, Any]) -> None:
        """A new post: how long after its publication it was collected, where the page tells the time of day."""
        if self.since is None or post.get("extra", {}).get("time_shown") == "day":
            return
        published = parse_time(post["published_at"])
        if published >= self.since:
            self._delays.append(max(0, int((parse_time(post["collected_at"]) - published).total_seconds())))

    def to_json(self) -> dict[str, Any]:
        """Counts by field, the median length, delays in seconds: a sample, and of how many posts."""
        value: dict[str, Any] = {}
        if self.rows:
            value |= {"rows": self.rows, "having": self.having}
        if self._lengths:
            value["length"] = sorted(self._lengths)[len(self._lengths) // 2]
        if self._delays:
            value |= {"delays": _sample(sorted(self._delays)), "timed": len(self._delays)}
        return value


def _sample(ordered: Sequence[int]) -> list[int]:
    if len(ordered) <= _KEPT:
        return list(ordered)
    return [ordered[round(i * (len(ordered) - 1) / (_KEPT - 1))] for i in range(_KEPT)]
