"""Loading into SQLite against bare ``executemany``."""

from __future__ import annotations

from pipeline.bench import Row
from pipeline.bench._posts import post_lines

ABOUT = "load into SQLite ÷ bare executemany of the same prepared rows, same tables and batch size, at least 0.5"
POSTS = 20_000


def measure(store: str | None) -> list[Row]:
    """Posts per CPU second of the whole load over those of the bare statement."""
    from pipeline.bench._store_load import sqlite_ratio

    return [sqlite_ratio(post_lines(POSTS))]
