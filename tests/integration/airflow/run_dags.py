"""Runs the four DAGs end to end by ``dag.test()``, in a process of its own; prints what came of it as JSON.

Called by the tests: ``python run_dags.py`` with a JSON list of ``[dag, conf]`` on standard input; the store comes from
the environment.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import DagBag

from casework.ports import CaseFilter
from casework.stores.open import open_store
from pipeline.settings import ROOT, settings


def main(runs: list[tuple[str, dict[str, Any]]]) -> None:
    """The runs one after another; then the numbers."""
    bag = DagBag(str(ROOT / "dags"))
    assert not bag.import_errors, bag.import_errors
    ended = []
    for name, conf in runs:
        dag = bag.dags[name]
        dag.deadline = []
        run = dag.test(run_conf=conf)
        tasks = [[task.task_id, task.map_index, str(task.state)] for task in run.get_task_instances()]
        ended.append({"dag": name, "state": str(run.state), "tasks": sorted(tasks), "posts": _posts()})
    store = open_store(settings().store)
    cases = list(store.list_cases(CaseFilter()))
    numbers = {
        "runs": ended,
        "posts": store.count_posts(),
        "cases": store.count_cases("state"),
        "overdue": sum(entry.what == "overdue" for case in cases for entry in case.history),
        "waiting": sum(len(case.waiting()) for case in cases),
        "papers": sorted(path.name for path in (Path(settings().var) / "papers").glob("*.docx")),
    }
    store.close()
    print("NUMBERS " + json.dumps(numbers))


def _posts() -> int:
    store = open_store(settings().store)
    store.refresh()
    count = store.count_posts()["posts"]
    store.close()
    return count


if __name__ == "__main__":
    main(json.load(sys.stdin))
