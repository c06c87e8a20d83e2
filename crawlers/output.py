"""The files of one run: a batch is written under a hidden name, made durable, then given its name in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from casework.domain.times import SHANGHAI
from crawlers.errors import CollectError

LINES = ".jsonl"
REFUSED = ".quarantine.jsonl"


class RunFiles:
    """``OUT/SOURCE-TIME.jsonl`` and ``OUT/SOURCE-TIME.quarantine.jsonl``; of a later batch ``SOURCE-TIME_0002…``.

    Names sort in the order of making: files are loaded in that order, and of two looks at a post the later counts.

    ``owner`` stands in hidden names, so that only the state that wrote them sweeps them.
    """

    def __init__(self, out: Path, source: str, now: datetime, owner: str = "") -> None:
        """Raises CollectError where the folder cannot be written."""
        self.out = out
        self.stem = f"{source}-{now.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"
        self._hidden = f".{source}-{owner}-"
        self._batch = 0
        try:
            out.mkdir(parents=True, exist_ok=True)
            if not os.access(out, os.W_OK | os.X_OK):
                raise PermissionError(13, "not writable")
        except OSError as error:
            raise self._problem(error) from None

    def sweep(self) -> None:
        """Remove the hidden files of a killed run; call it when ``finish`` has named those that count."""
        for path in self.out.glob(f"{self._hidden}*.part"):
            path.unlink(missing_ok=True)

    def write(self, suffix: str, lines: Iterable[str]) -> Path:
        """Write a batch durably under a hidden name. Raises CollectError."""
        hidden = self.out / f"{self._hidden}{self.stem}.{os.getpid()}.{self._batch + 1}{suffix}.part"
        try:
            with hidden.open("w", encoding="utf-8", errors="replace") as file:
                file.writelines(line + "\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._problem(error) from None
        return hidden

    def finish(self, hidden: Iterable[Path]) -> list[Path]:
        """Give hidden files their names; those that have theirs already are passed over. Raises CollectError."""
        paths = []
        there = [part for part in hidden if part.exists()]
        self._batch += bool(there)
        try:
            for part in there:
                suffix = REFUSED if part.name.endswith(f"{REFUSED}.part") else LINES
                paths.append(self._name(suffix, part))
            if paths:
                _sync_folder(self.out)
        except OSError as error:
            raise self._problem(error) from None
        return paths

    def _name(self, suffix: str, part: Path) -> Path:
        number = self._batch
        while True:
            path = part.parent / (f"{self.stem}{suffix}" if number == 1 else f"{self.stem}_{number:04d}{suffix}")
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


def refused_line(number: int, reason: str, raw: str) -> str:
    """A line of a quarantine file: the row's number in its run, why, and the row as it was read."""
    return json.dumps({"line": number, "reason": reason, "raw": raw}, ensure_ascii=False)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
