"""How far the reading of an export is, in bytes, for whoever shows it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any


@dataclass(slots=True)
class Meter:
    """``done`` of ``total`` bytes are read (0: not known yet); ``moved`` is called after each step."""

    moved: Callable[[], None] = lambda: None
    total: int = 0
    done: int = 0

    def add(self, count: int) -> None:
        """So many more bytes are read."""
        self.done += count
        self.moved()


class Metered(io.RawIOBase):
    """A file of bytes that tells a meter what was read of it."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self.file, self.meter = file, meter

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See ``io.RawIOBase``."""
        part = self.file.read(len(buffer))
        buffer[: len(part)] = part
        self.meter.add(len(part))
        return len(part)

    def close(self) -> None:
        """Close the file with this one."""
        self.file.close()
        super().close()
