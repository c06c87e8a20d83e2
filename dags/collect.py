"""收集: every enabled source, one mapped task each, then what was collected into the store.

Every five minutes those are asked whose own rhythm (``rhythm_minutes``) has passed. One that fails hinders no other:
its task fails, loading takes what the others brought, and the run ends as failed, so that a person looks. Nor does one
that takes long: rounds overlap, and a source that is still being walked is left out of the next. A site that says stop
is not asked again a minute later: its rhythm is the retry. A first walk over a large board takes hours: do it before,
with ``huiying collect``. What follows is started (``tell``) only where loading brought something new or changed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Param, dag, task

from dags.common import COMMON, NOW, POSTS, SOURCES

PARAMS = {
    "now": NOW,
    "base_url": Param(None, type=["null", "string"], description="a replica in place of the sites"),
    "sources": Param(None, type=["null", "array"], description="only these; empty: every enabled one"),
}
LONGEST = timedelta(hours=3)
SETTINGS = COMMON | {"dagrun_timeout": timedelta(hours=4), "max_active_runs": 16}


def brought(_: Any) -> bool:
    """Whether what follows has anything to do."""
    from pipeline import tasks

    return tasks.brought()


@dag(schedule=timedelta(minutes=5), tags=["huiying", "收集"], params=PARAMS, doc_md=__doc__, **SETTINGS)
def collect() -> None:
    """Collect, load, and tell what follows of anything new."""

    @task
    def sources(params: dict[str, Any] | None = None) -> list[str]:
        from pipeline import tasks

        return tasks.sources((params or {})["sources"], (params or {})["now"])

    @task(retries=0, execution_timeout=LONGEST, pool=SOURCES)
    def collect_source(source: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.collect(source, (params or {})["base_url"], (params or {})["now"])

    @task(trigger_rule="all_done")
    def load(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.load((params or {})["now"])

    @task.run_if(brought, "loading brought nothing new")
    @task(outlets=[POSTS])
    def tell() -> None:
        from pipeline import tasks

        tasks.told()

    asked = collect_source.expand(source=sources())
    asked >> load() >> tell()
    asked >> EmptyOperator(task_id="every_source_answered")


collect()
