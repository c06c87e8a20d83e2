"""What is as large, as odd or as old as a store may meet."""

from __future__ import annotations

import json

import pytest

from casework.domain.errors import InvalidPost
from casework.domain.post import ID_LIMIT, LARGEST, Post, parse_post_line
from casework.ports import Store, StoreError, Unavailable, Unwritable
from casework.records import AuditEntry, SearchFilter
from casework.stores.open import open_store
from tests.contract.stores.conftest import ELASTIC
from tests.contract.stores.things import case, post, put, retold
from tests.unit.domain.making import START

ANY = SearchFilter()
HUGE = LARGEST + 1


def test_ten_megabytes_of_text_are_kept_and_found(store: Store) -> None:
    text = "路灯坏了三天没人修。" * 340_000 + "末尾的话"
    assert len(text.encode()) > 10_000_000
    try:
        assert put(store, post(1, text), post(2)) == ["new", "new"]
    except Unavailable as error:
        # A server with other work may have no memory for it at the moment: then it says so and nothing is half there.
        said = str(error)
    else:
        said = ""
    if said:
        assert "load again" in said
        assert "board:1" not in store.get_posts(["board:1"])
        return
    assert put(store, post(1, text)) == ["seen"]
    assert store.get_posts(["board:1"])["board:1"].post.text == text
    assert store.search("末尾的话", ANY, 10) == ["board:1"]
    assert store.search("没人修末", ANY, 10) == ["board:1"]


@pytest.mark.parametrize("native", ["", " ", "a/b?c#d", "_x", "%2F", "\x00", "中" * 160, "..", "a\nb", '"', "*", "🚗"])
def test_an_id_may_be_anything(store: Store, native: str) -> None:
    found = post("x" + native)
    assert len(found.id.encode()) <= ID_LIMIT
    assert put(store, found, post(1)) == ["new", "new"]
    assert put(store, retold(found, text="路灯修好了")) == ["changed"]
    assert store.get_posts([found.id])[found.id].post.text == "路灯修好了"
    assert store.search("修好", ANY, 10) == [found.id]


@pytest.mark.parametrize(
    ("field", "value"),
    [("extra", {"n": HUGE}), ("extra", {"n": -HUGE}), ("counts", {"views": HUGE}), ("counts", {"views": 1e300})],
)
def test_a_number_that_no_store_keeps_is_no_post(field: str, value: dict[str, float]) -> None:
    line = json.dumps({**post(1).to_json(), field: value})
    with pytest.raises(InvalidPost, match=f"{field}.*larger than"):
        parse_post_line(line)


def test_the_largest_numbers_are_kept(store: Store) -> None:
    values = {"a": LARGEST, "b": -LARGEST, "c": 1.7976931348623157e308, "d": 5e-324, "e": -0.1}
    kept: Post = post(1, extra=values, counts={"views": LARGEST})
    put(store, kept)
    assert store.get_posts(["board:1"])["board:1"].post == kept


@pytest.mark.parametrize("name", ["", ".", "a.b", "a..b", "_id", "键"])
def test_a_label_may_have_any_name(store: Store, name: str) -> None:
    put(store, post(1, labels={name: "值"}, extra={name: 1}))
    found = store.get_posts(["board:1"])["board:1"].post
    assert (found.labels, found.extra) == ({name: "值"}, {name: 1})


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write", "read_only"])
@pytest.mark.parametrize("store_url", [pytest.param("elasticsearch", marks=ELASTIC)], indirect=True)
def test_an_index_that_takes_no_writes_is_said(store_url: str, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is what a server sets by itself when its disk is nearly full."""
    from casework.stores.elastic import ElasticStore

    monkeypatch.setattr("casework.stores.elastic_bulk.WAIT", 0.01)
    store = ElasticStore.connect(store_url)
    store.migrate()
    put(store, post(1), post(2))
    store.create_cases([case(1)])
    before = store.get_case("case:board:1")
    indices, everything = store.server.client.indices, f"{store.server.prefix}-*"
    indices.put_settings(index=everything, settings={f"index.blocks.{block}": True})
    try:
        with pytest.raises(Unwritable, match=r"read-only|not allowed"):
            store.create_cases([case(2)])
        with pytest.raises(Unwritable, match=r"read-only|not allowed"):
            store.append_audit(AuditEntry(START, "wang", "viewed", "case:1"))
    finally:
        indices.put_settings(index=everything, settings={f"index.blocks.{block}": None})
    assert store.get_case("case:board:1") == before
    assert store.create_cases([case(2)]) == [True]
    assert store.check() == []


@pytest.mark.parametrize("store_url", [pytest.param("elasticsearch", marks=ELASTIC)], indirect=True)
def test_older_indices_are_brought_up_and_newer_ones_left_alone(store_url: str) -> None:
    from casework.stores.elastic import ElasticStore
    from casework.stores.elastic_indices import NAMES, VERSION, mapping

    store = ElasticStore.connect(store_url)
    indices, prefix = store.server.client.indices, store.server.prefix
    older = {name: kind for name, kind in mapping("cases")["properties"].items() if name != "writer"}
    indices.create(index=f"{prefix}-cases", mappings={"dynamic": "strict", "properties": older})
    done = store.migrate()
    assert f"index {prefix}-cases: version {VERSION}" in done
    assert len(done) == 1 + len(NAMES)
    assert store.migrate() == []
    assert store.create_cases([case(1)]) == [True]
    indices.put_mapping(index=f"{prefix}-cases", meta={"version": VERSION + 1})
    with pytest.raises(StoreError, match=f"is of version {VERSION + 1}, this program knows {VERSION}; update it"):
        open_store(store_url)
