from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawlers.errors import CollectError
from crawlers.output import RunFiles
from crawlers.state import Seen, fingerprint


def test_what_was_seen_is_known_after_saving_and_full_ignores_it(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "state" / "a.json"
    seen = Seen(path)
    assert seen.verdict("1", "x") == "new"
    seen.remember("1", "x", now)
    assert (seen.verdict("1", "x"), seen.verdict("1", "y")) == ("same", "changed")
    assert Seen(path).verdict("1", "x") == "new", "nothing is known before it is saved"
    seen.save(complete=True)
    again = Seen(path)
    assert again.verdict("1", "x") == "same"
    assert again.complete
    full = Seen(path, full=True)
    assert full.verdict("1", "x") == "new"
    assert not full.complete
    full.save(complete=False)
    assert Seen(path).verdict("1", "x") == "same", "a full run that broke forgets nothing"
    assert [file.name for file in path.parent.iterdir()] == ["a.json"]


def test_a_refused_row_is_reported_once_and_is_new_when_it_can_be_read(tmp_path: Path, now: datetime) -> None:
    seen = Seen(tmp_path / "a.json")
    assert [seen.refuse("raw"), seen.refuse("raw")] == [True, False]
    seen.remember("1", "", now)
    assert seen.knows("1")
    assert seen.verdict("1", "x") == "new"
    seen.remember("1", "x", now)
    seen.remember("1", "", now)
    assert seen.verdict("1", "x") == "same", "a refusal does not wipe what was read"


def test_an_article_is_looked_at_again_for_a_while(tmp_path: Path, now: datetime) -> None:
    seen = Seen(None)
    seen.remember("1", "x", now)
    seen.remember("1", "y", now + timedelta(hours=90))
    assert not seen.settled("1", now + timedelta(hours=71), timedelta(hours=72))
    assert seen.settled("1", now + timedelta(hours=73), timedelta(hours=72))
    assert not seen.settled("2", now, timedelta(hours=72))


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 99}', "\x00"])
def test_a_damaged_memory_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CollectError, match="delete the file"):
        Seen(path)


def test_counts_make_a_line_worth_writing_the_time_of_the_look_does_not() -> None:
    post = {"text": "a", "counts": {"likes": 1}, "collected_at": "x", "extra": {}}
    assert fingerprint(post) == fingerprint({**post, "collected_at": "y", "extra": {"by": "rules"}})
    assert fingerprint(post) != fingerprint({**post, "counts": {"likes": 2}})


def test_files_appear_whole_and_never_overwrite(tmp_path: Path, now: datetime) -> None:
    names = []
    for _ in range(2):
        files = RunFiles(tmp_path, "a", now)
        files.post('{"a":1}')
        files.refused(3, "why", "raw")
        assert not list(tmp_path.glob("a-*.jsonl.part")), "an unfinished file is hidden"
        names += [path.name for path in files.publish()]
    stem = "a-20261124T110000"
    assert names == [f"{stem}.jsonl", f"{stem}.quarantine.jsonl", f"{stem}-2.jsonl", f"{stem}-2.quarantine.jsonl"]
    refused = json.loads((tmp_path / f"{stem}.quarantine.jsonl").read_text(encoding="utf-8"))
    assert refused == {"line": 3, "reason": "why", "raw": "raw"}


def test_nothing_to_write_makes_no_file(tmp_path: Path, now: datetime) -> None:
    assert RunFiles(tmp_path, "a", now).publish() == []
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_swept_what_a_living_one_writes_is_not(tmp_path: Path, now: datetime) -> None:
    (tmp_path / ".a-20260101T000000.1.jsonl.part").write_text("half", encoding="utf-8")
    living = RunFiles(tmp_path, "a", now)
    living.post("{}")
    RunFiles(tmp_path, "a", now)
    assert len(list(tmp_path.glob(".a-*.part"))) == 1
    assert len(living.publish()) == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CollectError, match="--out"):
        RunFiles(tmp_path / "file", "a", now)
