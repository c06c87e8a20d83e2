"""Which sources a round of supervision has to judge anew: judging reads a source's whole history, a round comes often.

A source that was well is judged again after an hour, or at once where its newest runs give reason to: one that did not
come to its end, rows without what every row has, a silence near its limit, runs that no longer come, other settings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casework.domain.times import parse_time, store_time

if TYPE_CHECKING:
    from crawlers.run_log import Run
    from crawlers.source_base import SourceBase
    from crawlers.watch import Status

AGAIN = timedelta(hours=1)
_EVERY_ROW = ("title", "date", "text", "post")
Kept = dict[str, Any]
"""``{"at", "size", "rules", "last", "until"}``: when judged, bytes of the log then, what the source said of itself, its
last run, and until when it can be well whatever its runs bring."""


class Rounds:
    """What earlier rounds found well. A file that cannot be read is none: everything is judged."""

    def __init__(self, folder: Path) -> None:
        """``folder``: where the logs of runs lie."""
        self.folder, self.path = folder, folder / "watched.json"
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = {}
        self._kept: dict[str, Kept] = held if isinstance(held, dict) else {}
        self._sizes: dict[str, int] = {}

    def due(self, sources: Mapping[str, SourceBase], now: datetime) -> list[str]:
        """Ids of the sources to judge now."""
        # Before the logs are read: what is written meanwhile is not judged and belongs to the next round.
        self._sizes = {name: self._size(name) for name in sources}
        return [name for name, source in sources.items() if not self._is_well(name, source, now)]

    def note(self, found: Sequence[Status], sources: Mapping[str, SourceBase], now: datetime) -> None:
        """Keep which of those judged at ``now`` were well; the others are judged by every round. After ``due``."""
        for one in found:
            self._kept.pop(one.id, None)
            if one.alarm is not None or one.id not in sources or not one.firm or one.last_run is None:
                continue
            left = AGAIN
            if one.enabled and one.silence is not None and one.silent is not None:
                left = min(AGAIN, one.silence - one.silent)
            self._kept[one.id] = {
                "at": store_time(now),
                "size": self._sizes[one.id],
                "rules": _rules(sources[one.id]),
                "last": store_time(one.last_run),
                "until": store_time(now + left),
            }
        spare = self.path.with_suffix(".tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            spare.write_text(json.dumps(self._kept), encoding="utf-8")
            spare.replace(self.path)
        except OSError:
            # Only a saving is lost: the next round judges everything.
            spare.unlink(missing_ok=True)

    def _size(self, name: str) -> int:
        from crawlers.run_log import log_path

        path = log_path(self.folder, name)
        return path.stat().st_size if path.exists() else 0

    def _is_well(self, name: str, source: SourceBase, now: datetime) -> bool:
        from crawlers.run_log import log_path, runs_behind
        from crawlers.watch import may_have_stopped

        kept = self._kept.get(name)
        if not isinstance(kept, dict) or kept.keys() != {"at", "size", "rules", "last", "until"}:
            return False
        if not parse_time(kept["at"]) <= now < parse_time(kept["until"]) or kept["rules"] != _rules(source):
            return False
        runs = runs_behind(log_path(self.folder, name), kept["size"])
        if runs is None or not all(map(_is_usual, runs)):
            return False
        last = max((run.at for run in runs), default=parse_time(kept["last"]))
        return not source.enabled or not may_have_stopped(last, now, timedelta(minutes=source.rhythm_minutes))


def _is_usual(run: Run) -> bool:
    return run.done and all(2 * run.having.get(name, 0) > run.rows for name in _EVERY_ROW if run.rows)


def _rules(source: SourceBase) -> str:
    return hashlib.sha256(source.model_dump_json().encode()).hexdigest()[:16]
