"""Loading into Elasticsearch against the client's bare ``streaming_bulk``."""

from __future__ import annotations

import os

from pipeline.bench import Row
from pipeline.bench._posts import post_lines
from pipeline.errors import CallError

ABOUT = "load into Elasticsearch ÷ bare streaming_bulk of the same documents, at least 0.8 (needs a server)"
POSTS = 20_000


def measure(store: str | None) -> list[Row]:
    """Posts per second of the whole load over those of the bare helper, on the server named."""
    from pipeline.bench._store_load import elastic_ratio

    url = store or os.environ.get("HUIYING_ELASTICSEARCH")
    if url is None:
        raise CallError("load_elasticsearch needs a server: --store elasticsearch://127.0.0.1:9200", code=3)
    return [elastic_ratio(post_lines(POSTS), url)]
