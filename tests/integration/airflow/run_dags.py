"""Runs the four DAGs end to end by ``dag.test()``, in a process of its own; prints what the store holds as JSON.

Called by the tests: ``python run_dags.py BASE_URL NOW LATER SOURCE…``; the store comes from the environment.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag

from casework.ports import CaseFilter
from casework.stores.open import open_store
from pipeline.settings import ROOT, settings


def main(base_url: str, now: str, later: str, *sources: str) -> None:
    """Collect, respond, supervise, report; then the numbers."""
    bag = DagBag(str(ROOT / "dags"))
    assert not bag.import_errors, bag.import_errors
    confs = {
        "collect": {"base_url": base_url, "now": now, "sources": list(sources)},
        "respond": {"now": now},
        "supervise": {"now": later},
        "report": {"now": later},
    }
    states = {}
    for name, conf in confs.items():
        dag = bag.dags[name]
        dag.deadline = []
        run = dag.test(run_conf=conf)
        states[name] = str(run.state)
    store = open_store(settings().store)
    store.refresh()
    numbers = {
        "states": states,
        "posts": store.count_posts(),
        "cases": store.count_cases("state"),
        "overdue": sum(
            1 for case in store.list_cases(CaseFilter()) for entry in case.history if entry.what == "overdue"
        ),
        "waiting": sum(len(case.waiting()) for case in store.list_cases(CaseFilter())),
        "papers": sorted(path.name for path in (Path(settings().var) / "papers").glob("*.docx")),
    }
    print("NUMBERS " + json.dumps(numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
