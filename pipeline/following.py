"""The always-on worker (``huiying run --follow``): round after round, models and events kept in memory.

A store that is away is waited for, an office's folder with mistakes leaves the rules in force until it is mended, and
what a killed worker had not finished the next one finds again: each stage says itself what waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casework.ports import StoreError
from pipeline import heartbeat, jobs, logs, rounds
from pipeline.checks import check_all
from pipeline.locks import KeptOpener
from pipeline.settings import Settings
from pipeline.wiring import Context

PAUSE = 1.0
"""Seconds between a round that had nothing to do and the next."""
SWEEP = timedelta(minutes=1)
"""How often supervision sweeps, sources are looked for and the watchman is told."""
LONGEST_WAIT = 60.0
"""Seconds: the pause after a failure doubles up to this."""
ROUND = ("load", "assess", "open", "assign", "notify")

Report = Callable[[str, jobs.Counts], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which stages a worker does, and how it collects."""

    options: jobs.CollectOptions
    stages: frozenset[str]

    @classmethod
    def of(cls, options: jobs.CollectOptions, first: str, last: str) -> Plan:
        """The stages from ``first`` to ``last``. Raises CallError for unknown ones or the wrong order."""
        return cls(options, frozenset(jobs.stages_between(first, last)))


class Worker:
    """One worker over one store. ``stop`` ends it after the round at hand; ``report`` is told of what was done."""

    def __init__(
        self, settings: Settings, plan: Plan, clock: Callable[[], datetime], stop: threading.Event, report: Report
    ) -> None:
        self.settings, self.plan, self.clock, self.stop, self.report = settings, plan, clock, stop, report
        self.context = Context(settings, clock)
        self.kept = KeptOpener()
        self.seen = _signature(settings.config)
        self.swept: datetime | None = None
        self.total = jobs.RunResult()

    def run(self) -> jobs.RunResult:
        """Work until stopped; the counts of all rounds together."""
        # What is wrong with the folder, the channels or the models is said before anything is done.
        _ = self.context.teller, self.context.assessor
        folder = jobs.collected_folder(self.context)
        folder.mkdir(parents=True, exist_ok=True)
        logs.info("following", store=self.context.store.url, files_from=str(folder.absolute()))
        collector = threading.Thread(target=self._collect, name="collect", daemon=True)
        if "collect" in self.plan.stages:
            collector.start()
        wait = PAUSE
        try:
            while not self.stop.is_set():
                try:
                    worked = self.round()
                except StoreError as error:
                    logs.warning("round failed", reason=str(error), again_in_seconds=wait)
                    self.stop.wait(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
                    continue
                wait = PAUSE
                if not worked:
                    self.stop.wait(PAUSE)
        finally:
            self._end(collector)
            self.context.close()
        return self.total

    def _end(self, collector: threading.Thread) -> None:
        from crawlers.run import let_all_finish

        self.stop.set()
        while collector.is_alive():
            # One that was started this very moment is told the next time.
            let_all_finish()
            collector.join(1)

    def round(self) -> bool:
        """Every stage once, supervision when a minute has passed; whether anything was done."""
        self._follow_config()
        now = self.clock()
        worked = False
        for stage in ROUND:
            # Told to end, it leaves what follows to the next worker rather than keep whoever told it waiting.
            if stage in self.plan.stages and not (worked and self.stop.is_set()):
                worked |= self._did(stage, self._work(stage, now))
        if self.swept is None or now - self.swept >= SWEEP or now < self.swept:
            if "supervise" in self.plan.stages:
                self._did("supervise", jobs.supervise(self.context, now, self.plan.options.watch))
                if "notify" in self.plan.stages:
                    self._did("notify", jobs.notify(self.context, now))
            heartbeat.beat(now)
            self.swept = now
        return worked

    def _work(self, stage: str, now: datetime) -> jobs.Counts:
        work: dict[str, Callable[[], jobs.Counts]] = {
            "load": lambda: jobs.load_collected(self.context, now),
            "assess": lambda: jobs.assess(self.context),
            "open": lambda: jobs.open_cases(self.context, now, self.kept),
            "assign": lambda: jobs.assign(self.context, now),
            "notify": lambda: jobs.notify(self.context, now),
        }
        return work[stage]()

    def _did(self, stage: str, counts: jobs.Counts) -> bool:
        known = self.total.stages.setdefault(stage, dict.fromkeys(counts, 0))
        self.total.stages[stage] = {name: known[name] + counts[name] for name in counts}
        # A notice that waits for its next try, or for the morning, is counted in every round: no news.
        worked = any(number for name, number in counts.items() if name not in ("in", "waiting", "looked"))
        if worked:
            self.report(stage, counts)
        return worked

    def _follow_config(self) -> None:
        """Take up a changed folder of the office; one with mistakes is told of and leaves the rules as they are."""
        seen = _signature(self.settings.config)
        if seen == self.seen:
            return
        self.seen = seen
        wrong = [
            found["text"] for found in check_all(self.settings.config, self.clock()) if found["severity"] == "error"
        ]
        if wrong:
            for text in wrong:
                logs.warning("configuration refused; the one in force stays", mistake=text)
            return
        self.context.close()
        self.context, self.kept = Context(self.settings, self.clock), KeptOpener()
        logs.info("configuration taken up", folder=str(self.settings.config))

    def _collect(self) -> None:
        """Ask every source in its rhythm, some at a time, until stopped."""
        at_work: set[str] = set()
        with ThreadPoolExecutor(jobs.AT_ONCE) as pool:
            while not self.stop.is_set():
                now = self.clock()
                wanted = self.plan.options.sources
                due = rounds.due_sources(self.context, now)
                for name in due:
                    if name not in at_work and (not wanted or name in wanted):
                        at_work.add(name)
                        pool.submit(self._collect_one, name).add_done_callback(
                            lambda _, name=name: at_work.discard(name)  # type: ignore[misc]
                        )
                self.stop.wait(SWEEP.total_seconds())

    def _collect_one(self, name: str) -> None:
        if self.stop.is_set():
            return
        counts = rounds.collect_source(self.context, name, self.plan.options.base_url, self.clock(), False)
        if counts["new"] or counts["changed"]:
            self.report(f"collect {name}", counts)


def _signature(folder: Path) -> frozenset[tuple[str, int, int]]:
    """What tells a changed folder: names, times and sizes of its files."""
    found = [(path, path.stat()) for path in folder.rglob("*") if path.is_file()]
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
