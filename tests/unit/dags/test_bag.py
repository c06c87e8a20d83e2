"""Every DAG loads, keeps our policy, and imports nothing heavy before a task runs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytest.importorskip("airflow")
pytestmark = pytest.mark.airflow
LISTING = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
heavy = sorted({"scrapy", "elasticsearch", "sklearn", "pipeline.jobs"} & set(sys.modules))
dags = {
    name: {
        "tags": sorted(dag.tags), "owner": dag.owner, "catchup": dag.catchup, "runs": dag.max_active_runs,
        "doc": bool(dag.doc_md),
        "tasks": {t.task_id: [t.retries, t.execution_timeout is not None] for t in dag.tasks},
    }
    for name, dag in bag.dags.items()
}
print("BAG " + json.dumps({"errors": bag.import_errors, "dags": dags, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "false"}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-c", LISTING, str(ROOT / "dags")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    line = next(line for line in done.stdout.splitlines() if line.startswith("BAG "))
    found: dict[str, Any] = json.loads(line.removeprefix("BAG "))
    return found


def test_the_bag_holds_our_four_without_errors(bag: dict[str, Any]) -> None:
    assert bag["errors"] == {}
    assert set(bag["dags"]) == {"collect", "respond", "supervise", "report"}


def test_nothing_heavy_is_imported_to_read_them(bag: dict[str, Any]) -> None:
    assert bag["heavy"] == []


def test_every_dag_keeps_the_policy(bag: dict[str, Any]) -> None:
    for name, dag in bag["dags"].items():
        assert "huiying" in dag["tags"], name
        assert dag["owner"] == "huiying", name
        assert dag["catchup"] is False, name
        assert dag["runs"] == 1, name
        assert dag["doc"], name
        assert dag["tasks"], name
        for task, (retries, has_timeout) in dag["tasks"].items():
            assert retries >= 1, f"{name}.{task}"
            assert has_timeout, f"{name}.{task}"


def test_dag_files_only_build() -> None:
    """No if, for or try: what decides lies in ``pipeline``, where it is tested without Airflow."""
    files = sorted((ROOT / "dags").glob("[a-z]*.py"))
    assert len(files) >= 4
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [node for node in ast.walk(tree) if isinstance(node, ast.If | ast.For | ast.Try | ast.While)]
        assert found == [], path
