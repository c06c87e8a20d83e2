"""What an Airflow task calls: plain values in, the stage's counts out; the settings come from the environment.

Nothing here knows Airflow, so nothing in ``dags/`` depends on where a task runs. Every function may be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.times import parse_time
from pipeline import heartbeat, housekeeping, jobs, rounds
from pipeline.private import kept_private
from pipeline.settings import settings
from pipeline.wiring import Context, clock_now

Counts = dict[str, Any]


class SourceStopped(RuntimeError):
    """A source stopped or failed: its task fails and says why; what came before is kept."""


@contextmanager
def _context(now: str | None) -> Iterator[tuple[Context, datetime]]:
    moment = clock_now() if now is None else parse_time(now)
    joined = Context(settings(), lambda: moment)
    with kept_private():
        try:
            yield joined, moment
        finally:
            joined.close()


def sources(wanted: Sequence[str] | None = None, now: str | None = None) -> list[str]:
    """The sources to collect: those wanted, else every enabled one whose rhythm has passed."""
    with _context(now) as (joined, moment):
        return list(wanted) if wanted else rounds.due_sources(joined, moment)


def collect(source: str, base_url: str | None = None, now: str | None = None) -> Counts:
    """Collect one source. Raises SourceStopped where it did not come to its end."""
    with _context(now) as (joined, moment):
        counts: Counts = rounds.collect_source(joined, source, base_url, moment, now is not None)
    if counts["state"] != "done":
        raise SourceStopped(f"{source}: {counts['state']}: {counts['reason']}")
    return counts


def _stage(work: Callable[[Context, datetime], Counts]) -> Callable[[str | None], Counts]:
    def run(now: str | None = None) -> Counts:
        with _context(now) as (joined, moment):
            return work(joined, moment)

    return run


def load(now: str | None = None) -> Counts:
    """Load what was collected; anything new or changed leaves a mark, until ``told`` takes it away."""
    with _context(now) as (joined, moment):
        return jobs.load_collected(joined, moment, _mark(joined))


def _mark(joined: Context) -> Path:
    return jobs.collected_folder(joined) / "brought"


def brought() -> bool:
    """Whether loading brought anything new or changed of which what follows was not told."""
    with _context(None) as (joined, _):
        return _mark(joined).exists()


def told() -> None:
    """What follows is started now."""
    with _context(None) as (joined, _):
        _mark(joined).unlink(missing_ok=True)


assess = _stage(lambda joined, _: jobs.assess(joined))
open_cases = _stage(jobs.open_cases)
assign = _stage(jobs.assign)
notify = _stage(jobs.notify)
supervise = _stage(jobs.supervise)


def beat() -> bool:
    """The sign of life to the watchman outside; whether one is named and took it."""
    return heartbeat.beat(clock_now())


housekeep = _stage(housekeeping.housekeep)


def report(kind: str, now: str | None = None) -> str:
    """Write the paper of the day before ``now`` under ``papers`` of the working files; its path."""
    from pipeline import reports

    with _context(now) as (joined, moment):
        day = reports.day_of(None, moment - timedelta(days=1))
        out = Path(joined.settings.var) / "papers" / f"{kind}-{day.isoformat()}.docx"
        out.parent.mkdir(parents=True, exist_ok=True)
        reports.write(joined, kind, day, moment, out)
    return str(out)


def learn(now: str | None = None) -> Counts:
    """Drift and what was corrected, learnt on trial; where the report lies and which tasks were accepted."""
    from nlp.datasets import DataError
    from nlp.evaluate import shared_data
    from pipeline import learning

    try:
        data: Path | None = shared_data()
    except DataError:
        data = None
    with _context(now) as (joined, moment):
        return learning.monthly(joined, data, moment)
