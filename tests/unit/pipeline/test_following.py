"""The always-on worker: what comes in is told without a restart, and what goes wrong beside it does not end it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import parse_time
from casework.ports import Unavailable
from pipeline import following, jobs
from pipeline.bench._posts import post_lines
from pipeline.locks import regrouping
from pipeline.settings import ROOT, Settings
from pipeline.wiring import Context

NOW = parse_time("2026-11-24T10:30:00+08:00")
Laid = Callable[[str, int], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        f"sqlite:///{tmp_path}/huiying.db", Path(shutil.copytree(ROOT / "config", tmp_path / "config")), tmp_path
    )


@pytest.fixture
def lay(settings: Settings) -> Laid:
    lines = post_lines(60)

    def into(name: str, begin: int) -> None:
        folder = settings.var / "collected"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\n".join(lines[begin : begin + 10]) + b"\n")

    return into


@pytest.fixture
def worker(settings: Settings) -> Iterator[following.Worker]:
    plan = following.Plan.of(jobs.CollectOptions(watch=False), "load", "supervise")
    made = following.Worker(settings, plan, lambda: NOW, threading.Event(), lambda *_: None)
    yield made
    made.context.close()


def counts(worker: following.Worker, stage: str) -> dict[str, Any]:
    return worker.total.stages[stage]


def test_rounds_take_what_came_and_say_when_there_was_nothing(worker: following.Worker, lay: Laid) -> None:
    lay("a.jsonl", 0)
    assert worker.round()
    assert not worker.round()
    lay("b.jsonl", 10)
    assert worker.round()
    assert counts(worker, "load")["new"] == 20
    assert counts(worker, "assess")["done"] == 20
    assert counts(worker, "open")["in"] == 20
    assert counts(worker, "notify")["sent"] > 0


def test_events_are_those_that_one_run_would_have_made(
    worker: following.Worker, lay: Laid, settings: Settings, tmp_path: Path
) -> None:
    """The kept grouper knows what the round before took in."""
    for name, begin in (("a.jsonl", 0), ("b.jsonl", 10), ("c.jsonl", 20)):
        lay(name, begin)
        worker.round()
    fresh = Context(Settings(f"sqlite:///{tmp_path}/other.db", settings.config, tmp_path / "other"), lambda: NOW)
    jobs.load(fresh, sorted((tmp_path / "collected" / "loaded").glob("*.jsonl")), NOW)
    jobs.assess(fresh)
    jobs.open_cases(fresh, NOW)
    posts = [record.id for record in fresh.store.grouped(parse_time("1990-01-01T00:00:00+08:00"))]
    assert len(posts) == 30
    at_once = fresh.store.get_posts(posts)
    by_rounds = worker.context.store.get_posts(posts)
    together = {(a, b) for a in posts for b in posts if at_once[a].event == at_once[b].event}
    assert together == {(a, b) for a in posts for b in posts if by_rounds[a].event == by_rounds[b].event}
    fresh.close()


def test_a_kept_opener_is_given_up_when_somebody_else_opened_or_moved_posts(
    worker: following.Worker, lay: Laid, settings: Settings
) -> None:
    lay("a.jsonl", 0)
    worker.round()
    kept = worker.kept.opener
    worker.round()
    assert worker.kept.opener is kept
    other = Context(settings, lambda: NOW)
    jobs.open_cases(other, NOW)
    other.close()
    worker.round()
    assert worker.kept.opener is not kept
    lay("b.jsonl", 10)
    worker.round()
    kept = worker.kept.opener
    with regrouping(worker.context):
        pass
    worker.round()
    assert worker.kept.opener is not kept


def test_a_store_that_is_away_is_waited_for(
    worker: following.Worker, lay: Laid, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay("a.jsonl", 0)
    assess, left = jobs.assess, [2]

    def away(context: Context) -> jobs.Counts:
        if left[0]:
            left[0] -= 1
            raise Unavailable("the store does not answer")
        worker.stop.set()
        return assess(context)

    monkeypatch.setattr(jobs, "assess", away)
    monkeypatch.setattr(following, "PAUSE", 0.01)
    total = worker.run()
    assert (total.stages["load"]["new"], total.stages["assess"]["done"]) == (10, 10)
    assert capsys.readouterr().err.count("the store does not answer") == 2


def test_a_changed_folder_is_taken_up_and_one_with_mistakes_is_not(
    worker: following.Worker, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    worker.round()
    before = worker.context
    office = settings.config / "office.yml"
    right = office.read_text(encoding="utf-8")
    office.write_text(right + "unknown_key: 1\n", encoding="utf-8")
    worker.round()
    assert worker.context is before
    assert "unknown_key" in capsys.readouterr().err
    worker.round()
    assert "unknown_key" not in capsys.readouterr().err
    office.write_text(right + "# another\n", encoding="utf-8")
    worker.round()
    assert worker.context is not before


def test_it_sweeps_once_a_minute(worker: following.Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[object] = []
    sweep = jobs.supervise
    monkeypatch.setattr(jobs, "supervise", lambda *values: (swept.append(values[1]), sweep(*values))[1])
    times = iter([0, 20, 59, 60, 61, 130])
    worker.clock = lambda: NOW + timedelta(seconds=next(times))
    for _ in range(6):
        worker.round()
    assert [(at - NOW).total_seconds() for at in swept] == [0, 60, 130]  # type: ignore[operator]


def test_the_command_ends_when_told_and_counts_what_it_did(settings: Settings, lay: Laid) -> None:
    lay("a.jsonl", 0)
    values = {"HUIYING_STORE": settings.store, "HUIYING_VAR": str(settings.var), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline.cli", "run", "--follow", "--from", "load", "--until", "load", "--json"]
    with subprocess.Popen(
        command, env={**os.environ, **values}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        for _ in range(600):
            if list((settings.var / "collected" / "loaded").glob("*.jsonl")):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert '"new": 10' in printed


def test_a_fixed_moment_and_a_worker_do_not_go_together() -> None:
    from pipeline.cli import run

    assert run(["run", "--follow", "--now", "2026-11-24T10:30:00+08:00"]) == 2
