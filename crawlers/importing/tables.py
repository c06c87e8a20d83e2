"""Rows of CSV and JSON lines files, streamed; a row that cannot be read is put aside, the next one is read."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from crawlers.errors import ImportError_
from crawlers.importing.mapping import ImportMap

Cells = Mapping[str, Any]
CUT_SHORT = "the file is cut short here ({}); get it again if rows are missing"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that was not taken: its line in the file (from 1), why, and the row as it stands there."""

    line: int
    reason: str
    raw: str


Row = tuple[int, Cells]


def open_csv(path: Path, plan: ImportMap) -> Iterator[Row | Quarantined]:
    """Rows of a CSV file as column → text. Raises ImportError_ where it is no such table, before the first row."""
    encoding = _encoding(path, plan)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    stream = _text(path, encoding)
    reader = csv.reader(stream, delimiter=plan.delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportError_(str(path), "line 1", str(error), "give a CSV file with a header line") from None
    check_header(path, plan, header)
    return _csv_rows(stream, reader, header)


def _csv_rows(stream: IO[str], reader: Any, header: list[str]) -> Iterator[Row | Quarantined]:
    with stream:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Quarantined(line, f"not readable as CSV: {error}", "")
                continue
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                yield Quarantined(line, CUT_SHORT.format(error), "")
                return
            if any(cell.strip() for cell in cells):
                yield _csv_row(line, cells, header)


def _csv_row(line: int, cells: list[str], header: list[str]) -> Row | Quarantined:
    raw = ",".join(cells)
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        return Quarantined(line, f"{len(cells)} cells, the header has {len(header)}", raw)
    if "\ufffd" in raw:
        return Quarantined(line, "bytes that are no text in the file's encoding", raw)
    return line, dict(zip(header, cells, strict=True))


def open_jsonl(path: Path, plan: ImportMap) -> Iterator[Row | Quarantined]:
    """Rows of a JSON lines file: flat objects. The columns of the first readable row must hold the map's."""
    rows = _json_rows(path)
    first: list[Row | Quarantined] = []
    for row in rows:
        first.append(row)
        if not isinstance(row, Quarantined):
            check_header(path, plan, list(row[1]))
            break
    if first and all(isinstance(row, Quarantined) for row in first):
        assert isinstance(first[0], Quarantined)
        raise ImportError_(str(path), f"line {first[0].line}", first[0].reason, "give a file of JSON lines")
    return _chain(first, rows)


def _chain(first: Sequence[Row | Quarantined], rest: Iterator[Row | Quarantined]) -> Iterator[Row | Quarantined]:
    yield from first
    yield from rest


def _json_rows(path: Path) -> Iterator[Row | Quarantined]:
    line = 0
    with _bytes(path) as file:
        while True:
            line += 1
            try:
                raw = file.readline()
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                yield Quarantined(line, CUT_SHORT.format(error), "")
                return
            if not raw:
                return
            if raw.strip():
                yield _json_row(line, raw)


def _json_row(line: int, raw: bytes) -> Row | Quarantined:
    shown = raw.decode("utf-8", "replace").rstrip("\r\n")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Quarantined(line, f"not JSON: {error}", shown)
    if not isinstance(value, dict):
        return Quarantined(line, "no JSON object", shown)
    nested = [key for key, item in value.items() if isinstance(item, (dict, list))]
    if nested:
        return Quarantined(line, f"{nested[0]}: a flat value is wanted", shown)
    return line, value


def check_header(path: Path, plan: ImportMap, header: Sequence[str]) -> None:
    """Raises ImportError_ naming the column that the map wants and the file does not have, and those it has."""
    missing = [name for name in plan.needed() if name not in header]
    if missing:
        known = ", ".join(name for name in header if name) or "none"
        raise ImportError_(
            str(path), missing[0], "no such column", f"correct the map; the file has the columns: {known}"
        )


def _encoding(path: Path, plan: ImportMap) -> str:
    """The encoding that reads the whole file; where none does, the one with the fewest faults."""
    names = ["utf-8", "gb18030"] if plan.encoding == "auto" else [plan.encoding]
    decoders = {name: codecs.getincrementaldecoder(name)("replace") for name in names}
    faults = dict.fromkeys(names, 0)
    with _bytes(path) as file:
        for block in _blocks(file):
            if block.startswith(b"PK\x03\x04") or b"\x00" in block:
                found = "an XLSX file" if block.startswith(b"PK") else "binary data"
                raise ImportError_(str(path), "", f"found {found}", "give a CSV file, or name an XLSX file .xlsx")
            for name, decoder in decoders.items():
                faults[name] += decoder.decode(block).count("\ufffd")
    best = min(names, key=lambda name: faults[name])
    return "utf-8-sig" if best == "utf-8" else best


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while True:
        try:
            block = file.read(1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return
        if not block:
            return
        yield block


def _text(path: Path, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_bytes(path), encoding=encoding, errors="replace", newline="")


def _bytes(path: Path) -> IO[bytes]:
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    try:
        file: IO[bytes] = opener(path, "rb")
    except OSError as error:
        raise ImportError_(str(path), "", error.strerror or str(error), "give a file that can be read") from None
    return file
