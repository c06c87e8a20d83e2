"""An export that is damaged, and a store that is not empty: said with file and line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.domain.event import Event
from casework.ports import Store, StoreError
from casework.records import AuditEntry, PostRecord, Sheet, User
from casework.stores.open import open_store
from tests.contract.stores.conftest import ELASTIC
from tests.contract.stores.test_crossing import NAMES, fill
from tests.contract.stores.things import alarm, case, post, put
from tests.unit.domain.making import START


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole export."""
    source = open_store(f"sqlite:///{tmp_path}/source.db")
    fill(source)
    source.export(tmp_path / "out")
    source.close()
    return tmp_path / "out"


DAMAGE = [
    ("posts", b'"words"', b'"wordz"', "line 1: lacks 'words'"),
    ("posts", b'"revision": 2,', b"", "line 1: lacks 'revision'"),
    ("posts", b'"kind": "message"', b'"kind": "rumour"', "line 1: not as it was exported .*rumour"),
    ("events", b'"heat"', b'"heta"', "line 1: lacks 'heat'"),
    ("cases", b'"what": "opened"', b'"what": "closed"', "line 1: "),
    ("cases", b'{"awaits"', b'[{"awaits"', "line 1: not JSON"),
    ("users", b"{", b"\xff", "line 1: not JSON"),
    ("audit", b'"at": "2026', b'"at": "never', "line 1: not as it was exported"),
]


@pytest.mark.parametrize(("name", "found", "instead", "said"), DAMAGE)
def test_a_damaged_line_is_named(
    name: str, found: bytes, instead: bytes, said: str, folder: Path, store: Store
) -> None:
    path = folder / f"{name}.jsonl"
    whole = path.read_bytes()
    assert found in whole
    path.write_bytes(whole.replace(found, instead, 1))
    with pytest.raises(StoreError, match=rf"{name}\.jsonl: {said}.*export it again"):
        store.restore(folder)
    # Nothing was written, so the same store takes the export once it is whole.
    path.write_bytes(whole)
    assert store.restore(folder)[name] == whole.count(b"\n")


@pytest.mark.parametrize("name", NAMES[:4])
def test_a_thing_that_is_there_twice_is_named(name: str, folder: Path, store: Store) -> None:
    path = folder / f"{name}.jsonl"
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(StoreError, match=r"is in line 1 already; export it again"):
        store.restore(folder)
    assert store.count_posts()["posts"] == 0


@pytest.mark.parametrize("held", NAMES)
def test_a_store_that_holds_anything_is_not_restored_into(held: str, folder: Path, store: Store) -> None:
    writes = {
        "posts": lambda: put(store, post(1)),
        "events": lambda: store.put_events([Event("event:a", "停水", ("board:1",), START, START)]),
        "cases": lambda: store.create_cases([case(1)]),
        "users": lambda: store.put_user(User("li", "admin", "$argon2id$x")),
        "audit": lambda: store.append_audit(AuditEntry(START, "li", "viewed", "case:1")),
        "alarms": lambda: store.save_alarm(alarm("source:b")),
        "sheets": lambda: store.save_sheet(Sheet("silence", "a", {})),
    }
    writes[held]()
    with pytest.raises(StoreError, match="is not empty; restore into a new store"):
        store.restore(folder)


@pytest.mark.parametrize("store_url", [pytest.param("elasticsearch", marks=ELASTIC)], indirect=True)
def test_check_finds_a_post_that_lies_in_two_years(store_url: str) -> None:
    from casework.stores.elastic import ElasticStore

    store = ElasticStore.connect(store_url)
    store.migrate()
    put(store, post(1), post(2))
    (twin,) = store.creations([PostRecord(post(1))])
    store.server.write([{**twin, "_index": f"{store.server.prefix}-posts-2025"}])
    assert store.check() == ["board:1: is there twice"]
