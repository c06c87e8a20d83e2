"""What an Airflow task calls: plain values in, the stage's counts out; the settings come from the environment.

Nothing here knows Airflow, so nothing in ``dags/`` depends on where a task runs. Every function may be run again.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.times import parse_time, store_time
from pipeline import jobs
from pipeline.settings import settings, state_folder
from pipeline.wiring import Context, clock_now

Counts = dict[str, Any]
SLACK = timedelta(minutes=2)
"""A round that starts a little early still counts as in rhythm (at most a fifth of it); else every second one would be
missed."""


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


def sources(wanted: Sequence[str] | None = None, now: str | None = None) -> list[str]:
    """The sources to collect: those wanted, else every enabled one whose rhythm (``rhythm_minutes``) has passed.

    The rhythm is part of the written assessment of the effect on the site: asking more often is not ours to choose.
    """
    from crawlers.source_folder import read_sources, to_collect

    with _context(now) as (joined, moment):
        if wanted:
            return list(wanted)
        overrides = joined.office.sources
        known, _ = read_sources(overrides=overrides)
        # One with mistakes has no rhythm that can be read: its own task says what is wrong, the others go on.
        return [
            name
            for name in to_collect(overrides)
            if name not in known
            or (
                _in_rhythm(_asked(joined, name), timedelta(minutes=known[name].rhythm_minutes), moment)
                and not _is_busy(joined, name)
            )
        ]


@contextmanager
def _busy(joined: Context, source: str) -> Iterator[bool]:
    """Whether this is the only run on this machine that collects the source; it then stays so."""
    path = _asked(joined, source).with_suffix(".busy")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is_busy(joined: Context, source: str) -> bool:
    """Whether an earlier round still walks the source: rounds overlap, so that a long walk delays no other source."""
    with _busy(joined, source) as alone:
        return not alone


def _asked(joined: Context, source: str) -> Path:
    """Where it stands when the source was last asked and gave an answer of any kind."""
    return state_folder(joined.settings.store, joined.settings.var) / f"{source}.asked"


def _in_rhythm(asked: Path, rhythm: timedelta, now: datetime) -> bool:
    if not asked.is_file():
        return True
    since = now - parse_time(asked.read_text(encoding="utf-8").strip())
    return since < timedelta(0) or since >= rhythm - min(SLACK, rhythm / 5)


def collect(source: str, base_url: str | None = None, now: str | None = None) -> Counts:
    """Collect one source. Raises SourceStopped where it did not come to its end.

    A crawl that was killed leaves no mark and may be repeated at once; a site that answered, be it with a stop, is
    asked again when its rhythm has passed.
    """
    with _context(now) as (joined, moment), _busy(joined, source) as alone:
        if not alone:
            return {"new": 0, "changed": 0, "quarantined": 0, "state": "done", "reason": "another round walks it"}
        options = jobs.CollectOptions((source,), base_url)
        counts: Counts = jobs.collect(joined, options, moment if now else None)[source]
        asked = _asked(joined, source)
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked.write_text(store_time(moment) + "\n", encoding="utf-8")
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
