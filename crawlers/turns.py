"""Whose turn it is at a host: sources that share one keep its pace together, though each is a process of its own.

A file a host holds the moment from which the next request may leave. Who wants to ask takes that moment and moves it
on under a lock, so two crawls never take the same one; a lock ends with its process, and a turn that a killed crawl
has taken only leaves a gap. Kept beside the states of the sources: crawls with one state folder share their turns.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_QUEUE = 50
"""So many delays ahead a turn can honestly lie; one further off was written before the clock was put back."""


class Turns:
    """The turns of this process, or, with a folder, of all crawls that use it. Times are seconds of the wall clock."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._next: dict[str, float] = {}

    def take(self, host: str, delay: float) -> float:
        """Take the next turn at ``host``; the one after it is ``delay`` seconds later. Answers the seconds to wait."""
        now = time.time()

        def after(free: float) -> float:
            return (now if free > now + _QUEUE * delay else max(now, free)) + delay

        return self._move(host, after) - delay - now

    def answered(self, host: str, delay: float) -> None:
        """An answer has ended: the next turn is at least ``delay`` seconds away."""
        end = time.time() + delay
        self._move(host, lambda free: max(free, end))

    def _move(self, host: str, to: Callable[[float], float]) -> float:
        if self._folder is None:
            self._next[host] = to(self._next.get(host, 0.0))
            return self._next[host]
        with _held(self._folder / host) as file:
            moved = to(_read(file))
            file.write_text(f"{moved:.3f}", encoding="ascii")
            return moved


def _read(file: Path) -> float:
    """Zero, which is any time past, where nothing readable stands: what is lost is one delay."""
    try:
        return float(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0


@contextmanager
def _held(file: Path) -> Iterator[Path]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file
