"""Which sources are asked now, each in its own rhythm, and none twice at once; for the DAG and for the worker."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.times import parse_time, store_time
from pipeline import jobs
from pipeline.settings import state_folder
from pipeline.wiring import Context

SLACK = timedelta(minutes=2)
"""A round that starts a little early still counts as in rhythm (at most a fifth of it); else every second one would be
missed."""


def due_sources(context: Context, now: datetime) -> list[str]:
    """Every enabled source whose rhythm (``rhythm_minutes``) has passed and that no earlier round still walks.

    The rhythm is part of the written assessment of the effect on the site: asking more often is not ours to choose.
    """
    from crawlers.source_folder import read_sources, to_collect

    overrides = context.office.sources
    known, _ = read_sources(overrides=overrides)
    # One with mistakes has no rhythm that can be read: its own task says what is wrong, the others go on.
    return [
        name
        for name in to_collect(overrides)
        if name not in known
        or (
            _in_rhythm(_asked(context, name), timedelta(minutes=known[name].rhythm_minutes), now)
            and not _is_busy(context, name)
        )
    ]


def collect_source(context: Context, source: str, base_url: str | None, now: datetime, fixed: bool) -> dict[str, Any]:
    """Collect one source and note when it was asked; its counts. ``fixed``: ``now`` was given, not read from the clock.

    A crawl that was killed leaves no mark and may be repeated at once; a site that answered, be it with a stop, is
    asked again when its rhythm has passed.
    """
    with _busy(context, source) as alone:
        if not alone:
            return {"new": 0, "changed": 0, "quarantined": 0, "state": "done", "reason": "another round walks it"}
        options = jobs.CollectOptions((source,), base_url)
        counts: dict[str, Any] = jobs.collect(context, options, now if fixed else None)[source]
        asked = _asked(context, source)
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked.write_text(store_time(now) + "\n", encoding="utf-8")
    return counts


@contextmanager
def _busy(context: Context, source: str) -> Iterator[bool]:
    """Whether this is the only run on this machine that collects the source; it then stays so."""
    path = _asked(context, source).with_suffix(".busy")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is_busy(context: Context, source: str) -> bool:
    """Whether an earlier round still walks the source: rounds overlap, so that a long walk delays no other source."""
    with _busy(context, source) as alone:
        return not alone


def _asked(context: Context, source: str) -> Path:
    """Where it stands when the source was last asked and gave an answer of any kind."""
    return state_folder(context.settings.store, context.settings.var) / f"{source}.asked"


def _in_rhythm(asked: Path, rhythm: timedelta, now: datetime) -> bool:
    if not asked.is_file():
        return True
    since = now - parse_time(asked.read_text(encoding="utf-8").strip())
    return since < timedelta(0) or since >= rhythm - min(SLACK, rhythm / 5)
