"""A server that is lost while we write: the call says so, what was acknowledged is there, doing it again is safe."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from casework.domain.post import Post
from casework.ports import Store, Unavailable
from casework.stores.open import open_store
from tests.contract.stores.conftest import ELASTIC
from tests.contract.stores.things import SEEN, case, post

pytestmark = ELASTIC


class Wire:
    """A wire to the real server that can be cut after some bytes and mended again."""

    def __init__(self, host: str, port: int) -> None:
        self.far = (host, port)
        self.left: int | None = None
        self.open: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, after: int) -> None:
        """Carry ``after`` more bytes to the server, then drop every connection and refuse new ones."""
        self.left = after

    def mend(self) -> None:
        """Carry everything again."""
        self.left = None

    def close(self) -> None:
        """Give up the wire."""
        self.listener.close()
        self._drop()

    def _drop(self) -> None:
        while self.open:
            end = self.open.pop()
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.left is not None and self.left <= 0:
                near.close()
                continue
            far = socket.create_connection(self.far)
            self.open += [near, far]
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(16_384):
                if counted and self.left is not None:
                    self.left -= len(data)
                    if self.left <= 0:
                        break
                target.sendall(data)
        with contextlib.suppress(OSError):
            source.shutdown(socket.SHUT_RDWR)
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(elastic_url: str) -> Iterator[Wire]:
    """A wire to the server of the tests."""
    parts = urlsplit(elastic_url)
    if parts.scheme != "elasticsearch" or parts.username:
        pytest.skip("the wire carries plain connections only")
    made = Wire(str(parts.hostname), parts.port or 9200)
    yield made
    made.close()


def _put_in_parts(store: Store, posts: list[Post]) -> None:
    for start in range(0, len(posts), 500):
        store.put_posts(posts[start : start + 500], SEEN)


@pytest.mark.parametrize("after", [0, 30_000, 400_000])
def test_a_load_goes_on_where_the_server_was_lost(wire: Wire, elastic_url: str, after: int) -> None:
    store = open_store(f"elasticsearch://127.0.0.1:{wire.port}/?{urlsplit(elastic_url).query}")
    posts = [post(number, f"第{number}条 路灯坏了") for number in range(3000)]
    assert store.put_posts(posts[:100], SEEN) == ["new"] * 100
    wire.cut(after)
    with pytest.raises(Unavailable, match="cannot be reached"):
        _put_in_parts(store, posts[100:])
    with pytest.raises(Unavailable):
        store.get_case("case:board:1")
    with pytest.raises(Unavailable):
        store.create_cases([case(1)])
    wire.mend()
    store.refresh()
    arrived = store.count_posts()["posts"]
    assert 100 <= arrived < 3000
    outcomes = store.put_posts(posts, SEEN)
    store.refresh()
    assert (outcomes.count("seen"), outcomes.count("new")) == (arrived, 3000 - arrived)
    assert store.count_posts() == {"posts": 3000, "revisions": 3000, "assessed": 0, "opened": 0}
    assert store.create_cases([case(1)]) == [True]
    store.close()
