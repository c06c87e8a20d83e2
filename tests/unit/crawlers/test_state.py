from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawlers.errors import CollectError
from crawlers.output import RunFiles
from crawlers.state import Seen, fingerprint


def test_what_no_list_shows_is_forgotten_in_its_time_and_what_one_shows_never(tmp_path: Path, now: datetime) -> None:
    seen, window = Seen(tmp_path / "a.json"), timedelta(hours=72)
    for one in ("shown", "gone"):
        seen.remember(one, "x", now)
        seen.keep("pages", one, [f"https://a.example/{one}", int(now.timestamp())])
        seen.keep("tags", f"https://a.example/{one}", ["tag", None])
        seen.keep("whole", one, "print")
        seen.keep("aliases", f"new-{one}", one)
    seen.keep("lists", "list", ["shown"])
    for days, kept in ((2, True), (4, False)):
        seen.prune(now + timedelta(days=days), window)
        assert [seen.kept(what, "gone") is not None for what in ("pages", "whole")] == [kept, kept]
        assert (seen.kept("tags", "https://a.example/gone") is not None) == kept
    assert seen.knows("gone"), "the post itself is known for longer"
    seen.prune(now + timedelta(days=401), window)
    assert (seen.knows("gone"), seen.kept("aliases", "new-gone")) == (False, None)
    assert (seen.knows("shown"), seen.kept("whole", "shown"), seen.kept("aliases", "new-shown")) == (
        *(True, "print", "shown"),
    )
    seen.save(complete=True)
    assert list(Seen(tmp_path / "a.json").held["posts"]) == ["shown"]


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


def test_an_article_is_looked_at_again_for_a_while_and_ever_more_seldom(now: datetime) -> None:
    seen, window, looks = Seen(None), timedelta(hours=72), []
    for hour in range(0, 100):
        at = now + timedelta(hours=hour)
        if not seen.settled("1", at, window):
            looks.append(hour)
            seen.remember("1", "x", at)
        seen.walk += 1
    assert looks[:4] == [0, 1, 2, 3], "young articles are looked at by every walk"
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert 10 <= len(looks) <= 20
    assert 54 < looks[-1] <= 72


def test_one_walk_looks_once(now: datetime) -> None:
    seen = Seen(None)
    seen.remember("1", "x", now)
    assert seen.settled("1", now, timedelta(hours=72))
    seen.walk += 1
    assert not seen.settled("1", now, timedelta(hours=72))
    assert not seen.settled("2", now, timedelta(hours=72))


def test_walks_every_five_minutes_ask_a_young_article_every_quarter_of_an_hour(now: datetime) -> None:
    seen, window, looks = Seen(None), timedelta(hours=72), []
    seen.remember("1", "x", now)
    for minute in range(5, 72 * 60, 5):
        at = now + timedelta(minutes=minute)
        seen.walk += 1
        if not seen.settled("1", at, window):
            looks.append(minute)
            seen.remember("1", "x", at)
    assert looks[:4] == [15, 30, 45, 60]
    # As the assessments in source.yml say.
    assert [sum(minute <= 60 * hours for minute in looks) for hours in (2, 6, 72)] == [6, 10, 18]


def test_a_deleted_post_is_noted_once_and_changed_when_it_is_back(now: datetime) -> None:
    seen = Seen(None)
    assert not seen.gone("1", now), "never read, so nothing to delete"
    seen.remember("1", "x", now)
    assert [seen.gone("1", now), seen.gone("1", now)] == [True, False]
    assert not seen.read_before("1")
    assert seen.verdict("1", "x") == "changed"


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 99}', "\x00"])
def test_a_damaged_memory_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CollectError, match="delete the file"):
        Seen(path)


def test_the_memory_of_the_first_version_is_read(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"version":1,"complete":true,"posts":{"1":["x",1795000000]},"refused":["y"]}', encoding="utf-8")
    seen = Seen(path)
    assert (seen.verdict("1", "x"), seen.verdict("1", "y"), seen.complete) == ("same", "changed", True)


def test_counts_make_a_line_worth_writing_the_time_of_the_look_does_not() -> None:
    post = {"text": "a", "counts": {"likes": 1}, "collected_at": "x", "extra": {}}
    assert fingerprint(post) == fingerprint({**post, "collected_at": "y", "extra": {"by": "rules"}})
    assert fingerprint(post) != fingerprint({**post, "counts": {"likes": 2}})


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CollectError, match="--out"):
        RunFiles(tmp_path / "file", "a", now)


@pytest.mark.parametrize("many", [0, 1, 499, 500, 501, 1501])
def test_a_state_written_in_pieces_is_read_back_whole(many: int, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    seen = Seen(file)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for number in range(many):
        seen.remember(f'第{number}号"', "0" * 16, now)
        seen.keep("aliases", f"https://a.example/{number}", f'第{number}号"')
    seen.save(True, pending={}, ended=None)
    value = json.loads(file.read_text(encoding="utf-8"))
    assert (len(value["posts"]), len(value["aliases"]), value["pending"], value["ended"]) == (many, many, {}, None)
    again = Seen(file)
    assert [again.knows(f'第{number}号"') for number in range(many)] == [True] * many
