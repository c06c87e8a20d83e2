"""Housekeeping (``huiying housekeep``): the store by the office's periods, raw lines and log files by their age.

The log of acts is never cut: its chain would break, and it holds ids only. It is kept longer than the six months that
the law asks for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from casework.domain.retention import Keep
from casework.services import retention
from pipeline import logs
from pipeline.errors import CallError
from pipeline.files import whole
from pipeline.jobs import collected_folder
from pipeline.locks import alone
from pipeline.seals import seal
from pipeline.wiring import Context

Counts = dict[str, Any]


def housekeep(context: Context, now: datetime, dry: bool = False) -> Counts:
    """Each sort of data: ``found`` over its time, ``done``, ``waits`` for an open case. ``dry``: only counted."""
    keeps = context.office.retention
    with alone(context, "housekeep"):
        counts = retention.keep_house(context.store, context.masker, keeps, now, dry).counts
        for keep in keeps:
            if keep.what in ("collected", "logs"):
                counts[keep.what] = _files(_old(context, keep, now), dry)
        if not dry:
            counts["chains"] = _sealed(context, now)
    return counts


def _sealed(context: Context, now: datetime) -> dict[str, int]:
    """Seal the chains. A store that is not what was sealed stops nothing here: it is told, and waits for somebody."""
    try:
        found = seal(context.store, context.settings, now)
    except CallError as error:
        logs.warning("not sealed", why=str(error))
        return {"found": 1, "done": 0, "waits": 1}
    return {"found": found["changed"], "done": found["changed"], "waits": 0}


def _old(context: Context, keep: Keep, now: datetime) -> Iterator[Path]:
    """Files of a sort that were last written before its time began."""
    before = keep.before(now)
    for folder, pattern in _folders(context, keep.what):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                yield path


def _folders(context: Context, what: str) -> list[tuple[Path, str]]:
    if what == "logs":
        homes = [Path(os.environ["AIRFLOW_HOME"]) / "logs"] if os.environ.get("AIRFLOW_HOME") else []
        return [(folder, "*.log*") for folder in (context.settings.var / "logs", *homes)]
    # What still waits to be loaded lies above ``loaded``: it is nobody's to take away.
    collected = collected_folder(context)
    return [
        (collected / "loaded", "*.jsonl"),
        (collected, "*.quarantine.jsonl"),
        (context.settings.var / "quarantine", "*.quarantine.jsonl"),
    ]


def _files(paths: Iterable[Path], dry: bool) -> dict[str, int]:
    found = 0
    for path in paths:
        found += 1
        if not dry:
            path.unlink(missing_ok=True)
    return {"found": found, "done": 0 if dry else found, "waits": 0}


def erase(context: Context, ids: Sequence[str], reason: str, by: str, now: datetime) -> Counts:
    """At a person's request: the posts in the store, and their lines in the raw files; which ids are not known."""
    lines = _erase_lines(context, frozenset(ids))
    known = retention.erase(context.store, ids, reason, by, now)
    return {"erased": known, "lines": lines, "unknown": sorted(set(ids) - set(known))}


def _erase_lines(context: Context, ids: frozenset[str]) -> int:
    """Take the lines of these posts out of every raw file; how many."""
    taken = 0
    for folder, pattern in (*_folders(context, "collected"), (collected_folder(context), "*.jsonl")):
        for path in sorted(folder.glob(pattern)):
            lines = path.read_bytes().splitlines(keepends=True)
            kept = [line for line in lines if not _speaks_of(line, ids)]
            if len(kept) < len(lines):
                taken += len(lines) - len(kept)
                with whole(path) as file:
                    file.write(b"".join(kept))
    return taken


def _speaks_of(line: bytes, ids: frozenset[str]) -> bool:
    """Whether a raw line, or the one that a line of quarantine holds, is one of these posts."""
    try:
        value = orjson.loads(line)
    except ValueError:
        return False
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("raw"), str):
        return _speaks_of(value["raw"].encode(), ids)
    return f"{value.get('source')}:{value.get('native_id')}" in ids
