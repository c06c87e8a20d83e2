"""Everything crosses from one store to the other and back; what is broken is found wherever it lies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casework.domain import acts
from casework.domain.event import Event
from casework.ports import Store, StoreError
from casework.records import AuditEntry, Opened, Sheet, User
from casework.stores.open import open_store
from tests.contract.stores.conftest import ELASTIC
from tests.contract.stores.things import alarm, assessment, case, post, put, retold
from tests.unit.domain.making import HOUR, START, WORKTIME

NAMES = ("posts", "events", "cases", "users", "audit", "alarms", "sheets")


def fill(store: Store) -> None:
    """One of everything that a store can hold, in more than one state."""
    put(store, post(1, title="求助"), post(2), post(3), post(4))
    put(store, retold(post(1), title="求助", text="又坏了"))
    store.put_assessments({f"board:{number}": (assessment(2 if number == 1 else 1), "路灯 坏") for number in (1, 2, 3)})
    store.put_opened([Opened("board:1", "event:board:1", "opened", "case:board:1")])
    store.put_opened([Opened("board:2", "event:board:1", "joined", "case:board:1", "board:1")])
    store.put_events([Event("event:board:1", "路灯", ("board:1", "board:2"), START, START + HOUR, 2.5, "case:board:1")])
    handled = acts.sign(case(1, to="housing", co=("news",)), "zhang", START, WORKTIME)
    store.create_cases([handled, case(2)])
    store.put_user(User("wang", "department", "$argon2id$x", "housing"))
    for number in range(3):
        store.append_audit(AuditEntry(START + number * HOUR, "wang", "viewed", f"case:{number}", {"how": "page"}))
    store.save_alarm(alarm())
    store.save_sheet(Sheet("silence", "a1", {"reason": "检修", "cases": ["case:board:1"]}))
    store.refresh()


def exported(store: Store, folder: Path) -> dict[str, list[str]]:
    """What an export holds, line by line."""
    store.export(folder)
    return {name: (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in NAMES}


def queries(store: Store) -> dict[str, Any]:
    """What queries answer: an export holds documents, not what is found by them."""
    return {
        "counts": store.count_posts(),
        "unassessed": [record.post.id for batch in store.unassessed(10) for record in batch],
        "unopened": [record.post.id for batch in store.unopened(10) for record in batch],
        "grouped": list(store.grouped(START)),
        "cases": store.count_cases("department"),
    }


@pytest.fixture
def other_url(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> str:
    """The other kind of store, empty."""
    if store_url.startswith("sqlite"):
        url: str = request.getfixturevalue("elastic_url")
        return url
    return f"sqlite:///{tmp_path}/other.db"


@pytest.mark.parametrize(
    "store_url", [pytest.param(kind, marks=ELASTIC) for kind in ("sqlite", "elasticsearch")], indirect=True
)
def test_an_export_crosses_into_the_other_store(store: Store, other_url: str, tmp_path: Path) -> None:
    fill(store)
    first = exported(store, tmp_path / "first")
    assert {name: len(lines) for name, lines in first.items()} == dict(zip(NAMES, (4, 1, 2, 1, 3, 1, 1), strict=True))
    other = open_store(other_url)
    other.restore(tmp_path / "first")
    assert exported(other, tmp_path / "second") == first
    assert queries(other) == queries(store)
    assert other.check() == store.check() == []
    assert put(other, post(5)) == ["new"]
    other.append_audit(AuditEntry(START, "li", "viewed", "case:9"))
    assert other.check() == []
    other.close()


def test_an_export_of_before_there_were_alarms_is_read(store: Store, tmp_path: Path) -> None:
    fill(store)
    store.export(tmp_path / "out")
    (tmp_path / "out" / "alarms.jsonl").unlink()
    other = open_store(f"sqlite:///{tmp_path}/older.db")
    assert other.restore(tmp_path / "out")["alarms"] == 0
    assert other.count_posts() == store.count_posts()
    other.close()


def test_what_is_restored_must_be_whole_and_the_store_empty(store: Store, tmp_path: Path) -> None:
    fill(store)
    store.export(tmp_path / "out")
    with pytest.raises(StoreError, match="is not empty"):
        store.restore(tmp_path / "out")
    with pytest.raises(StoreError, match=r"posts\.jsonl.*cannot be read"):
        open_store(f"sqlite:///{tmp_path}/a.db").restore(tmp_path / "nowhere")
    with (tmp_path / "out" / "posts.jsonl").open("a") as file:
        file.write('{"post": ')
    with pytest.raises(StoreError, match=r"posts\.jsonl: line 5: not JSON"):
        open_store(f"sqlite:///{tmp_path}/b.db").restore(tmp_path / "out")


def _changed(folder: Path, name: str, line: int, change: tuple[str, str]) -> None:
    path = folder / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert change[0] in lines[line]
    lines[line] = lines[line].replace(*change)
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "line", "change", "found"),
    [
        ("audit", 1, ('"by": "wang"', '"by": "li"'), ["log entry 1: its hash does not follow"]),
        ("cases", 0, ('"by": "zhang"', '"by": "wang"'), ["case:board:1: "]),
        ("events", 0, ('"board:2"', '"board:4"'), ["board:2: its event event:board:1 does not hold it"]),
        ("posts", 1, ('"native_id": "2"', '"native_id": "7"'), ["board:7: its event", "case:board:2: post board:2"]),
    ],
)
def test_check_finds_what_was_changed_behind_the_store(
    name: str, line: int, change: tuple[str, str], found: list[str], store_url: str, tmp_path: Path
) -> None:
    source = open_store(f"sqlite:///{tmp_path}/source.db")
    fill(source)
    source.export(tmp_path / "out")
    _changed(tmp_path / "out", name, line, change)
    store = open_store(store_url)
    store.restore(tmp_path / "out")
    problems = store.check()
    assert len(problems) >= len(found)
    for start in found:
        assert [problem for problem in problems if problem.startswith(start)], problems
    store.close()


def test_an_export_is_json_lines_in_order(store: Store, tmp_path: Path) -> None:
    fill(store)
    posts = [json.loads(line)["post"] for line in exported(store, tmp_path / "out")["posts"]]
    assert [post["native_id"] for post in posts] == ["1", "2", "3", "4"]
