"""What every run of a source gave, a line each, beside what was seen of it: ``STATE/SOURCE.runs.jsonl``.

The file only grows, in single writes, until it is too large: then its older half is let go in one step.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.errors import DomainError
from casework.domain.times import parse_time, store_time
from crawlers.errors import CollectError

MOST_BYTES = 2_000_000
"""About 19,000 runs, half of them at least: one to two months of a source that is asked every five minutes, a year and
more of one asked every hour."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``whole``: everything was walked, known or not; ``full``: and everything counted as new.

    ``having`` counts the rows that had a field, of ``rows``; ``length`` is the median length of a text; ``delays``
    (seconds, ascending) stand for ``timed`` new posts. ``failing``: posts whose page did not come yet.
    """

    at: datetime
    state: str
    reason: str | None = None
    seconds: float = 0.0
    read: int = 0
    new: int = 0
    changed: int = 0
    quarantined: int = 0
    whole: bool = False
    full: bool = False
    rows: int = 0
    having: Mapping[str, int] = field(default_factory=dict)
    length: int | None = None
    delays: tuple[int, ...] = ()
    timed: int = 0
    failing: int = 0

    @property
    def done(self) -> bool:
        """Whether it came to its end."""
        return self.state == "done"


_NAMES = frozenset(item.name for item in fields(Run))
_DEFAULTS = {item.name: item.default for item in fields(Run)}


def log_path(state: Path, source: str) -> Path:
    """Where the runs of a source stand."""
    return state / f"{source}.runs.jsonl"


def line_of(run: Run) -> bytes:
    """The run as its line."""
    value = {name: held for name, held in asdict(run).items() if held not in (_DEFAULTS[name], (), {})}
    line = json.dumps({**value, "at": store_time(run.at)}, ensure_ascii=False, separators=(",", ":")) + "\n"
    return line.encode("utf-8", "replace")


def add_run(path: Path, run: Run) -> None:
    """Add a line. Raises CollectError where the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with path.open("ab") as file:
                file.write(line_of(run))
            if path.stat().st_size > MOST_BYTES:
                _let_go(path)
    except OSError as error:
        raise CollectError(str(path), "", str(error), "make the folder writable; nothing is lost") from None


def _let_go(path: Path) -> None:
    kept = path.read_bytes()[-MOST_BYTES // 2 :].partition(b"\n")[2]
    spare = path.with_suffix(f".{os.getpid()}.tmp")
    spare.write_bytes(kept)
    os.replace(spare, path)


def read_runs(path: Path) -> list[Run]:
    """All runs, oldest first by their time. A line that a killed process cut off is passed over."""
    try:
        with path.open("rb") as file:
            return sorted(_runs(file), key=lambda run: run.at)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CollectError(str(path), "", str(error), "make the file readable") from None


def runs_behind(path: Path, size: int) -> list[Run] | None:
    """The runs behind the first ``size`` bytes; None where the file is shorter, or cannot be read."""
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) < size:
                return None
            file.seek(size)
            return list(_runs(file))
    except OSError:
        return None


def begun(path: Path) -> datetime | None:
    """The time of the oldest run; None before the first."""
    try:
        with path.open("rb") as file:
            return next((run.at for run in _runs(file)), None)
    except OSError:
        return None


def _runs(lines: Any) -> Iterator[Run]:
    for line in lines:
        try:
            value = json.loads(line.decode())
            known = {name: held for name, held in value.items() if name in _NAMES}
            yield Run(**{**known, "at": parse_time(value["at"]), "delays": tuple(value.get("delays", ()))})
        except (ValueError, TypeError, KeyError, AttributeError, DomainError):
            continue
