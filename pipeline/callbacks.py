"""What Airflow's triggerer calls where a run of supervision is late: a second alarm beside supervision's own.

It needs neither the store nor a scheduler: the office's folder and its channels suffice. Importing this module costs
nothing, since the dag-processor reads it with every DAG.
"""

from __future__ import annotations

from typing import Any

ROLES = ("contact", "head")


async def supervision_late(**values: Any) -> list[str]:
    """Tell the default desk that supervision did not end in time; what each channel said."""
    import asyncio

    from pipeline.wiring import clock_now

    run = (values.get("context") or {}).get("dag_run") or {}
    # Channels wait for servers; the triggerer's loop serves other callbacks meanwhile.
    return await asyncio.to_thread(tell_late, clock_now(), str(run.get("run_id") or ""))


def tell_late(now: Any, run: str) -> list[str]:
    """Send the alarm to contact and head of the default desk, by the second channel where the first fails."""
    from casework.domain.notice import Message
    from casework.domain.times import short_time
    from pipeline.settings import settings
    from pipeline.wiring import Context

    context = Context(settings())
    office, teller = context.office, context.teller
    said = []
    for role in ROLES:
        to = f"{office.default_desk}/{role}"
        message = Message(
            key=f"supervision_late/{run or now.isoformat()}/{role}",
            recipient=teller.roster.recipient(to, now),
            subject="【系统告警】督办没有按时完成",
            body=(
                f"截至{short_time(now)}，督办任务{f'（{run}）' if run else ''}没有按时完成，"
                "期限提醒和逾期升级可能没有发出。\n"
                "请立即检查调度系统；恢复之前请人工核对今天到期的事项（huiying case list --due-before …）。"
            ),
            link=office.link_base,
            urgent=True,
        )
        for channel in teller.channels("source_alarm", to, False):
            answer = channel.send(message)
            said.append(f"{channel.name} → {to}: {'ok' if answer.ok else answer.detail}")
            if answer.ok:
                break
    return said
