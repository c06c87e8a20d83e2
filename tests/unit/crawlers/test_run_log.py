"""The log of runs: grows by whole lines, stays bounded, and real runs fill it."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import run_log
from crawlers.errors import CollectError
from crawlers.replica import Fault, SavedPage, serve_replica
from crawlers.run import collect
from crawlers.run_log import Run, add_run, begun, log_path, read_runs
from crawlers.source_folder import find_source
from crawlers.watch import status_of

Make = Callable[..., dict[str, Any]]
PAGE = "<html><head><title>{0}_示例网</title></head><body><h1>{0}</h1><p>{2}</p>{1}</body></html>"
BODY = "<p>" + "市民反映路口信号灯损坏，有关部门表示已派人维修，预计两天内恢复。" * 6 + "</p>"
LINE = "2026年11月{0:02d}日 08:{1:02d} 来源：示例日报"


def saved(number: int, line: bool = True) -> SavedPage:
    """An article; without its line of time and source where ``line`` is false."""
    stood = LINE.format(1 + number % 20, number % 60) if line else "示例网版权所有"
    return SavedPage(f"p{number}.html", PAGE.format(f"第{number}条示例新闻标题", BODY, stood).encode())


def test_a_run_reads_back_as_it_was(tmp_path: Path, now: datetime) -> None:
    path = log_path(tmp_path, "x")
    assert (read_runs(path), begun(path)) == ([], None)
    runs = [
        Run(now, "done", None, 1.5, 9, 3, 1, 1, True, True, 4, {"title": 4}, 80, (1, 2), 2),
        Run(now + timedelta(hours=1), "stopped", "HTTP 403"),
    ]
    for run in runs:
        add_run(path, run)
    with path.open("ab") as file:
        file.write(b'{"at": "2026-11-24T0')
    assert read_runs(path) == runs
    assert begun(path) == now


def test_it_stays_bounded_and_loses_the_oldest_only(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "MOST_BYTES", 4000)
    path = log_path(tmp_path, "x")
    for number in range(200):
        add_run(path, Run(now + timedelta(minutes=number), "done", read=number))
        assert path.stat().st_size <= 4000
    kept = [run.read for run in read_runs(path)]
    assert len(kept) > 15
    assert kept == list(range(200 - len(kept), 200))


def test_writers_at_once_lose_nothing(tmp_path: Path, now: datetime) -> None:
    path = log_path(tmp_path, "x")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_run(path, Run(now + timedelta(seconds=n), "done", read=n)), range(200)))
    assert sorted(run.read for run in read_runs(path)) == list(range(200))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(CollectError, match="make the folder writable"):
        add_run(log_path(tmp_path / "state", "x"), Run(now, "done"))


def test_runs_of_a_site_fill_it(tmp_path: Path, now: datetime, make_post: Make) -> None:
    source = find_source("henan_gov")

    def round_(posts: int, at: datetime, faults: list[Fault] | None = None) -> None:
        fresh = {"published_at": (now + timedelta(minutes=50)).isoformat()}
        world = [make_post("henan_gov", n, author="编辑甲", **(fresh if n >= 24 else {})) for n in range(posts)]
        with serve_replica(world, faults=faults or []) as replica:
            collect("henan_gov", tmp_path / "out", tmp_path / "state", replica.base_url, now=at)

    round_(24, now)
    round_(26, now + timedelta(hours=1))
    runs = read_runs(log_path(tmp_path / "state", "henan_gov"))
    assert [(run.state, run.new, run.whole, run.timed) for run in runs] == [
        ("done", 24, True, 0),
        ("done", 2, False, 2),
    ]
    # What was published before listening began says nothing of the delay.
    assert runs[1].delays == (600, 600)
    assert runs[0].rows == runs[0].having["title"] == runs[0].having["post"] == 24
    assert runs[0].seconds > 0
    fine = status_of(source, runs, now + timedelta(hours=1))
    assert (fine.state, fine.last.new, fine.day.new, fine.delay.p50) == ("collecting", 2, 26, 600)
    shown = json.loads(json.dumps(fine.to_json()))
    assert shown["last_success"] == "2026-11-24T12:00:00+08:00"
    assert shown["delay"] == {"p50": 600, "p95": 600, "posts": 2}

    round_(26, now + timedelta(hours=2), [Fault("status", 403)])
    runs = read_runs(log_path(tmp_path / "state", "henan_gov"))
    stopped = status_of(source, runs, now + timedelta(hours=2))
    assert stopped.state == "stopped"
    assert stopped.last_success == now + timedelta(hours=1)
    assert "403" in (stopped.reason or "")


def test_pages_that_lost_their_line_of_time_are_a_changed_layout(tmp_path: Path, now: datetime) -> None:
    """Every row of the second run is refused for want of a time, and the run itself is well."""
    old = [saved(number) for number in range(32)]
    new = [saved(number, line=False) for number in range(32, 37)]
    for pages, at in ((old, now), (old + new, now + timedelta(hours=1))):
        with serve_replica([], pages) as replica:
            result = collect("news_pages", tmp_path / "out", tmp_path / "state", replica.base_url, now=at)
        assert result.state == "done"
    runs = read_runs(log_path(tmp_path / "state", "news_pages"))
    source = find_source("news_pages").model_copy(update={"enabled": True})
    assert status_of(source, runs[:1], now).state == "collecting"
    changed = status_of(source, runs, now + timedelta(hours=1))
    assert changed.state == "changed", changed
    assert "时间缺失" in (changed.reason or "")


def test_a_source_that_may_not_be_asked_stands_in_its_log(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(CollectError, match="contact"):
        collect("henan_gov", tmp_path / "out", tmp_path / "state", now=now)
    (run,) = read_runs(log_path(tmp_path / "state", "henan_gov"))
    assert run.state == "failed"
    assert "contact" in (run.reason or "")
