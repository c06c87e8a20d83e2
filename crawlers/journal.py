"""An append-only file of records, each with its checksum: what a killed run had done is read back from it.

A record is one line: eight hex digits of CRC-32, a space, JSON. A torn tail (killed while writing, power lost)
is cut off; everything before it counts. The file is locked while it is open, and a lock ends with its process.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import zlib
from pathlib import Path
from typing import Any

from crawlers.errors import CollectError

Record = dict[str, Any]
LOCK_WAIT = 15.0
"""Seconds: a crawl whose caller was killed needs a moment to end."""


class Journal:
    """The journal of one source. Raises CollectError where the file is not writable or another run holds it."""

    def __init__(self, path: Path, wait: float = LOCK_WAIT) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b")
        except OSError as error:
            raise _problem(path, error) from None
        self._lock(wait)
        self.age = time.time() - os.fstat(self._file.fileno()).st_mtime
        """Seconds since the last record, by the clock of the file system."""

    def replay(self) -> list[Record]:
        """The whole records in order; what follows the first damaged one is cut off."""
        self._file.seek(0)
        records, good = [], 0
        for line in self._file:
            record = _parsed(line)
            if record is None:
                break
            records.append(record)
            good += len(line)
        self._file.truncate(good)
        return records

    @property
    def size(self) -> int:
        """Bytes."""
        return os.fstat(self._file.fileno()).st_size

    def append(self, record: Record) -> None:
        """Add a record; it survives a kill of this process. Raises CollectError."""
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        try:
            self._file.write(b"%08x %s\n" % (zlib.crc32(text), text))
            self._file.flush()
        except OSError as error:
            raise _problem(self.path, error) from None

    def sync(self) -> None:
        """What was added survives a power cut too. Raises CollectError."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _problem(self.path, error) from None

    def restart(self, first: Record) -> None:
        """Empty the file but for ``first``; call it when what it held is kept elsewhere."""
        self._file.truncate(0)
        self.append(first)

    def close(self) -> None:
        """Let go of the file and its lock."""
        self._file.close()

    def _lock(self, wait: float) -> None:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > end:
                    self._file.close()
                    found = "another run of this source is still going on"
                    raise CollectError(str(self.path), "", found, "wait for its end") from None
                time.sleep(0.05)
            else:
                return


def _parsed(line: bytes) -> Record | None:
    """The record of a line; None for a damaged one."""
    if not line.endswith(b"\n") or line[8:9] != b" ":
        return None
    text = line[9:-1]
    if b"%08x" % zlib.crc32(text) != line[:8]:
        return None
    value: Record = json.loads(text.decode("utf-8", "surrogatepass"))
    return value


def _problem(path: Path, error: OSError) -> CollectError:
    return CollectError(str(path), "", error.strerror or str(error), "make the folder writable; nothing is lost")
