"""Every DAG loads, keeps our policy, and imports nothing of ours before a task runs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "dags").glob("[a-z]*.py"))
OURS = {"casework", "crawlers", "nlp", "alerting", "pipeline", "dashboards"}
HEAVY = OURS | {"scrapy", "elasticsearch", "sklearn", "jieba", "rjieba", "docx"}
NOT_REPEATED = {"collect.collect_source"}
"""A site is not asked again a minute after it said stop."""
LISTING = """
import asyncio, json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.triggers.callback import CallbackTrigger
before = set(sys.modules)
bag = DagBag(sys.argv[1])
dags = {
    name: {
        "tags": sorted(dag.tags), "owner": dag.owner, "catchup": dag.catchup, "runs": dag.max_active_runs,
        "doc": dag.doc_md, "timeout": dag.dagrun_timeout.total_seconds(),
        "late": [(one.interval.total_seconds(), one.callback.path) for one in dag.deadline or ()],
        "schedule": getattr(dag.schedule, "summary", str(dag.schedule)),
        "tasks": {
            t.task_id: {
                "retries": t.retries,
                "timeout": t.execution_timeout and t.execution_timeout.total_seconds(),
                "after": sorted(t.upstream_task_ids),
                "rule": t.trigger_rule.value,
                "mapped": t.is_mapped,
                "pool": t.pool,
                "executor": t.executor,
                "queue": t.queue,
                "outlets": [asset.uri for asset in t.outlets],
            }
            for t in dag.tasks
        },
    }
    for name, dag in bag.dags.items()
}
modules = sorted(set(sys.modules) - before)


async def called(path):
    trigger = CallbackTrigger(path, {"context": {"dag_run": {"run_id": "late_run"}}})
    return [event.payload async for event in trigger.run()]


events = {path: asyncio.run(called(path)) for dag in dags.values() for _, path in dag["late"]}
print()
print("BAG " + json.dumps({"errors": bag.import_errors, "dags": dags, "modules": modules, "events": events}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory, need_absent: Callable[[str, str], None]) -> dict[str, Any]:
    if not (Path(sys.executable).parent / "airflow").is_file():
        need_absent("airflow", "the package is not installed (make test installs it)")
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "HUIYING_"))}
    ours = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "false", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LISTING, str(ROOT / "dags")]
    done = subprocess.run(command, env=kept | ours, capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line.startswith("BAG ")]
    assert lines, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(lines[0].removeprefix("BAG "))
    return found | {"printed": done.stdout + done.stderr}


def tasks(bag: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, dag in bag["dags"].items():
        for task, values in dag["tasks"].items():
            yield f"{name}.{task}", values


@pytest.mark.airflow
def test_the_bag_holds_our_six_without_errors(bag: dict[str, Any]) -> None:
    assert bag["errors"] == {}
    assert set(bag["dags"]) == {"collect", "respond", "supervise", "report", "train", "housekeeping"}


@pytest.mark.airflow
def test_nothing_of_ours_is_imported_to_read_them(bag: dict[str, Any]) -> None:
    """The dag-processor reads the files every half minute: reading them must cost nothing."""
    assert "dags.common" in bag["modules"]
    ours = {name for name in bag["modules"] if name.split(".")[0] in HEAVY}
    # Airflow looks at once whether it can import what it shall call when supervision is late.
    assert ours == {"pipeline", "pipeline.callbacks"}


@pytest.mark.airflow
def test_supervision_that_is_late_is_told_of_by_the_triggerer(bag: dict[str, Any]) -> None:
    path = "pipeline.callbacks.supervision_late"
    assert {name: dag["late"] for name, dag in bag["dags"].items() if dag["late"]} == {"supervise": [[600.0, path]]}
    assert [event["state"] for event in bag["events"][path]] == ["running", "success"]
    assert len(bag["events"][path][1]["body"]) == 2
    assert bag["printed"].count("督办没有按时完成") >= 2
    assert "late_run" in bag["printed"]


@pytest.mark.airflow
def test_no_task_depends_on_where_it_runs(bag: dict[str, Any]) -> None:
    pools = json.loads((ROOT / "dags" / "pools.json").read_text(encoding="utf-8"))
    found = dict(tasks(bag))
    assert found
    assert {task["executor"] for task in found.values()} == {None}
    assert {task["queue"] for task in found.values()} == {"default"}
    assert {task["pool"] for task in found.values()} == {"default_pool", *pools}
    assert found["collect.collect_source"]["pool"] == "sources"


@pytest.mark.airflow
def test_every_dag_keeps_the_policy(bag: dict[str, Any]) -> None:
    assert bag["dags"]
    for name, dag in bag["dags"].items():
        assert "huiying" in dag["tags"], name
        assert dag["owner"] == "huiying", name
        assert dag["catchup"] is False, name
        # Rounds of collection overlap: a source that takes long delays no other.
        assert dag["runs"] == (16 if name == "collect" else 1), name
        assert dag["doc"], name
        longest = max(task["timeout"] for task in dag["tasks"].values())
        assert dag["timeout"] >= longest, name


@pytest.mark.airflow
def test_every_task_is_repeated_and_limited(bag: dict[str, Any]) -> None:
    found = dict(tasks(bag))
    assert found.keys() > NOT_REPEATED
    for name, task in found.items():
        assert task["timeout"] > 0, name
        assert (task["retries"] >= 1) is (name not in NOT_REPEATED), name


@pytest.mark.airflow
def test_the_stages_follow_each_other(bag: dict[str, Any]) -> None:
    after = {name: task["after"] for name, task in tasks(bag)}
    assert after == {
        "collect.sources": [],
        "collect.collect_source": ["sources"],
        "collect.load": ["collect_source"],
        "collect.tell": ["load"],
        "collect.every_source_answered": ["collect_source"],
        "respond.assess": [],
        "respond.open_cases": ["assess"],
        "respond.assign": ["open_cases"],
        "respond.notify": ["assign"],
        "supervise.sweep": [],
        "supervise.notify": ["sweep"],
        "supervise.beat": ["notify"],
        "report.daily": [],
        "train.learn": [],
        "housekeeping.keep": [],
    }
    collect = bag["dags"]["collect"]["tasks"]
    assert collect["collect_source"]["mapped"] is True
    assert collect["load"]["rule"] == "all_done"
    # What follows is started by new posts, not by every round.
    assert {name: task["outlets"] for name, task in collect.items() if task["outlets"]} == {
        "tell": ["huiying://posts/"]
    }


@pytest.mark.airflow
def test_what_starts_each(bag: dict[str, Any]) -> None:
    schedules = {name: dag["schedule"] for name, dag in bag["dags"].items()}
    assert schedules["supervise"] == schedules["collect"] == "0:05:00"
    assert schedules["report"].startswith("30 8 * * *")
    assert schedules["train"].startswith("0 3 1 * *")
    assert "Asset" in schedules["respond"]


def test_dag_files_only_build() -> None:
    """No if, for or try: what decides lies in ``pipeline``, where it is tested without Airflow."""
    assert len(FILES) >= 5
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [node for node in ast.walk(tree) if isinstance(node, ast.If | ast.For | ast.Try | ast.While)]
        assert found == [], path


def test_only_airflow_is_imported_at_the_top() -> None:
    allowed = {"airflow", "dags"} | set(sys.stdlib_module_names)
    assert FILES
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] in allowed, path
            assert not isinstance(node, ast.Import), path
