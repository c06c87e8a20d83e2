"""A sweep of supervision over many open cases, of which few are due."""

from __future__ import annotations

import os

from pipeline.bench import Row

ABOUT = (
    "a sweep over 100,000 open cases, 1 % due, at most 10 s on each store; 10,000 → 100,000 open at most 1.5 × the cost"
)


def measure(store: str | None) -> list[Row]:
    """Seconds by the clock of the sweep, and its cost beside that over a tenth of the cases at the same number due.

    SQLite always; Elasticsearch where ``store`` or HUIYING_ELASTICSEARCH names a server.
    """
    from pipeline.bench._sweeps import rows

    return rows(store or os.environ.get("HUIYING_ELASTICSEARCH"))
