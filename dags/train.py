"""学习: on the first of every month what drifted, and what was corrected learnt on trial; a person puts it in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from dags.common import COMMON, NOW

SCHEDULE = CronTriggerTimetable("0 3 1 * *", timezone="Asia/Shanghai")


@dag(schedule=SCHEDULE, tags=["huiying", "学习"], params={"now": NOW}, doc_md=__doc__, **COMMON)
def train() -> None:
    """Report drift and train on trial."""

    @task(execution_timeout=timedelta(minutes=50))
    def learn(params: dict[str, Any] | None = None, dag_run: Any = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.learn((params or {})["now"] or dag_run.run_after.isoformat())

    learn()


train()
