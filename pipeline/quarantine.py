"""The file of refused lines of one input: nothing is lost, each is kept with its number and the reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import logs
from pipeline.files import dump
from pipeline.wiring import Context


class QuarantineFile:
    """The file of refused lines of one input; made only when there is one."""

    def __init__(self, context: Context, source: Path, now: datetime) -> None:
        stamp = now.strftime("%Y%m%dT%H%M%S")
        self.path = context.settings.var / "quarantine" / f"{source.name}-{stamp}.quarantine.jsonl"
        self.file: Any = None

    def __enter__(self) -> QuarantineFile:
        return self

    def add(self, number: int, reason: str, raw: bytes) -> None:
        """Keep one refused line."""
        if self.file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("wb")
        self.file.write(dump({"line": number, "reason": reason, "raw": raw.decode("utf-8", "replace")}))

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()
            logs.warning("lines quarantined", file=str(self.path))


def quarantine_of(context: Context, source: Path, now: datetime) -> QuarantineFile:
    """The quarantine file of one input of one run."""
    return QuarantineFile(context, source, now)
