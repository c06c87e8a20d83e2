"""What a run keeps page by page, and what the next one makes of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.errors import CollectError
from crawlers.journal import Journal
from crawlers.output import LINES, RunFiles
from crawlers.walk import Walk

ASKED = {"url": "http://a.example/1", "list": False}


@pytest.fixture
def walk(tmp_path: Path, now: datetime) -> Callable[..., Walk]:
    """Makes a walk of the one source; the one before is left as a killed process leaves it."""
    open_ones: list[Walk] = []

    def make(**other: Any) -> Walk:
        for before in open_ones:
            before.journal.close()
        made = Walk(tmp_path / "state", tmp_path / "out", "a", now, **other)
        open_ones.append(made)
        return made

    return make


def _read(walk: Walk, native_id: str, now: datetime, done: str | None = None, **asked: Any) -> None:
    walk.post(json.dumps({"native_id": native_id}))
    walk.count("new")
    walk.seen.remember(native_id, "x", now)
    walk.turn(done, asked)


def _published(folder: Path) -> list[str]:
    files = sorted((folder / "out").glob("a-*.jsonl"))
    return [json.loads(line)["native_id"] for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_killed_walk_goes_on_where_it_was(tmp_path: Path, now: datetime, walk: Callable[..., Walk]) -> None:
    first = walk()
    _read(first, "1", now, **{"1": ASKED, "2": ASKED})
    _read(first, "2", now, done="1")
    first.post("a row of a page whose end was not reached")
    second = walk()
    assert (second.resumed, list(second.pending), second.counts["new"]) == (True, ["2"], 2)
    assert second.seen.verdict("1", "x") == second.seen.verdict("2", "x") == "same"
    assert second.key() == "3"
    _read(second, "3", now, done="2")
    second.finish("done")
    assert _published(tmp_path) == ["1", "2", "3"]
    third = walk()
    assert (third.resumed, third.pending, third.seen.complete) == (False, {}, True)
    third.finish("done")
    assert _published(tmp_path) == ["1", "2", "3"]


def test_cut_anywhere_the_journal_loses_no_line_and_doubles_none(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk]
) -> None:
    first = walk()
    for number in range(4):
        _read(first, str(number), now)
    first.publish()
    _read(first, "4", now)
    first.journal.close()
    whole = (tmp_path / "state" / "a.journal").read_bytes()
    assert len(whole) > 500
    for size in range(0, len(whole), 7):
        folder = tmp_path / f"cut-{size}"
        shutil.copytree(tmp_path / "out", folder / "out")
        (folder / "state").mkdir()
        (folder / "state" / "a.journal").write_bytes(whole[:size])
        again = Walk(folder / "state", folder / "out", "a", now)
        held = [number for number in range(5) if again.seen.knows(str(number))]
        for number in range(5):
            if number not in held:
                _read(again, str(number), now)
        again.finish("done")
        found = _published(folder)
        # A file that has its name although its record is lost comes from a lost disk, not from a kill.
        assert set(found) == set("01234")
        if b"files" in whole[:size].rsplit(b"\n", 1)[0]:
            assert sorted(found) == list("01234")


def test_a_batch_killed_before_its_file_had_a_name_gets_it_in_the_next_run(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = walk()
    _read(first, "1", now)
    with monkeypatch.context() as patch:
        patch.setattr(RunFiles, "finish", lambda self, hidden: [])
        first.publish()
    assert _published(tmp_path) == []
    second = walk()
    assert _published(tmp_path) == ["1"]
    second.finish("done")
    assert _published(tmp_path) == ["1"]
    assert not list((tmp_path / "out").glob(".*"))


def test_a_file_written_and_not_recorded_is_written_again(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk]
) -> None:
    first = walk()
    _read(first, "1", now)
    first.files.write(LINES, ["half a batch"])
    second = walk()
    assert not list((tmp_path / "out").glob(".*"))
    second.finish("done")
    assert _published(tmp_path) == ["1"]


def test_after_a_long_while_or_a_stop_lists_are_walked_again_and_articles_asked(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk]
) -> None:
    first = walk()
    _read(first, "1", now, **{"1": ASKED, "2": {**ASKED, "list": True}})
    first.journal.close()
    journal = tmp_path / "state" / "a.journal"
    os.utime(journal, (0, (datetime.now().astimezone() - timedelta(hours=2)).timestamp()))
    late = walk(rhythm=3600)
    assert (late.resumed, list(late.pending), late.seen.complete) == (False, ["1"], False)
    assert _published(tmp_path) == ["1"], "what the killed run had read is published"
    late.finish("stopped")
    stopped = walk()
    assert (stopped.resumed, list(stopped.pending), stopped.seen.complete) == (False, ["1"], False)
    stopped.finish("done")
    assert walk().pending == {}


def test_full_ignores_what_was_seen_and_may_be_killed_too(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk]
) -> None:
    first = walk()
    _read(first, "1", now)
    _read(first, "2", now)
    first.finish("done")
    full = walk(full=True)
    assert full.seen.verdict("1", "x") == "new"
    _read(full, "1", now, **{"1": ASKED})
    again = walk(full=True)
    assert (again.resumed, list(again.pending)) == (True, ["1"])
    assert (again.seen.verdict("1", "x"), again.seen.verdict("2", "x")) == ("same", "new")
    again.finish("interrupted")
    rest = walk()
    assert (rest.resumed, rest.seen.verdict("1", "x"), rest.seen.verdict("2", "x")) == (True, "same", "new")
    rest.finish("done")
    assert walk().seen.verdict("2", "x") == "same", "a full run forgets nothing"


def test_lines_are_published_while_the_walk_goes_on(
    tmp_path: Path, now: datetime, walk: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawlers.walk.BATCH_LINES", 3)
    monkeypatch.setattr("crawlers.walk.LARGEST_JOURNAL", 10)
    running = walk()
    for number in range(7):
        _read(running, str(number), now, **{str(number): ASKED})
    assert sorted(_published(tmp_path)) == list("012345")
    assert [path.name for path in running.paths] == ["a-20261124T110000.jsonl", "a-20261124T110000_0002.jsonl"]
    after = walk()
    assert (after.resumed, list(after.pending)) == (True, list("0123456"))
    after.finish("done")
    assert sorted(_published(tmp_path)) == list("0123456")


def test_files_appear_whole_and_never_overwrite(tmp_path: Path, now: datetime, walk: Callable[..., Walk]) -> None:
    for _ in range(2):
        one = walk()
        one.post('{"native_id":"1"}')
        one.refused(3, "why", "raw")
        one.finish("done")
    stem = "a-20261124T110000"
    names = [f"{stem}{part}" for part in (".jsonl", ".quarantine.jsonl", "_0002.jsonl", "_0002.quarantine.jsonl")]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    refused = json.loads((tmp_path / "out" / f"{stem}.quarantine.jsonl").read_text(encoding="utf-8"))
    assert refused == {"line": 3, "reason": "why", "raw": "raw"}


def test_files_of_one_second_sort_in_the_order_of_making(
    tmp_path: Path, walk: Callable[..., Walk], now: datetime
) -> None:
    made = []
    for number in range(12):
        one = walk()
        one.post(json.dumps({"native_id": str(number)}))
        one.finish("done")
        made += one.paths
    files = RunFiles(tmp_path / "out", "a", now + timedelta(seconds=1))
    made += files.finish([files.write(".jsonl", ["{}"])])
    assert len(made) == 13
    assert sorted((tmp_path / "out").glob("*.jsonl")) == made


def test_a_run_with_nothing_new_writes_nothing(tmp_path: Path, walk: Callable[..., Walk]) -> None:
    walk().finish("done")
    before = sorted((tmp_path / "state").iterdir())
    walk().finish("done")
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted((tmp_path / "state").iterdir()) == before


def test_two_runs_of_a_source_at_once_are_one_too_many(tmp_path: Path, walk: Callable[..., Walk]) -> None:
    walk()
    with pytest.raises(CollectError, match="another run of this source"):
        Journal(tmp_path / "state" / "a.journal", wait=0)


def test_a_damaged_record_ends_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.journal")
    for number in range(3):
        journal.append({"n": number, "t": "半\ud800"})
    journal.close()
    text = (tmp_path / "a.journal").read_bytes().splitlines(keepends=True)
    (tmp_path / "a.journal").write_bytes(text[0] + text[1].replace(b'"n":1', b'"n":7') + text[2])
    again = Journal(tmp_path / "a.journal")
    assert [record["n"] for record in again.replay()] == [0]
    again.append({"n": 9})
    again.close()
    assert [record["n"] for record in Journal(tmp_path / "a.journal").replay()] == [0, 9]
