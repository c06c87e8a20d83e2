"""Searching posts in SQLite, page by page with counts by facet, from one index that holds all that is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from casework.domain.search import tokens
from casework.domain.times import store_time
from casework.records import COUNTED, FACETS, PostPage, PostQuery
from casework.stores.codec import record_from
from casework.stores.sqlite_base import SqliteFile, marks
from casework.stores.sqlite_posts import match

NOTHING = PostPage((), 0, False, {name: () for name in FACETS})


class SqliteFinding:
    """``find_posts`` over an open file."""

    file: SqliteFile

    def find_posts(self, where: PostQuery, offset: int, limit: int) -> PostPage:
        """See the port."""
        if where.query is not None and not tokens(where.query):
            return NOTHING
        sql, values = _filter(where)
        # The index holds every column but the text: without it each row would be read with its document.
        found = self.file.all(
            f"select n, {','.join(FACETS)} from posts indexed by posts_found where {sql} "
            "order by published desc, id limit ?",
            (*values, max(COUNTED + 1, offset + limit)),
        )
        numbers = [row[0] for row in found[offset : offset + limit]]
        docs = dict(self.file.all(f"select n, doc from posts where n in ({marks(len(numbers))})", numbers))
        records = tuple(record_from(orjson.loads(docs[number])) for number in numbers if number in docs)
        return PostPage(records, min(len(found), COUNTED), len(found) > COUNTED, _facets(found[:COUNTED]))


def _facets(rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[tuple[str, int], ...]]:
    counts = {name: Counter(row[at] for row in rows if row[at] is not None) for at, name in enumerate(FACETS, 1)}
    return {name: ordered(count) for name, count in counts.items()}


def ordered(count: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Values with their numbers, the most first, then by value."""
    return tuple(sorted(count.items(), key=lambda pair: (-pair[1], pair[0])))


def _filter(where: PostQuery) -> tuple[str, list[Any]]:
    tests = {
        "n in (select rowid from post_text where post_text match ?)": match(where.query) if where.query else None,
        "kind=?": where.kind,
        "source=?": where.source,
        "severity=?": where.severity,
        "sentiment=?": where.sentiment,
        "board_domain=?": where.board_domain,
        "message_type=?": where.message_type,
        "published>=?": store_time(where.since) if where.since else None,
        "published<?": store_time(where.until) if where.until else None,
        "instr(regions, ' ' || ?)": where.region,
        "report=?": None if where.reports else 0,
    }
    given = {sql: value for sql, value in tests.items() if value is not None}
    sql, values = ["decision is not null", *given], list(given.values())
    if where.without_cases:
        sql.append(f"(cas is null or cas not in ({marks(len(where.without_cases))}))")
        values += where.without_cases
    return " and ".join(sql), values
