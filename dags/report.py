"""日报: the daily report as a Word file, every morning at 08:30."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.trigger import CronTriggerTimetable

from dags.common import COMMON, NOW

SCHEDULE = CronTriggerTimetable("30 8 * * *", timezone="Asia/Shanghai")


@dag(schedule=SCHEDULE, tags=["huiying", "日报"], params={"now": NOW}, doc_md=__doc__, **COMMON)
def report() -> None:
    """Write the paper."""

    @task
    def daily(params: dict[str, Any] | None = None, dag_run: Any = None) -> str:
        from pipeline import tasks

        # The run's own moment: a run that is repeated later writes the paper of its day again, not another day's.
        return tasks.report("daily", (params or {})["now"] or dag_run.run_after.isoformat())

    daily()


report()
