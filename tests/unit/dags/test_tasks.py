"""What the DAGs call, without Airflow: sources in rhythm, a stop that shows, one teller at a time."""

from __future__ import annotations

import fcntl
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.domain.times import parse_time, show_time
from crawlers.replica import Fault, serve_replica
from crawlers.source_folder import load_sources
from pipeline import tasks
from pipeline.demo import example_posts
from pipeline.settings import settings, state_folder

NOW = "2026-11-24T10:30:00+08:00"


def later(minutes: float) -> str:
    return show_time(parse_time(NOW) + timedelta(minutes=minutes))


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIYING_STORE", f"sqlite:///{tmp_path}/huiying.db")
    return tmp_path / "huiying.db"


def posts_of(source: str) -> list[dict[str, Any]]:
    return [post for post in example_posts(parse_time(NOW)) if post["source"] == source]


def test_every_enabled_source_is_due_at_first() -> None:
    enabled = [name for name, source in load_sources().items() if source.enabled]
    assert enabled
    assert tasks.sources() == enabled


def test_the_office_switches_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "config"
    original = Path(__file__).resolve().parents[3] / "config"
    folder.mkdir()
    for path in original.iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "sources.yml").unlink()
    off = [name for name in load_sources() if name != "henan_gov"]
    switched = {"sources": {name: {"enabled": False} for name in off}}
    (folder / "sources.yml").write_text(yaml.safe_dump(switched), encoding="utf-8")
    monkeypatch.setenv("HUIYING_CONFIG", str(folder))
    assert tasks.sources() == ["henan_gov"]


def test_a_source_is_asked_again_only_after_its_rhythm() -> None:
    rhythm = load_sources()["henan_gov"].rhythm_minutes
    with serve_replica(posts_of("henan_gov")) as replica:
        counts = tasks.collect("henan_gov", replica.base_url, NOW)
    assert counts["new"] > 0
    assert "henan_gov" not in tasks.sources(None, later(rhythm / 2))
    assert "henan_gov" in tasks.sources(None, later(rhythm))
    # Named by a person, it is asked whatever the rhythm.
    assert tasks.sources(["henan_gov"], later(1)) == ["henan_gov"]
    # A clock that was set back does not silence a source for ever.
    assert "henan_gov" in tasks.sources(None, later(-60))


def test_a_stop_fails_the_task_and_waits_for_the_rhythm() -> None:
    with (
        serve_replica(posts_of("henan_gov"), faults=[Fault("status", 403)]) as replica,
        pytest.raises(tasks.SourceStopped, match=r"^henan_gov: stopped: .*403"),
    ):
        tasks.collect("henan_gov", replica.base_url, NOW)
    assert "henan_gov" not in tasks.sources(None, later(1))


def test_a_source_that_is_still_walked_is_left_out_and_not_asked_twice(tmp_path: Path) -> None:
    busy = tmp_path / "collect-state" / "henan_gov.busy"
    busy.parent.mkdir()
    with busy.open("w") as held, serve_replica(posts_of("henan_gov")) as replica:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = tasks.sources(None, NOW)
        assert "henan_gov" not in found
        assert "people_board" in found
        counts = tasks.collect("henan_gov", replica.base_url, NOW)
        assert (counts["new"], counts["reason"]) == (0, "another round walks it")
        assert replica.asked == []
    assert "henan_gov" in tasks.sources(None, NOW)


def test_every_rhythm_is_met_by_rounds_of_five_minutes() -> None:
    """A round that starts half a minute early counts; one that starts a whole rhythm early does not."""
    sources = {name: one for name, one in load_sources().items() if one.enabled}
    assert sources
    folder = Path(tasks.settings().store.removeprefix("sqlite:///")).parent / "collect-state"
    folder.mkdir()
    for name in sources:
        (folder / f"{name}.asked").write_text(f"{NOW}\n", encoding="utf-8")
    for name, one in sources.items():
        assert name in tasks.sources(None, later(one.rhythm_minutes - 0.5)), name
        assert name not in tasks.sources(None, later(one.rhythm_minutes - 5)), name


def test_what_follows_is_told_of_new_posts_only() -> None:
    with serve_replica(posts_of("henan_gov")) as replica:
        tasks.collect("henan_gov", replica.base_url, NOW)
        assert not tasks.brought()
        assert tasks.load(NOW)["new"] > 0
        assert tasks.brought()
        # Another round loads nothing before anybody was told of the first.
        assert tasks.load(NOW)["in"] == 0
        assert tasks.brought()
        tasks.told()
        assert not tasks.brought()
        tasks.collect("henan_gov", replica.base_url, later(60))
        assert tasks.load(later(60))["new"] == 0
        assert not tasks.brought()
        edited = [{**post, "text": f"{post['text']}\n（更正）"} for post in posts_of("henan_gov")]
        replica.set_posts(edited)
        tasks.collect("henan_gov", replica.base_url, later(120))
        assert tasks.load(later(120))["changed"] > 0
        assert tasks.brought()


def test_a_load_that_was_killed_leaves_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had stored counts as seen when the task is tried again."""
    with serve_replica(posts_of("henan_gov")) as replica:
        tasks.collect("henan_gov", replica.base_url, NOW)
    moved = Path.replace

    def full(path: Path, target: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        tasks.load(NOW)
    monkeypatch.setattr(Path, "replace", moved)
    counts = tasks.load(NOW)
    assert (counts["new"], counts["seen"] > 0) == (0, True)
    assert tasks.brought()


def test_only_one_tells_at_a_time() -> None:
    lock = state_folder(settings().store, settings().var).parent / "notify.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    counts: list[dict[str, Any]] = []
    second = threading.Thread(target=lambda: counts.append(tasks.notify(NOW)))
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second.start()
        second.join(1)
        assert second.is_alive()
        assert counts == []
    second.join(60)
    assert counts == [{"in": 0, "sent": 0, "waiting": 0, "failed": 0}]


def test_the_daily_report_is_of_the_day_before(tmp_path: Path) -> None:
    path = Path(tasks.report("daily", NOW))
    assert path == tmp_path / "var" / "papers" / "daily-2026-11-23.docx"
    assert path.read_bytes().startswith(b"PK")


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        tasks.supervise("2026-11-24T10:30:00")
