"""A file of an older version is brought up to date with everything in it; two processes at once do it once."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from casework.records import CaseFilter, PostRecord, Revision
from casework.stores import sqlite_base
from casework.stores.codec import case_doc, record_doc
from casework.stores.open import open_store
from casework.stores.sqlite_base import dumps
from casework.stores.sqlite_posts import INSERT, INSERT_TEXT, new_rows
from tests.contract.stores.things import SEEN, case, post
from tests.unit.domain.making import opened

NAMES = ("id", "version", "state", "department", "severity", "due", "look_at", "notify_at", "title")
OLD_CASE = f"insert into cases({','.join(NAMES)},doc) values({','.join('?' * (len(NAMES) + 1))})"


def _of_first_version(path: Path) -> None:
    """A file as version 1 wrote it: two posts, one of them revised, and two cases."""
    db = sqlite3.connect(path)
    db.execute("pragma journal_mode=wal")
    db.executescript(sqlite_base.MIGRATIONS[0][1] + "pragma user_version=1;")
    revised = PostRecord(post(1), revision=3, revisions=(Revision(1, SEEN, {}), Revision(2, SEEN, {})))
    for number, record in enumerate((revised, PostRecord(post(2))), start=1):
        row, text = new_rows(number, record)
        db.execute(INSERT, row)
        db.execute(INSERT_TEXT, text)
        assert record_doc(record)["revision"] == record.revision
    for found in (case(1, to="housing"), opened("board:2", excluded=("housing",))):
        doc = case_doc(found)
        db.execute(OLD_CASE, (*(doc[name] for name in NAMES), dumps(doc)))
    db.commit()
    db.close()


def test_a_file_of_the_first_version_is_brought_up(tmp_path: Path) -> None:
    _of_first_version(tmp_path / "x.db")
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    assert store.count_posts() == {"posts": 2, "revisions": 4, "assessed": 0, "opened": 0}
    assert [found.id for found in store.list_cases(CaseFilter(without_kind="检举控告"))] == ["case:board:1"]
    assert [found.id for found in store.list_cases(CaseFilter(without_kind="申诉求决"))] == ["case:board:2"]
    assert store.get_posts(["board:1"])["board:1"].revision == 3
    assert store.check() == []
    assert store.migrate() == []
    store.close()


def test_every_version_is_made_once_by_however_many(tmp_path: Path) -> None:
    _of_first_version(tmp_path / "x.db")
    done: list[list[str]] = []

    def bring_up() -> None:
        file = sqlite_base.SqliteFile(tmp_path / "x.db")
        done.append(file.migrate())
        file.close()

    workers = [threading.Thread(target=bring_up) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(done) == 6
    made = [line for lines in done for line in lines]
    assert len(made) == len(set(made)) == len(sqlite_base.MIGRATIONS) - 1
