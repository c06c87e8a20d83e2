"""What the system writes is its own user's alone: folders 0700, files 0600, whatever the starting shell allows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

MASK = 0o077


def keep_private() -> None:
    """From now on, in this process and those that it starts: nothing written is readable by others."""
    os.umask(MASK)


@contextmanager
def kept_private() -> Iterator[None]:
    """The same for a stretch of a process that is somebody else's (an Airflow worker)."""
    before = os.umask(MASK)
    try:
        yield
    finally:
        os.umask(before)
