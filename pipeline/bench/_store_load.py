"""Loading through the store against the bare driver writing the same, in alternating runs."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.domain.post import Post, parse_post_line
from casework.records import PostRecord
from casework.services.collect import AT_ONCE, LoadCounts, load
from pipeline.bench import Row, row

RUNS = 5
BATCH = 1000
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def _batches(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def _load(store: Any, lines: Sequence[bytes]) -> None:
    counts = LoadCounts()
    load(enumerate(lines, start=1), store, NOW, lambda number, reason, raw: None, counts)
    if counts.new != len(lines):
        raise AssertionError(f"{counts.to_json()}: a figure counts new posts only")


def _compare(ours: Callable[[], float], bare: Callable[[], float]) -> tuple[float, str]:
    """Median of ours per bare over RUNS alternating runs; a warm-up run of each comes first."""
    ours(), bare()
    pairs = [(ours(), bare()) for _ in range(RUNS)]
    ratios = [theirs / mine for mine, theirs in pairs]
    shown = "; ".join(f"load {mine:.2f} s, bare {theirs:.2f} s" for mine, theirs in pairs)
    return statistics.median(ratios), shown


def sqlite_ratio(lines: list[bytes]) -> Row:
    """CPU seconds of this process: bare ``executemany`` over the whole load (parse, check, prepare, write)."""
    from casework.stores.sqlite import SqliteStore
    from casework.stores.sqlite_posts import INSERT, INSERT_TEXT, new_rows

    posts: list[Post] = [parse_post_line(line) for line in lines]
    prepared = [new_rows(number, PostRecord(post)) for number, post in enumerate(posts, start=1)]

    def timed(work: Callable[[SqliteStore], None]) -> float:
        with tempfile.TemporaryDirectory() as folder:
            store = SqliteStore(Path(folder) / "x.db", "")
            store.migrate()
            started = time.process_time()
            work(store)
            seconds = time.process_time() - started
            store.close()
        return seconds

    def bare(store: SqliteStore) -> None:
        for batch in _batches(prepared):
            with store.file.writing():
                store.file.many(INSERT, [pair[0] for pair in batch])
                store.file.many(INSERT_TEXT, [pair[1] for pair in batch])

    ratio, shown = _compare(lambda: timed(lambda store: _load(store, lines)), lambda: timed(bare))
    detail = f"{len(lines)} posts, CPU seconds: {shown}"
    return row("load_sqlite", ratio, "ratio", "bare executemany of the same rows", 0.5, True, detail)


def elastic_ratio(lines: list[bytes], url: str) -> Row:
    """Seconds by the clock: bare ``streaming_bulk`` of the same documents over the whole load."""
    import uuid

    from elasticsearch import Elasticsearch
    from elasticsearch.helpers import streaming_bulk

    from casework.stores.elastic import ElasticStore

    posts = [parse_post_line(line) for line in lines]

    def timed(prepare: Callable[[ElasticStore], Any], work: Callable[[ElasticStore, Any], None]) -> float:
        store = ElasticStore.connect(f"{url.split('?')[0].rstrip('/')}/?prefix=bench{uuid.uuid4().hex[:8]}")
        store.migrate()
        prepared = prepare(store)
        try:
            started = time.perf_counter()
            work(store, prepared)
            return time.perf_counter() - started
        finally:
            store.drop()

    def documents(store: ElasticStore) -> list[dict[str, Any]]:
        # Made before the clock starts: the peer only sends them.
        return store.creations([PostRecord(post) for post in posts])

    def bare(store: ElasticStore, actions: list[dict[str, Any]]) -> None:
        # The peer is the client as it comes, not as our store sets it up.
        client = Elasticsearch(store.server.where)
        for done, item in streaming_bulk(client, actions, chunk_size=BATCH):
            if not done:
                raise AssertionError(item)

    def ours(store: ElasticStore, _: Any) -> None:
        _load(store, lines)

    ratio, shown = _compare(lambda: timed(lambda store: None, ours), lambda: timed(documents, bare))
    how = f"load with {AT_ONCE} requests at once and orjson, bare the client as it comes, one request at a time"
    detail = f"{len(lines)} posts, {how}; seconds: {shown}"
    return row("load_elasticsearch", ratio, "ratio", "bare streaming_bulk of the same documents", 0.8, True, detail)
