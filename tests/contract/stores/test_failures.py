"""What goes wrong around a store: it is down, it is no store, it cannot be written, its writer is killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.ports import Store, StoreError, Unavailable, Unwritable
from casework.records import CaseFilter, SearchFilter
from casework.stores.open import open_store
from tests.contract.stores.things import SEEN, post

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from casework.stores.open import open_store
from tests.contract.stores.things import SEEN, bare_case, post
from tests.unit.domain.making import START
store = open_store(sys.argv[1])
print("ready", flush=True)
for start in range(0, 2000, 100):
    numbers = range(start, start + 100)
    store.put_posts([post(n, f"第{n}条 路灯坏了") for n in numbers], SEEN)
    store.create_cases([bare_case(n, START) for n in numbers])
store.refresh()
print("done", flush=True)
"""


def test_a_server_that_is_down_is_unavailable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unavailable, match="make elasticsearch"):
        open_store(f"elasticsearch://127.0.0.1:{port}")


def test_the_command_line_says_that_a_server_is_down() -> None:
    command = [sys.executable, "-m", "pipeline.cli", "case", "list", "--store", "elasticsearch://127.0.0.1:9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "url", ["mysql://x", "huiying.db", "elasticsearch://", "elasticsearch://h:1/?colour=red", "elasticsearch://h:port"]
)
def test_a_url_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match=r"write|store URL"):
        open_store(url)


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"GIF89a" * 3000)
    with pytest.raises(StoreError, match="not a store"):
        open_store(f"sqlite:///{tmp_path}/x.db")


def test_a_store_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    store = open_store(url)
    store.file.run("pragma user_version=99")  # type: ignore[attr-defined]
    store.close()
    with pytest.raises(StoreError, match="version 99"):
        open_store(url)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unwritable):
        open_store(f"sqlite:///{tmp_path}/file/huiying.db")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk needs root and mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_read_only_is_said_and_left_as_it_was(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/huiying.db"
    store = open_store(url)
    store.put_posts([post(1)], SEEN)
    store.close()
    before = (small_disk / "huiying.db").read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for name in ("huiying.db", "new.db"):
        with pytest.raises(Unwritable, match="cannot be written"):
            open_store(f"sqlite:///{small_disk}/{name}")
    assert (small_disk / "huiying.db").read_bytes() == before
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    store = open_store(url)
    assert store.put_posts([post(1), post(2)], SEEN) == ["seen", "new"]
    store.close()


def _fill(store: Store, written: list[int]) -> None:
    for start in range(0, 100_000, 50):
        store.put_posts([post(n, f"第{n}条,路灯坏了很久没有人修" * 9) for n in range(start, start + 50)], SEEN)
        written.append(50)


def test_a_full_disk_is_said_and_nothing_is_half_written(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 800_000)
    store = open_store(f"sqlite:///{small_disk}/huiying.db")
    written: list[int] = []
    with pytest.raises(Unwritable, match="disk is full"):
        _fill(store, written)
    assert written
    assert store.count_posts()["posts"] == sum(written)
    assert store.check() == []
    ballast.unlink()
    # The same open store goes on as soon as there is room.
    assert store.put_posts([post("later")], SEEN) == ["new"]
    assert store.count_posts()["posts"] == sum(written) + 1
    store.close()


def _exported(url: str, folder: Path) -> dict[str, bytes]:
    store = open_store(url)
    store.export(folder)
    store.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_killed_writer_leaves_whole_things_and_is_begun_again(store_url: str, tmp_path: Path) -> None:
    chance = random.Random(9)
    for _ in range(4):
        command = [sys.executable, "-c", WRITER, store_url]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = open_store(store_url)
        store.refresh()
        _only_whole_batches(store)
        store.close()
    subprocess.run([sys.executable, "-c", WRITER, store_url], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    store = open_store(store_url)
    store.refresh()
    assert store.count_posts()["posts"] == 2000
    assert sum(1 for _ in store.list_cases(CaseFilter())) == 2000
    assert store.check() == []
    store.close()
    unbroken = f"sqlite:///{tmp_path}/unbroken.db"
    subprocess.run([sys.executable, "-c", WRITER, unbroken], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    assert _exported(store_url, tmp_path / "killed") == _exported(unbroken, tmp_path / "whole")


def _only_whole_batches(store: Store) -> None:
    """Every post is whole and found by its words; a case never comes before its posts."""
    posts = store.count_posts()["posts"]
    cases = [case.id for case in store.list_cases(CaseFilter())]
    assert len(cases) <= posts
    assert len(store.search("路灯坏了", SearchFilter(), 10_000)) == posts
    assert store.check() == []


def test_a_store_to_read_that_is_not_there_is_unavailable_and_not_made(store_url: str) -> None:
    for _ in range(2):
        with pytest.raises(Unavailable, match="no store is there; take posts in first"):
            open_store(store_url, create=False)
    open_store(store_url).close()
    open_store(store_url, create=False).close()
