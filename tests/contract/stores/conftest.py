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


@pytest.fixture
def elastic_url(need_absent: Callable[[str, str], None]) -> Iterator[str]:
    """The URL of an empty store on a real server; what was made there is deleted afterwards."""
    base = server()
    if base is None:
        need_absent("elasticsearch", "no server: make elasticsearch, or name one in HUIYING_ELASTICSEARCH")
    url = f"{base}/?prefix=test{uuid.uuid4().hex[:12]}"
    yield url
    from casework.stores.elastic import ElasticStore

    ElasticStore.connect(url).drop()


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
