"""How a source fares, from its log of runs alone: pure, no clock, no file.

States: ``off`` (switched off), ``waiting`` (never asked), ``stopped`` (the last run did not come to its end, or nobody
asks any more), ``changed`` (the pages' layout changed), ``silent`` (nothing new for longer than its own history lets
expect), ``slow`` (fewer rows than expected three times in a row, or collected late), ``collecting``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.times import short_time, show_time
from crawlers import watch_words
from crawlers.run_log import Run
from crawlers.source_base import SourceBase
from crawlers.watch_layout import layout_changes
from crawlers.watch_learn import DayOff, learn_rhythm, quantile, rows_expected, unknown

ALARMS = ("stopped", "changed", "silent")
"""States of which the office is told."""
DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
_MISSED_ROUNDS = 3
_SHORTEST_WAIT = timedelta(hours=1)
_FEW_IN_A_ROW = 3
_LATE_BY = 3.0
_ENOUGH_DELAYS = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """What runs brought."""

    read: int = 0
    new: int = 0
    changed: int = 0
    quarantined: int = 0

    @classmethod
    def of(cls, runs: Iterable[Run]) -> Counts:
        """The sums of runs."""
        held = [(run.read, run.new, run.changed, run.quarantined) for run in runs]
        return cls(*map(sum, zip(*held, strict=True))) if held else cls()

    def to_json(self) -> dict[str, int]:
        """By name."""
        return {"read": self.read, "new": self.new, "changed": self.changed, "quarantined": self.quarantined}


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from publication to collection, of the new posts of a week; None where none is known."""

    p50: int | None = None
    p95: int | None = None
    posts: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A source as it fares. ``last`` is its last run, ``day`` the last 24 hours; ``rows`` what a run should read.

    ``silence`` is how long it may bring nothing new at this hour of the week, ``silent`` how long it has.
    """

    id: str
    title: str
    enabled: bool
    rhythm: timedelta
    state: str
    reason: str | None = None
    last_run: datetime | None = None
    last_success: datetime | None = None
    last: Counts = Counts()
    day: Counts = Counts()
    delay: Delay = Delay()
    rows: tuple[int, int] | None = None
    silence: timedelta | None = None
    silent: timedelta | None = None
    failing: int = 0
    """Posts whose page did not come yet and is asked for again."""
    firm: bool = True
    """False for a first failure that may pass by itself: one run that found the site unreachable."""

    @property
    def alarm(self) -> str | None:
        """What the office must hear of; a source that never worked is work to do, not an alarm."""
        if self.state not in ALARMS or self.last_success is None:
            return None
        # Another reason to stop is another alarm; what stands behind it (times, counts) is none.
        return self.state + (f": {(self.reason or '').partition('（')[0]}" if self.state == "stopped" else "")

    def to_json(self) -> dict[str, Any]:
        """As ``huiying collect --status --json`` shows it; delays in seconds."""
        return {
            "id": self.id,
            "title": self.title,
            "enabled": self.enabled,
            "state": self.state,
            "reason": self.reason,
            "last_run": show_time(self.last_run) if self.last_run else None,
            "last_success": show_time(self.last_success) if self.last_success else None,
            **self.last.to_json(),
            "failing": self.failing,
            "day": self.day.to_json(),
            "delay": {"p50": self.delay.p50, "p95": self.delay.p95, "posts": self.delay.posts},
            "rhythm_minutes": self.rhythm // timedelta(minutes=1),
            "expected": {
                "min": self.rows[0] if self.rows else None,
                "max": self.rows[1] if self.rows else None,
                "silence_hours": _in_hours(self.silence),
            },
            "silent_hours": _in_hours(self.silent),
        }


def _in_hours(length: timedelta | None) -> float | None:
    return None if length is None else round(length / timedelta(hours=1), 1)


def status_of(source: SourceBase, runs: Sequence[Run], now: datetime, off: DayOff = unknown) -> Status:
    """How a source fares at ``now``. ``runs``: oldest first."""
    runs = [run for run in runs if run.at <= now]
    rhythm = timedelta(minutes=source.rhythm_minutes)
    done = [run for run in runs if run.done]
    if not runs:
        return Status(source.id, source.title, source.enabled, rhythm, "waiting" if source.enabled else "off")
    last = runs[-1]
    rows, silence, silent = None, None, None
    if done:
        rows = rows_expected(done[:-1], done[-1].at, source.expected.min, source.expected.max, off)
        learned = learn_rhythm(runs, source.expected.silence_hours, rhythm, off)
        silence = learned.longest_silence(done[-1].at)
        silent = done[-1].at - next((run.at for run in reversed(done) if run.new), done[0].at)
    state, reason = ("off", None) if not source.enabled else _trouble(runs, now, rhythm, rows, silence, silent)
    if state == "collecting":
        reason = watch_words.beside(last)
    return Status(
        id=source.id,
        title=source.title,
        enabled=source.enabled,
        rhythm=rhythm,
        state=state,
        reason=reason,
        last_run=last.at,
        last_success=done[-1].at if done else None,
        last=Counts.of([last]),
        day=Counts.of(run for run in runs if now - run.at <= DAY),
        delay=_delay(run for run in runs if now - run.at <= WEEK),
        rows=rows,
        silence=silence,
        silent=silent,
        failing=last.failing,
        firm=last.done or watch_words.is_refusal(last) or (len(runs) > 1 and not runs[-2].done),
    )


def may_have_stopped(last: datetime, now: datetime, rhythm: timedelta) -> bool:
    """Whether so long a time after the last run, nobody seems to ask any more."""
    return now - last > max(_MISSED_ROUNDS * rhythm, rhythm + _SHORTEST_WAIT)


def _trouble(
    runs: Sequence[Run],
    now: datetime,
    rhythm: timedelta,
    rows: tuple[int, int] | None,
    silence: timedelta | None,
    silent: timedelta | None,
) -> tuple[str, str | None]:
    """The state of a source that was asked at least once, and why; what weighs most comes first."""
    last = runs[-1]
    if not last.done:
        return "stopped", watch_words.ended(last)
    if may_have_stopped(last.at, now, rhythm):
        return "stopped", f"自 {short_time(last.at)} 起没有再采集，应每 {rhythm // timedelta(minutes=1)} 分钟一次"
    lost = layout_changes(runs)
    if lost:
        return "changed", watch_words.lost(lost)
    if silence is not None and silent is not None and silent > silence:
        return "silent", f"已 {watch_words.length(silent)}没有新内容，按以往此时段最多 {watch_words.length(silence)}"
    recent = [run for run in runs if run.done and not run.whole][-_FEW_IN_A_ROW:]
    if rows is not None and len(recent) == _FEW_IN_A_ROW and all(run.read < rows[0] for run in recent):
        return "slow", f"连续 {_FEW_IN_A_ROW} 轮偏少：最近一轮读到 {recent[-1].read} 条，预期 {rows[0]}–{rows[1]} 条"
    return _late(runs, now, rhythm)


def _late(runs: Sequence[Run], now: datetime, rhythm: timedelta) -> tuple[str, str | None]:
    """Whether what came in the last day was collected much later than before."""
    day, before = ([run for run in runs if (now - run.at <= DAY) is recent] for recent in (True, False))
    shown, usual = _delay(day), _delay(before)
    if min(shown.posts, usual.posts) < _ENOUGH_DELAYS or shown.p50 is None or usual.p95 is None:
        return "collecting", None
    if shown.p50 > max(usual.p95, _LATE_BY * rhythm.total_seconds()):
        words = [watch_words.length(timedelta(seconds=value)) for value in (shown.p50, usual.p50 or 0)]
        return "slow", f"从发布到采集变慢：近一天一半在 {words[0]}以上，以往 {words[1]}"
    return "collecting", None


def _delay(runs: Iterable[Run]) -> Delay:
    """Quantiles over runs; a run's sample stands for all its new posts."""
    weighed = sorted((value, run.timed / len(run.delays)) for run in runs if run.delays for value in run.delays)
    if not weighed:
        return Delay()
    if all(weight == 1 for _, weight in weighed):
        values = [value for value, _ in weighed]
        return Delay(round(quantile(values, 0.5)), round(quantile(values, 0.95)), len(values))
    total = sum(weight for _, weight in weighed)
    return Delay(_weighed(weighed, total / 2), _weighed(weighed, total * 0.95), round(total))


def _weighed(weighed: Sequence[tuple[int, float]], upto: float) -> int:
    held = 0.0
    for value, weight in weighed:
        held += weight
        if held >= upto:
            return value
    return weighed[-1][0]
