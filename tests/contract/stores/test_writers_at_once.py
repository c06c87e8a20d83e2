"""Several processes at one store: everything is there once, and each thing is counted by the one that wrote it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casework.ports import Unavailable
from casework.stores.open import open_store
from tests.contract.stores.things import SEEN, bare_case, post, retold
from tests.unit.domain.making import START

POSTS, CASES, BATCH = 600, 200, 100


def _write_all(url: str, start: Any, answers: Any) -> None:
    """Open the store, new or not, when all are ready; write the same things as every other process."""
    start.wait()
    store = open_store(url)
    outcomes: Counter[str] = Counter()
    for first in range(0, POSTS, BATCH):
        outcomes.update(store.put_posts([post(number) for number in range(first, first + BATCH)], SEEN))
    outcomes["created"] = sum(store.create_cases([bare_case(number, START) for number in range(CASES)]))
    store.refresh()
    outcomes.update(store.put_posts([retold(post(number), text="路灯修好了") for number in range(BATCH)], SEEN))
    store.close()
    answers.put(dict(outcomes))


def test_processes_that_load_the_same_count_it_once(store_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(3), spawn.Queue()
    workers = [spawn.Process(target=_write_all, args=(store_url, start, answers)) for _ in range(3)]
    for worker in workers:
        worker.start()
    total: Counter[str] = Counter()
    for _ in workers:
        total.update(answers.get(timeout=120))
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert total == {
        "new": POSTS,
        "changed": BATCH,
        "seen": 2 * POSTS + 2 * BATCH,
        "created": CASES,
    }
    store = open_store(store_url)
    store.refresh()
    assert store.count_posts() == {"posts": POSTS, "revisions": POSTS + BATCH, "assessed": 0, "opened": 0}
    assert sum(store.count_cases("state").values()) == CASES
    assert store.check() == []
    store.close()


def test_a_file_held_too_long_by_another_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.stores.sqlite_base.WAIT", 0.2)
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Unavailable, match="another process has held the store"):
        store.put_posts([post(1)], SEEN)
    assert store.count_posts()["posts"] == 0
    other.execute("rollback")
    assert store.put_posts([post(1)], SEEN) == ["new"]
    other.close()
    store.close()
