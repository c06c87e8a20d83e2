"""The watch over sources, joined: how each fares by its log of runs and the office's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from casework.domain.errors import MissingCalendar
from casework.domain.times import short_time
from pipeline import logs
from pipeline.errors import CallError
from pipeline.settings import state_folder
from pipeline.watch_rounds import Rounds
from pipeline.wiring import Context

if TYPE_CHECKING:
    from casework.domain.alarm import Finding
    from crawlers.watch import Status
    from crawlers.watch_learn import DayOff

HEAD = ("来源", "状态", "上次成功", "新增", "变化", "隔离", "发布到采集 p50 / p95", "已无新内容 / 最多", "原因")
"""Columns for people; the counts are those of the last 24 hours."""
ORDER = ("stopped", "changed", "silent", "slow", "collecting", "waiting", "off")
"""What needs somebody stands first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A source as people read it. ``alarm``: the office has to act."""

    id: str
    title: str
    state: str
    state_title: str
    alarm: bool
    last_success: str
    new: int
    changed: int
    quarantined: int
    delay: str
    silent: str
    reason: str
    advice: str

    def cells(self) -> tuple[str, ...]:
        """In the order of ``HEAD``."""
        counts = (str(number) for number in (self.new, self.changed, self.quarantined))
        return (
            f"{self.title} ({self.id})",
            self.state_title,
            self.last_success,
            *counts,
            self.delay,
            self.silent,
            self.reason,
        )


def line_of(status: Status) -> Line:
    """A status in words."""
    from crawlers.watch_words import ADVICE, STATES, length

    def pair(*times: timedelta | None) -> str:
        return " / ".join("—" if one is None else length(one) for one in times)

    delay = [None if value is None else timedelta(seconds=value) for value in (status.delay.p50, status.delay.p95)]
    return Line(
        id=status.id,
        title=status.title,
        state=status.state,
        state_title=STATES[status.state],
        alarm=status.alarm is not None,
        last_success=short_time(status.last_success) if status.last_success else "—",
        new=status.day.new,
        changed=status.day.changed,
        quarantined=status.day.quarantined,
        delay=pair(*delay),
        silent=pair(status.silent, status.silence),
        reason=status.reason or "",
        advice=ADVICE[status.state] if status.alarm else "",
    )


def lines(context: Context, now: datetime) -> list[Line]:
    """All sources in words, what needs somebody first."""
    found = [line_of(one) for one in statuses(context, now)]
    return sorted(found, key=lambda line: (not line.alarm, ORDER.index(line.state), line.id))


def statuses(context: Context, now: datetime, names: Sequence[str] = (), state: Path | None = None) -> list[Status]:
    """How the sources of ``names`` (none: all) fare. Raises CallError for one that does not exist."""
    from crawlers.errors import CollectError
    from crawlers.run_log import log_path, read_runs
    from crawlers.source_folder import read_sources, switched_off
    from crawlers.watch import Status, status_of

    overrides = context.office.sources
    known, mistakes = read_sources(overrides=overrides)
    unknown = sorted(set(names) - known.keys() - mistakes.keys())
    if unknown:
        raise CallError(f"{unknown[0]}: no such source; the sources are {', '.join(sorted({*known, *mistakes}))}")
    folder = state or state_folder(context.settings.store, context.settings.var)
    found, off = [], context_days(context)
    for name in sorted({*known, *mistakes}):
        if names and name not in names:
            continue
        trouble = "配置有误：" + "；".join(mistakes.get(name, ()))
        if name in known:
            try:
                found.append(status_of(known[name], read_runs(log_path(folder, name)), now, off))
                continue
            except CollectError as error:
                trouble = f"采集记录读不出来：{error}"
        on = known[name].enabled if name in known else not switched_off(name, overrides=overrides)
        found.append(Status(name, name, on, timedelta(0), "stopped" if on else "off", trouble))
    return found


def raise_alarms(context: Context, now: datetime) -> int:
    """Tell the office of sources that stopped, fell silent or changed, each once; how many alarms changed.

    Those that were well lately, and of which nothing says otherwise, are not judged anew, see ``watch_rounds``.
    """
    from casework.services import alarms
    from crawlers.source_folder import read_sources

    known, mistakes = read_sources(overrides=context.office.sources)
    rounds = Rounds(state_folder(context.settings.store, context.settings.var))
    due = [*rounds.due(known, now), *mistakes]
    found = statuses(context, now, due) if due else []
    # A first failure that may pass by itself is neither an alarm nor the end of one; nor is what cannot be read.
    told = [one for one in found if one.firm and (one.last_success or one.state == "off")]
    changed = alarms.raise_alarms(context.store, context.office, [_finding(one) for one in told], now)
    rounds.note(found, known, now)
    for alarm in changed:
        logs.warning("source watched", alarm=alarm.id, state=alarm.state or "well")
    return len(changed)


def _finding(status: Status) -> Finding:
    from casework.domain.alarm import Finding
    from crawlers.watch_words import ADVICE, STATES

    facts = {"title": status.title, "state": STATES[status.state], "link": "/sources"}
    facts |= {"reason": status.reason} if status.reason else {}
    facts |= {"action": ADVICE[status.state]} if status.alarm else {}
    return Finding(f"source:{status.id}", status.alarm, facts, quiet=status.state == "off")


def context_days(context: Context) -> DayOff:
    """Whether a day is off by the office's calendar; None in a year of which no notice is known."""
    worktime = context.office.worktime

    def off(day: date) -> bool | None:
        try:
            return not worktime.is_workday(day)
        except MissingCalendar:
            return None

    return off
