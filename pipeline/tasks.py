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
from pipeline import jobs
from pipeline.settings import settings
from pipeline.wiring import Context, clock_now

Counts = dict[str, Any]


class SourceStopped(RuntimeError):
    """A source stopped or failed: its task fails and says why; what came before is kept."""


@contextmanager
def _context(now: str | None) -> Iterator[tuple[Context, datetime]]:
    moment = clock_now() if now is None else parse_time(now)
    joined = Context(settings(), lambda: moment)
    try:
        yield joined, moment
    finally:
        joined.close()


def sources(wanted: Sequence[str] | None = None) -> list[str]:
    """The sources to collect: those wanted, else every enabled one."""
    from crawlers.source_folder import load_sources

    with _context(None) as (joined, _):
        known = load_sources(overrides=joined.office.sources)
    return list(wanted) if wanted else [name for name, source in known.items() if source.enabled]


def collect(source: str, base_url: str | None = None, now: str | None = None) -> Counts:
    """Collect one source. Raises SourceStopped where it did not come to its end."""
    with _context(now) as (joined, moment):
        options = jobs.CollectOptions((source,), base_url)
        counts = jobs.collect(joined, options, moment if now else None)[source]
    if counts["state"] != "done":
        raise SourceStopped(f"{source}: {counts['state']}: {counts['reason']}")
    return counts


def _stage(work: Callable[[Context, datetime], Counts]) -> Callable[[str | None], Counts]:
    def run(now: str | None = None) -> Counts:
        with _context(now) as (joined, moment):
            return work(joined, moment)

    return run


load = _stage(jobs.load_collected)
assess = _stage(lambda joined, _: jobs.assess(joined))
open_cases = _stage(jobs.open_cases)
assign = _stage(jobs.assign)
notify = _stage(jobs.notify)
supervise = _stage(jobs.supervise)


def report(kind: str, now: str | None = None) -> str:
    """Write the paper of the day before ``now`` under ``papers`` of the working files; its path."""
    from pipeline import reports

    with _context(now) as (joined, moment):
        day = reports.day_of(None, moment - timedelta(days=1))
        out = Path(joined.settings.var) / "papers" / f"{kind}-{day.isoformat()}.docx"
        out.parent.mkdir(parents=True, exist_ok=True)
        reports.write(joined, kind, day, moment, out)
    return str(out)
