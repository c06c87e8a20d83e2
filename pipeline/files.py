"""Reading and writing of line files: plain or gzip, in order, never half a file under its final name."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from pipeline.errors import UNAVAILABLE, CallError, refusal


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of a ``.jsonl`` or ``.jsonl.gz`` file.

    Raises CallError where the file is missing, unreadable or a truncated gzip.
    """
    try:
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip(b"\r\n")
    except FileNotFoundError:
        raise CallError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise CallError(f"{path}: is a folder; name a .jsonl or .jsonl.gz file") from None
    except PermissionError:
        raise CallError(f"{path}: may not be read; check its permissions") from None
    except (EOFError, gzip.BadGzipFile) as error:
        raise CallError(f"{path}: damaged gzip ({error}); what came before was read; fetch the file again") from None


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears under its name only when it is complete. Raises CallError where it cannot be."""
    if path.exists() and not path.is_file():
        # A pipe or a device (/dev/stdout) is written to; putting a file in its place would destroy it.
        with _special(path) as file:
            yield file
        return
    path = path.resolve()  # a link stays a link
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(part, "wb") if path.suffix == ".gz" else part.open("wb") as file:
            yield file  # type: ignore[misc]
        part.replace(path)
    except OSError as error:
        raise CallError(refusal(error, f"{path}: cannot be written"), code=UNAVAILABLE, kind="unwritable") from None
    finally:
        # Where the path itself is wrong, so is this; what was said of it above stands.
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _special(path: Path) -> Iterator[IO[bytes]]:
    if path.is_dir():
        raise CallError(f"{path}: is a folder; name a file")
    try:
        with path.open("wb") as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CallError(refusal(error, f"{path}: cannot be written"), code=UNAVAILABLE, kind="unwritable") from None


def dump(value: Any) -> bytes:
    """One JSON line, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
