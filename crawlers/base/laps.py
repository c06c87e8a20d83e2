"""Whether the walk of a list comes back to where it was: pages in a ring, or pages that show the same rows for ever.

Where a walk was is kept in the source's memory under ``walked`` (list and place → number of the page), so that a
killed walk which is resumed still knows; which rows it saw is known to the process alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.collector import Collector


class Laps:
    """The places and rows of every list that is being walked."""

    def __init__(self, collector: Collector) -> None:
        self._seen = collector.seen
        self._rows: dict[str, set[str]] = {}

    def came_back(self, name: str, number: int, here: str, following: str | None, rows: Iterable[str]) -> str | None:
        """Take page ``number`` (from 1) of a list; answers why the walk must not go on to ``following``, or None.

        ``here`` and ``following`` are addresses or cursors, ``rows`` the ids on the page, pinned ones left out.
        """
        if number == 1:
            self._begin(name)
        self._seen.keep("walked", _key(name, here), number)
        shown, rows = self._rows.setdefault(name, set()), set(rows)
        unseen = rows - shown
        shown |= rows
        if following is not None and self._seen.kept("walked", _key(name, following)) is not None:
            return f"page {number} leads back to {following[:200]}, which this walk has read"
        if rows and not unseen:
            return f"page {number} shows nothing but what the pages before it showed"
        return None

    def _begin(self, name: str) -> None:
        self._rows.pop(name, None)
        begins = _key(name, "")
        for key in [key for key in self._seen.all_kept("walked") if key.startswith(begins)]:
            self._seen.keep("walked", key, None)


def _key(name: str, place: str) -> str:
    return f"{name} {place}"
