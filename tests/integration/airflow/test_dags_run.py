"""The four DAGs, end to end on the replica, on both stores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import parse_time, show_time
from crawlers.replica import serve_replica
from pipeline.demo import example_posts
from tests.integration.airflow.conftest import ROOT, airflow_environment

NOW = "2026-11-24T10:30:00+08:00"
SCRIPT = Path(__file__).with_name("run_dags.py")
pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.xdist_group("airflow")]


def run_all(home: Path, var: Path, store: str) -> dict[str, Any]:
    """What the store holds after all four DAGs."""
    later = show_time(parse_time(NOW) + timedelta(hours=26))
    environment = airflow_environment(home) | {"HUIYING_STORE": store, "HUIYING_VAR": str(var)}
    with serve_replica(example_posts(parse_time(NOW))) as replica:
        command = [sys.executable, str(SCRIPT), replica.base_url, NOW, later, "people_board", "weibo", "henan_gov"]
        done = subprocess.run(command, env=environment, cwd=var.parent, capture_output=True, text=True, timeout=420)
    lines = [line for line in done.stdout.splitlines() if line.startswith("NUMBERS ")]
    assert lines, done.stdout[-3000:] + done.stderr[-3000:]
    numbers: dict[str, Any] = json.loads(lines[-1].removeprefix("NUMBERS "))
    return numbers


def judge(numbers: dict[str, Any]) -> None:
    assert numbers["states"] == dict.fromkeys(("collect", "respond", "supervise", "report"), "success")
    posts = numbers["posts"]
    assert posts["posts"] >= 60
    assert posts["opened"] == posts["assessed"] == posts["posts"]
    assert numbers["cases"]["assigned"] > 30
    assert "opened" not in numbers["cases"]
    assert numbers["overdue"] > 0
    assert numbers["waiting"] == 0
    assert numbers["papers"] == ["daily-2026-11-24.docx"]


def test_all_dags_on_the_embedded_store(airflow_home: Path, tmp_path: Path) -> None:
    judge(run_all(airflow_home, tmp_path / "var", f"sqlite:///{tmp_path}/huiying.db"))


@pytest.mark.elasticsearch
def test_all_dags_on_elasticsearch(airflow_home: Path, tmp_path: Path, need_absent: Callable[[str, str], None]) -> None:
    url = os.environ.get("HUIYING_ELASTICSEARCH")
    if url is None:
        need_absent("elasticsearch", "HUIYING_ELASTICSEARCH names no server (make elasticsearch)")
    from casework.stores.elastic import ElasticStore

    named = f"{str(url).rstrip('/')}/?prefix=dags{os.getpid()}"
    try:
        judge(run_all(airflow_home, tmp_path / "var", named))
    finally:
        ElasticStore.connect(named).drop()


def test_the_environment_of_the_tests_names_no_other_home(airflow_home: Path) -> None:
    assert airflow_environment(airflow_home)["AIRFLOW_HOME"] != str(ROOT)
