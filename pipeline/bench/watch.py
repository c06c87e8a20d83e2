"""What it costs to watch sources: to learn each one's rhythm from its whole log and to judge how it fares."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from casework.domain.times import SHANGHAI
from pipeline.bench import Row, row

if TYPE_CHECKING:
    from crawlers.run_log import Run

ABOUT = "a round of watching, a year of runs every 5 minutes a source ÷ a run with nothing new of each, at most 0.1"
DAYS, RHYTHM, ROUNDS, PAGES = 365, timedelta(minutes=5), 12, 200
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI)


def measure(store: str | None) -> list[Row]:
    """CPU seconds a round over an hour of rounds, as supervision takes them, against one quiet round of collecting."""
    from crawlers.run_log import add_run, log_path
    from crawlers.source_folder import load_sources
    from pipeline.settings import ROOT, Settings, state_folder
    from pipeline.watching import raise_alarms
    from pipeline.wiring import Context

    names = sorted(name for name, source in load_sources().items() if source.enabled)
    chance, seconds = random.Random(20261124), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(f"sqlite:///{folder}/bench.db", ROOT / "config", folder / "var")
        logs = {one: log_path(state_folder(settings.store, settings.var), one) for one in names}
        kept = [_write(path, chance) for path in logs.values()]
        context = Context(settings, lambda: NOW)
        # What is made once is no cost of a round: the store, the office.
        context.store.refresh()
        for number in range(1, ROUNDS + 1):
            at = NOW + number * RHYTHM
            for path in logs.values():
                add_run(path, _run(at, chance))
            began = time.process_time()
            if raise_alarms(context, at):
                raise AssertionError("an alarm, though every source fares well")
            seconds.append(time.process_time() - began)
        context.close()
        quiet = _quiet(folder / "crawl") * len(names)
    value = statistics.mean(seconds)
    runs = f"{sum(kept)} runs kept of {len(names)} × {timedelta(days=DAYS) // RHYTHM}"
    detail = (
        f"{1000 * value:.0f} ms a round for {len(names)} sources, {runs}; the round that judges all"
        f" {max(seconds):.2f} s, the others {statistics.median(seconds):.2f} s; a run with nothing new of each"
        f" {quiet:.2f} s"
    )
    return [row("watch", value / quiet, "ratio", "a run with nothing new of each source", 0.1, False, detail)]


def _write(path: Path, chance: random.Random) -> int:
    """A year of runs of one source in its log, as much as a log may hold; how many are left."""
    from crawlers.run_log import MOST_BYTES, line_of

    lines: list[bytes] = []
    size = 0
    for number in range(timedelta(days=DAYS) // RHYTHM):
        line = line_of(_run(NOW - number * RHYTHM, chance))
        size += len(line)
        if size > MOST_BYTES:
            break
        lines.append(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(reversed(lines)))
    return len(lines)


def _run(at: datetime, chance: random.Random) -> Run:
    """A run that brings something in one case of three by day and in one of twenty by night."""
    from crawlers.run_log import Run
    from crawlers.tally import FIELDS

    if chance.random() > (1 / 3 if 7 <= at.hour < 22 else 1 / 20):
        return Run(at, "done", seconds=1.2, read=40)
    new = chance.randint(1, 4)
    having = dict.fromkeys(FIELDS, new)
    delays = tuple(sorted(chance.randint(60, 900) for _ in range(new)))
    return Run(
        at, "done", seconds=1.2, read=40 + new, new=new, rows=new, having=having, length=600, delays=delays, timed=new
    )


def _quiet(folder: Path) -> float:
    """CPU seconds of a run with nothing new of one source."""
    from pipeline.bench._crawls import ours, replica

    with replica(PAGES) as base:
        ours(base, folder, PAGES)
        return statistics.median(ours(base, folder, PAGES)[1].seconds for _ in range(3))
