"""督办: every five minutes what is due soon, due or overdue; each crossing once, whoever runs it how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.common import COMMON, NOW


@dag(schedule=timedelta(minutes=5), tags=["huiying", "督办"], params={"now": NOW}, doc_md=__doc__, **COMMON)
def supervise() -> None:
    """Sweep, then tell."""

    @task
    def sweep(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.supervise((params or {})["now"])

    @task
    def notify(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.notify((params or {})["now"])

    sweep() >> notify()


supervise()
