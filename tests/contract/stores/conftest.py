"""Every test here runs over every store: SQLite always, Elasticsearch where a real server answers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casework.ports import Store
from casework.stores.open import open_store

KINDS = [
    "sqlite",
    pytest.param("elasticsearch", marks=[pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]),
]


def server() -> str | None:
    """The URL of a real server, or None."""
    url = os.environ.get("HUIYING_ELASTICSEARCH")
    return url.rstrip("/") if url else None


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path, need_absent: Callable[[str, str], None]) -> Iterator[str]:
    """The URL of an empty store; what was made on a server is deleted afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/huiying.db"
        return
    base = server()
    if base is None:
        need_absent("elasticsearch", "HUIYING_ELASTICSEARCH names no server (make elasticsearch)")
    url = f"{base}/?prefix=test{uuid.uuid4().hex[:12]}"
    yield url
    from casework.stores.elastic import ElasticStore

    ElasticStore.connect(url).drop()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(store_url)
    yield opened
    opened.close()
