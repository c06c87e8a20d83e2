"""A bar on standard error for what takes longer than a moment; none where nobody looks (no terminal)."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

AFTER = 2.0
"""Seconds of work before a bar is shown."""
EVERY = 0.1


class Bar:
    """Shows how much of ``total()`` is ``done()``; call ``moved`` as often as there is something new."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.shown = sys.stderr.isatty()
        self.begun = self.last = time.monotonic()
        self.rich: Any = None
        self.task: Any = None

    def moved(self, done: int, total: int) -> None:
        """So much is done. Costs next to nothing where no bar is shown."""
        if not self.shown:
            return
        now = time.monotonic()
        if now - self.begun < AFTER or now - self.last < EVERY:
            return
        self.last = now
        if self.rich is None:
            self._begin()
        self.rich.update(self.task, completed=done, total=total or None)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self.rich = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.rich.add_task(self.title)
        self.rich.start()

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.rich is not None:
            self.rich.stop()
