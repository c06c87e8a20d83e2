"""Many writes in few requests: every item answered in order, whatever the size; what was refused for now sent again."""

from __future__ import annotations

import threading
import time

import pytest

from casework.records import SearchFilter
from casework.stores import elastic_bulk
from casework.stores.elastic import ElasticStore
from tests.contract.stores.conftest import ELASTIC
from tests.contract.stores.things import SEEN, bare_case, post, put, retold
from tests.unit.domain.making import START

pytestmark = ELASTIC


@pytest.fixture
def elastic(elastic_url: str) -> ElasticStore:
    """An empty store."""
    store = ElasticStore.connect(elastic_url)
    store.migrate()
    return store


@pytest.mark.parametrize(("count", "size"), [(1, 10**9), (7, 10**9), (1000, 1), (1000, 5000), (1000, 10**9)])
def test_answers_come_in_order_however_requests_are_cut(
    elastic: ElasticStore, monkeypatch: pytest.MonkeyPatch, count: int, size: int
) -> None:
    monkeypatch.setattr(elastic_bulk, "COUNT", count)
    monkeypatch.setattr(elastic_bulk, "BYTES", size)
    assert put(elastic, *(post(number) for number in range(0, 40, 2))) == ["new"] * 20
    mixed = [retold(post(number), text="修好了") if number % 4 == 0 else post(number) for number in range(40)]
    expected = ["new" if number % 2 else "seen" if number % 4 else "changed" for number in range(40)]
    assert put(elastic, *mixed) == expected
    elastic.create_cases([bare_case(number, START) for number in (3, 5)])
    assert elastic.create_cases([bare_case(number, START) for number in range(6)]) == [
        True,
        True,
        True,
        False,
        True,
        False,
    ]


def test_what_is_refused_for_now_is_sent_again(elastic: ElasticStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block is what a server sets when its disk is nearly full, and lifts when there is room."""
    monkeypatch.setattr(elastic_bulk, "WAIT", 0.2)
    put(elastic, post(1))
    indices, posts = elastic.server.client.indices, f"{elastic.server.prefix}-posts-*"
    indices.put_settings(index=posts, settings={"index.blocks.read_only_allow_delete": True})

    def lift() -> None:
        time.sleep(0.5)
        indices.put_settings(index=posts, settings={"index.blocks.read_only_allow_delete": None})

    room = threading.Thread(target=lift)
    room.start()
    outcomes = elastic.put_posts([post(number) for number in range(50)], SEEN)
    room.join()
    assert outcomes.count("new") == 49
    assert outcomes[1] == "seen"
    elastic.refresh()
    assert len(elastic.search("路灯", SearchFilter(), 100)) == 50
