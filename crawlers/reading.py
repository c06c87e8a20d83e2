"""Which page was being read when a process ended, so that one that ends it again and again is not asked for for ever.

One small file beside the journal, overwritten in place before every page and gone when the run has come to an end of
its own: what a killed process leaves names the page whose record it did not get to.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TIMES = 4
"""So often in a row the same page may end a run. Kills that fall into its reading by chance are some: a resumed run
asks for it first, and loads what reads it only then (``make proof-kills`` met two in a row)."""
_WIDTH = 40


class Reading:
    """The mark of one source's run. ``key``: the page that the last process was reading, ``times``: how often."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self.key, self.times = _left(path)

    def begin(self, key: str) -> None:
        """A page is read from here on. Where the mark cannot be written the journal cannot either, and says so."""
        times = self.times + 1 if key == self.key else 1
        with suppress(OSError):
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
            os.pwrite(self._file, f"{key} {times}".ljust(_WIDTH).encode(), 0)

    def ends_runs(self, key: str) -> bool:
        """Whether reading this page has ended the run as often as it may."""
        return key == self.key and self.times >= TIMES

    def close(self) -> None:
        """The run has come to an end of its own."""
        with suppress(OSError):
            if self._file is not None:
                os.close(self._file)
            self._path.unlink(missing_ok=True)
        self._file = None


def _left(path: Path) -> tuple[str, int]:
    try:
        key, times = path.read_text(encoding="ascii").split()
        return key, int(times)
    except (OSError, ValueError):
        return "", 0
