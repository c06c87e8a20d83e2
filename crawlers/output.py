"""The files of one run: written under a hidden name, made durable, then given their name in one step."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import IO

from casework.domain.times import SHANGHAI
from crawlers.errors import CollectError


class RunFiles:
    """``OUT/SOURCE-TIME.jsonl`` and ``OUT/SOURCE-TIME.quarantine.jsonl``, each only where it has a line."""

    def __init__(self, out: Path, source: str, now: datetime) -> None:
        """Raises CollectError where the folder cannot be written."""
        self.out, self.source = out, source
        self.stem = f"{source}-{now.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"
        self._parts: dict[str, IO[str]] = {}
        try:
            out.mkdir(parents=True, exist_ok=True)
            _sweep(out, source)
        except OSError as error:
            raise self._problem(error) from None

    def post(self, line: str) -> None:
        """Add a finished post line."""
        self._write(".jsonl", line)

    def refused(self, number: int, reason: str, raw: str) -> None:
        """Add a refused row: its number in this run, why, and the row as it was read."""
        entry = {"line": number, "reason": reason, "raw": raw}
        self._write(".quarantine.jsonl", json.dumps(entry, ensure_ascii=False))

    def publish(self) -> list[Path]:
        """Give the files their names; answers their paths. Raises CollectError; then no file has its name."""
        paths = []
        try:
            for part in self._parts.values():
                part.flush()
                os.fsync(part.fileno())
            for suffix, part in self._parts.items():
                paths.append(self._name(suffix, Path(part.name)))
                part.close()
            _sync_folder(self.out)
        except OSError as error:
            raise self._problem(error) from None
        self._parts = {}
        return paths

    def _write(self, suffix: str, line: str) -> None:
        try:
            if suffix not in self._parts:
                hidden = self.out / f".{self.stem}.{os.getpid()}{suffix}.part"
                self._parts[suffix] = hidden.open("w", encoding="utf-8", errors="replace")
                # Held as long as this run lives: what is not locked was left by a killed one.
                fcntl.flock(self._parts[suffix], fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._parts[suffix].write(line + "\n")
        except OSError as error:
            raise self._problem(error) from None

    def _name(self, suffix: str, part: Path) -> Path:
        number = 1
        while True:
            path = self.out / (f"{self.stem}{suffix}" if number == 1 else f"{self.stem}-{number}{suffix}")
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            except FileExistsError:
                number += 1
                continue
            os.replace(part, path)
            return path

    def _problem(self, error: OSError) -> CollectError:
        place = error.strerror or str(error)
        return CollectError(str(self.out), "", place, "make the folder writable or give another with --out")


def _sweep(out: Path, source: str) -> None:
    """Remove what a killed run left; its rows were never counted as seen and are read again."""
    for path in out.glob(f".{source}-*.part"):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
