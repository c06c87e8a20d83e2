"""Every test here runs over every store: SQLite always, Elasticsearch where a real server answers."""

from __future__ import annotations

import json
import os
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from casework.ports import Store
from casework.stores.elastic import ElasticStore
from casework.stores.open import open_store

ELASTIC = [pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch")]
KINDS = ["sqlite", pytest.param("elasticsearch", marks=ELASTIC)]
PORTS = (9250, 9200)
"""Where ``make elasticsearch`` may have started a server."""


@cache
def server() -> str | None:
    """The URL of a real server, or None: the one named, else one that ``make elasticsearch`` started."""
    url = os.environ.get("HUIYING_ELASTICSEARCH")
    if url:
        return url.rstrip("/")
    return next((f"elasticsearch://127.0.0.1:{port}" for port in PORTS if _is_ours(port)), None)


def _is_ours(port: int) -> bool:
    """Whether a server for trials answers: nothing is written to one that may hold somebody's data."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health", timeout=5) as answer:
            return bool(json.load(answer)["cluster_name"] == "huiying")
    except (OSError, ValueError, KeyError, TypeError):
        return False


FRESH = frozenset(
    {"bulk", "crossing", "damaged_exports", "extremes", "failures", "lost_server", "migrations", "secured"}
)
"""Tests that look at how a store is made, or break it: each gets one that was never there."""


@pytest.fixture
def elastic_url(
    request: pytest.FixtureRequest, need_absent: Callable[[str, str], None], kept_prefix: list[str]
) -> Iterator[str]:
    """The URL of an empty store on a real server. Making indices takes a second, so most tests use one after the other
    what was made once and is emptied after each.
    """
    base = server()
    if base is None:
        need_absent("elasticsearch", "no server: make elasticsearch, or name one in HUIYING_ELASTICSEARCH")
    fresh = request.path.stem.removeprefix("test_") in FRESH or not kept_prefix
    prefix = f"test{uuid.uuid4().hex[:12]}" if fresh else kept_prefix[0]
    url = f"{base}/?prefix={prefix}"
    yield url
    store = ElasticStore.connect(url)
    if request.path.stem.removeprefix("test_") in FRESH:
        store.drop()
        return
    kept_prefix[:] = [prefix]
    _empty(store, prefix)
    store.close()


def _empty(store: ElasticStore, prefix: str) -> None:
    """Take every document away. The smallest distribution of the server has no deletion by query."""
    client, everything = store.server.client, f"{prefix}*"
    client.indices.refresh(index=everything)
    while hits := client.search(index=everything, size=10_000, source=False)["hits"]["hits"]:
        store.server.remove([{"_op_type": "delete", "_index": hit["_index"], "_id": hit["_id"]} for hit in hits])
        client.indices.refresh(index=everything)


@pytest.fixture(scope="session")
def kept_prefix() -> Iterator[list[str]]:
    """The prefix of the store that tests share one after the other; it goes when they are over."""
    kept: list[str] = []
    yield kept
    for prefix in kept:
        ElasticStore.connect(f"{server()}/?prefix={prefix}").drop()


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/huiying.db"
    url: str = request.getfixturevalue("elastic_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(store_url)
    yield opened
    opened.close()
