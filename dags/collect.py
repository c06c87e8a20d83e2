"""收集: every enabled source, one mapped task each, then what was collected into the store.

A source that fails hinders no other: its task fails, and loading takes what the others brought.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from dags.common import COMMON, NOW, POSTS

PARAMS = {
    "now": NOW,
    "base_url": Param(None, type=["null", "string"], description="a replica in place of the sites"),
    "sources": Param(None, type=["null", "array"], description="only these; empty: every enabled one"),
}


@dag(schedule=timedelta(minutes=15), tags=["huiying", "收集"], params=PARAMS, doc_md=__doc__, **COMMON)
def collect() -> None:
    """Collect, then load."""

    @task
    def sources(params: dict[str, Any] | None = None) -> list[str]:
        from pipeline import tasks

        return tasks.sources((params or {})["sources"])

    @task
    def collect_source(source: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.collect(source, (params or {})["base_url"], (params or {})["now"])

    @task(trigger_rule="all_done", outlets=[POSTS])
    def load(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.load((params or {})["now"])

    collect_source.expand(source=sources()) >> load()


collect()
