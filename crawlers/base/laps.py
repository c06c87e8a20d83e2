"""Whether the walk of a list comes back to where it was: pages in a ring, or pages that show the same rows for ever.

Where a walk was is kept in the source's memory under ``walked`` (list and place → number of the page), so that a
killed walk which is resumed still knows; which rows it saw is known to the process alone, and of the first page and the
newest ones only, so that a long list costs no more than a short one: a site shows again its last page, or its first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from crawlers.collector import Collector

_NEWEST = 20
"""Pages whose rows are remembered, besides the first."""


class Laps:
    """The places and rows of every list that is being walked."""

    def __init__(self, collector: Collector) -> None:
        self._seen = collector.seen
        self._first: dict[str, set[str]] = {}
        self._newest: dict[str, deque[set[str]]] = {}

    def came_back(self, name: str, number: int, here: str, following: str | None, rows: Iterable[str]) -> str | None:
        """Take page ``number`` (from 1) of a list; answers why the walk must not go on to ``following``, or None.

        ``here`` and ``following`` are addresses or cursors, ``rows`` the ids on the page, pinned ones left out.
        """
        if number == 1:
            self._begin(name)
        self._seen.keep("walked", _key(name, here), number)
        rows, newest = set(rows), self._newest.setdefault(name, deque(maxlen=_NEWEST))
        unseen = rows.difference(self._first.get(name, ()), *newest)
        self._first.setdefault(name, rows)
        newest.append(rows)
        if following is not None and self._seen.kept("walked", _key(name, following)) is not None:
            return f"page {number} leads back to {following[:200]}, which this walk has read"
        if rows and not unseen:
            return f"page {number} shows nothing but what the pages before it showed"
        return None

    def _begin(self, name: str) -> None:
        self._first.pop(name, None)
        self._newest.pop(name, None)
        begins = _key(name, "")
        for key in [key for key in self._seen.all_kept("walked") if key.startswith(begins)]:
            self._seen.keep("walked", key, None)


def _key(name: str, place: str) -> str:
    return f"{name} {place}"
