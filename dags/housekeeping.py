"""保存期限: every night what has been kept long enough is anonymised or taken away (``retention.yml``); counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from dags.common import COMMON, NOW

SCHEDULE = CronTriggerTimetable("0 2 * * *", timezone="Asia/Shanghai")


@dag(schedule=SCHEDULE, tags=["huiying", "保存期限"], params={"now": NOW}, doc_md=__doc__, **COMMON)
def housekeeping() -> None:
    """Keep house."""

    @task(execution_timeout=timedelta(minutes=50))
    def keep(params: dict[str, Any] | None = None, dag_run: Any = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.housekeep((params or {})["now"] or dag_run.run_after.isoformat())

    keep()


housekeeping()
