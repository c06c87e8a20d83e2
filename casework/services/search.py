"""A search that reprints do not flood: of one text and its reprints the first hit is given, the others are counted."""

from __future__ import annotations

from dataclasses import dataclass

from casework.ports import PostRecord, SearchFilter, Store

AT_FIRST = 4
"""Hits read at first for each line that is wanted."""
PART = 500


@dataclass(slots=True)
class Hit:
    """A post found, and how many more of those found are the same text."""

    record: PostRecord
    reprints: int = 0


def folded(store: Store, query: str, where: SearchFilter, limit: int) -> list[Hit]:
    """The first ``limit`` texts in the store's order (newest first, then by id); the newest hit stands for each.

    Reads further hits until there are enough texts or no more hits; a text's reprints are counted over what was read.
    """
    wanted = limit * AT_FIRST
    while True:
        ids = store.search(query, where, wanted)
        hits = _fold(store, ids)
        if len(hits) >= limit or len(ids) < wanted:
            return hits[:limit]
        wanted *= AT_FIRST


def _fold(store: Store, ids: list[str]) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        records = store.get_posts(part)
        for record in (records[id_] for id_ in part if id_ in records):
            text = record.reprint_of or record.post.id
            if text in hits:
                hits[text].reprints += 1
            else:
                hits[text] = Hit(record)
    return list(hits.values())
