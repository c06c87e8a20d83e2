"""The four DAGs, end to end on the replica, on both stores."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import parse_time, show_time
from crawlers.replica import serve_replica
from crawlers.source_folder import load_sources
from pipeline.demo import example_posts
from tests.integration.airflow.conftest import ROOT, airflow_environment

NOW = "2026-11-24T10:30:00+08:00"
LATER = show_time(parse_time(NOW) + timedelta(hours=26))
SCRIPT = Path(__file__).with_name("run_dags.py")
SOURCES = ("people_board", "weibo", "henan_gov")
pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.xdist_group("airflow")]


def office_of(folder: Path, sources: Collection[str]) -> Path:
    """The default office's folder with no other source switched on than these."""
    folder.mkdir(parents=True)
    for path in (ROOT / "config").iterdir():
        if path.name != "sources.yml":
            (folder / path.name).symlink_to(path)
    off = {name: {"enabled": False} for name in load_sources() if name not in sources}
    assert off
    (folder / "sources.yml").write_text(json.dumps({"sources": off}), encoding="utf-8")
    return folder


def run_all(home: Path, var: Path, store: str, rounds: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """What the store holds after the DAGs; ``collect`` once a round, each round with its sources."""
    office = office_of(var / "config", {name for sources in rounds for name in sources})
    named = {"HUIYING_STORE": store, "HUIYING_VAR": str(var), "HUIYING_CONFIG": str(office)}
    environment = airflow_environment(home) | named
    posts = example_posts(parse_time(NOW))
    assert {post["source"] for post in posts} == set(SOURCES)
    with serve_replica(posts) as replica:
        runs: list[tuple[str, dict[str, Any]]] = [
            ("collect", {"base_url": replica.base_url, "now": NOW, "sources": list(sources)}) for sources in rounds
        ]
        runs += [
            ("respond", {"now": NOW}),
            ("supervise", {"now": LATER}),
            ("report", {"now": LATER}),
            ("train", {"now": LATER}),
        ]
        done = subprocess.run(
            [sys.executable, str(SCRIPT)],
            input=json.dumps(runs),
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            timeout=420,
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("NUMBERS ")]
    assert lines, done.stdout[-3000:] + done.stderr[-3000:]
    numbers: dict[str, Any] = json.loads(lines[-1].removeprefix("NUMBERS "))
    return numbers


def judge(numbers: dict[str, Any]) -> None:
    states = {run["dag"]: run["state"] for run in numbers["runs"]}
    assert states == dict.fromkeys(("collect", "respond", "supervise", "report", "train"), "success")
    posts = numbers["posts"]
    assert posts["posts"] == len(example_posts(parse_time(NOW)))
    assert posts["opened"] == posts["assessed"] == posts["posts"]
    assert numbers["cases"]["assigned"] > 30
    assert "opened" not in numbers["cases"]
    assert numbers["overdue"] > 0
    assert numbers["waiting"] == 0
    assert numbers["papers"] == ["daily-2026-11-24.docx"]


def reported(var: Path) -> None:
    """The month's report of ``train``: what came in, by shares, unknown words and calibration."""
    (path,) = (var / "training").glob("report-*.json")
    drift = json.loads(path.read_text(encoding="utf-8"))["drift"]
    assert drift["posts"]["now"] == len(example_posts(parse_time(NOW)))
    assert sum(share["now"] for share in drift["labels"]["board_domain"]["shares"].values()) == pytest.approx(
        1, abs=0.01
    )
    assert 0 <= drift["unknown_words"]["now"] < 0.5
    assert 0 < drift["calibration"]["sentiment"]["promised_errors"] < 1


def told(home: Path) -> int:
    """How often Airflow was told that new posts are in."""
    with sqlite3.connect(home / "airflow.db") as connection:
        (count,) = connection.execute("select count(*) from asset_event").fetchone()
    return int(count)


def test_all_dags_on_the_embedded_store(airflow_home: Path, tmp_path: Path) -> None:
    """First with a source that the replica does not serve: it fails and shows, and hinders no other.

    The last round names no source: all were asked within their rhythm, so none is asked, and that is no failure.
    """
    store = f"sqlite:///{tmp_path}/huiying.db"
    numbers = run_all(airflow_home, tmp_path / "var", store, [("gov_cn", *SOURCES), SOURCES, ()])
    judge(numbers)
    first, second, third = numbers["runs"][:3]
    assert first["state"] == "failed"
    assert first["tasks"] == [
        ["collect_source", 0, "failed"],
        ["collect_source", 1, "success"],
        ["collect_source", 2, "success"],
        ["collect_source", 3, "success"],
        ["every_source_answered", -1, "upstream_failed"],
        ["load", -1, "success"],
        ["sources", -1, "success"],
        ["tell", -1, "success"],
    ]
    assert first["posts"] == second["posts"] == len(example_posts(parse_time(NOW)))
    assert ["tell", -1, "skipped"] in second["tasks"]
    assert second["state"] == "success"
    assert third["tasks"] == [
        ["collect_source", -1, "skipped"],
        ["every_source_answered", -1, "skipped"],
        ["load", -1, "success"],
        ["sources", -1, "success"],
        ["tell", -1, "skipped"],
    ]
    assert third["state"] == "success"
    # Only the first round brought anything, so what follows was started once.
    assert told(airflow_home) == 1
    reported(tmp_path / "var")


@pytest.mark.elasticsearch
def test_all_dags_on_elasticsearch(airflow_home: Path, tmp_path: Path, need_absent: Callable[[str, str], None]) -> None:
    url = os.environ.get("HUIYING_ELASTICSEARCH")
    if url is None:
        need_absent("elasticsearch", "HUIYING_ELASTICSEARCH names no server (make elasticsearch)")
    from casework.stores.elastic import ElasticStore

    named = f"{str(url).rstrip('/')}/?prefix=dags{os.getpid()}"
    try:
        judge(run_all(airflow_home, tmp_path / "var", named, [SOURCES]))
    finally:
        ElasticStore.connect(named).drop()


def test_the_environment_of_the_tests_names_no_other_home(airflow_home: Path) -> None:
    assert airflow_environment(airflow_home)["AIRFLOW_HOME"] != str(ROOT)
