"""督办: every five minutes what is due soon, due or overdue; each crossing once, whoever runs it how often.

Two alarms watch supervision itself. A run that has not ended ten minutes after it was queued is told of by Airflow's
triggerer, past the store and the scheduler's tasks (``pipeline.callbacks``). A watchman outside gets a sign of life
after each run that came to its end, and calls when signs stay away (``HUIYING_HEARTBEAT_URL``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from dags.common import COMMON, NOW

LATE = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(minutes=10),
    callback=AsyncCallback("pipeline.callbacks.supervision_late"),
)


@dag(
    schedule=timedelta(minutes=5),
    tags=["huiying", "督办"],
    params={"now": NOW},
    doc_md=__doc__,
    deadline=LATE,
    **COMMON,
)
def supervise() -> None:
    """Sweep, tell, then give the watchman his sign."""

    @task
    def sweep(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.supervise((params or {})["now"])

    @task
    def notify(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.notify((params or {})["now"])

    @task
    def beat() -> bool:
        from pipeline import tasks

        return tasks.beat()

    sweep() >> notify() >> beat()


supervise()
