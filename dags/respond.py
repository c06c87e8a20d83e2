"""研判, 转办, 交办: posts are judged, cases opened, departments told; started by new posts and by the clock."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

from dags.common import COMMON, NOW, POSTS

HALF_HOURLY = CronTriggerTimetable("*/30 * * * *", timezone="Asia/Shanghai")
SCHEDULE = AssetOrTimeSchedule(timetable=HALF_HOURLY, assets=[POSTS])  # type: ignore[list-item]


@dag(schedule=SCHEDULE, tags=["huiying", "研判", "转办"], params={"now": NOW}, doc_md=__doc__, **COMMON)
def respond() -> None:
    """Assess, open, assign, notify."""

    @task
    def assess(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.assess((params or {})["now"])

    @task
    def open_cases(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.open_cases((params or {})["now"])

    @task
    def assign(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.assign((params or {})["now"])

    @task
    def notify(params: dict[str, Any] | None = None) -> dict[str, Any]:
        from pipeline import tasks

        return tasks.notify((params or {})["now"])

    assess() >> open_cases() >> assign() >> notify()


respond()
