"""What every kind of export shares, and rows of CSV files, streamed; a row that cannot be read is put aside."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any

from crawlers.encoding import MIXED, decode_piece, holds_run
from crawlers.errors import ImportError_
from crawlers.importing.mapping import ImportMap
from crawlers.importing.meter import Meter, Metered

Cells = Mapping[str, Any]
CUT_SHORT = "the file is cut short here ({}); get it again if rows are missing"
LONGEST = 16 * 1024 * 1024
"""Bytes of a line; what is longer is no text but a damaged file."""
LONGEST_CELL = 6_000_000
"""Characters of a cell or a line of CSV."""
DAMAGED_GZIP = (EOFError, zlib.error, gzip.BadGzipFile)
_BINARY = b"\x00"
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that was not taken: its line in the file (from 1), why, and the row as it stands there."""

    line: int
    reason: str
    raw: str


Row = tuple[int, Cells]


def open_csv(path: Path, plan: ImportMap, meter: Meter) -> Iterator[Row | Quarantined]:
    """Rows of a CSV file as column → text. Raises ImportError_ where it is no such table, before the first row."""
    meter.total = 2 * size_of(path) if plan.encoding == "auto" else size_of(path)
    encoding = _encoding(path, plan, meter)
    csv.field_size_limit(LONGEST_CELL)
    file = open_bytes(path, meter)
    mixed = encoding == MIXED
    stream = _Mixed(file) if mixed else io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=plan.delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
    except (csv.Error, *DAMAGED_GZIP) as error:
        raise ImportError_(str(path), "line 1", str(error), "give a CSV file with a header line") from None
    check_header(path, plan, header)
    return _csv_rows(lines, reader, header)


class _Mixed:
    """A file put together from two encodings: each line is read in its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.close = file.close

    def readline(self, most: int) -> str:
        """The next line."""
        return decode_piece(self.file.readline(2 * most)).removeprefix("\ufeff")


class _Lines:
    """The lines of a file, of which those given last can be given back."""

    def __init__(self, stream: IO[str] | _Mixed) -> None:
        self.stream = stream
        self.number = 0
        self.taken: list[str] = []
        self.again: deque[str] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.stream.readline(LONGEST_CELL)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """Give back the lines taken but the first, which is returned."""
        first, *others = self.taken
        self.again.extendleft(reversed(others))
        self.number -= len(others)
        self.taken = []
        return first


def _csv_rows(lines: _Lines, reader: Any, header: list[str]) -> Iterator[Row | Quarantined]:
    with closing(lines.stream):
        while True:
            lines.taken = []
            line = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Quarantined(line, f"not readable as CSV: {error}", _broken(lines))
                continue
            except DAMAGED_GZIP as error:
                yield Quarantined(line, CUT_SHORT.format(error), "")
                return
            if any(cell.strip() for cell in cells):
                yield _csv_row(line, cells, header)


def _broken(lines: _Lines) -> str:
    """The line that is no CSV. The lines taken for its text, after a quote that nothing closes, are read once more."""
    return lines.give_back().rstrip("\r\n") if lines.taken else ""


def _csv_row(line: int, cells: list[str], header: list[str]) -> Row | Quarantined:
    raw = ",".join(cells)
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        return Quarantined(line, f"{len(cells)} cells, the header has {len(header)}", raw)
    if "\ufffd" in raw:
        return Quarantined(line, "bytes that are no text in the file's encoding", raw)
    return line, dict(zip(header, cells, strict=True))


def check_header(path: Path, plan: ImportMap, header: Sequence[str]) -> None:
    """Raises ImportError_ naming the columns that the map wants and the file does not have, and those it has."""
    missing = [names for names in plan.needed() if not set(names) & set(header)]
    if not missing:
        return
    known = [name for name in header if name]
    shown = [" or ".join(names) for names in missing]
    found = "no such column" + (f" (nor {', '.join(shown[1:])})" if shown[1:] else "")
    near = [guess for names in missing for name in names for guess in get_close_matches(name, known, 1, 0.5)]
    hint = f"did you mean {', '.join(dict.fromkeys(near))}? " if near else _other_delimiter(plan, known)
    listed = ", ".join(known) or "none"
    raise ImportError_(str(path), shown[0], found, f"correct the map; {hint}the file has the columns: {listed}")


def _other_delimiter(plan: ImportMap, known: Sequence[str]) -> str:
    signs = [sign for sign in (";", "\t", "|", "，") if len(known) == 1 and sign in known[0] and sign != plan.delimiter]
    return f"its cells seem to be divided by {signs[0]!r}, write it as delimiter; " if signs else ""


def _encoding(path: Path, plan: ImportMap, meter: Meter) -> str:
    """The encoding that reads the whole file; where none does, the one with the fewest faults."""
    names = ["utf-8", "gb18030"] if plan.encoding == "auto" else [plan.encoding]
    decoders = {name: codecs.getincrementaldecoder(name)("replace") for name in names}
    faults = dict.fromkeys(names, 0)
    utf8 = gb = False
    with open_bytes(path, meter if len(names) > 1 else Meter()) as file:
        for number, block in enumerate(_blocks(file)):
            if number == 0 and block[:2] in _BOMS:
                return _BOMS[block[:2]]
            if block.startswith(b"PK\x03\x04") or _BINARY in block:
                found = "an XLSX file" if block.startswith(b"PK") else "binary data"
                raise ImportError_(str(path), "", f"found {found}", "give a CSV file, or name an XLSX file .xlsx")
            for name, decoder in decoders.items():
                faults[name] += decoder.decode(block).count("\ufffd")
            utf8 = utf8 or holds_run("utf-8", block)
            # Where all is UTF-8 so far, there is none of the other.
            gb = gb or (faults[names[0]] > 0 and holds_run("gb18030", block))
    if len(names) > 1 and utf8 and gb:
        return MIXED
    best = min(names, key=lambda name: faults[name])
    return "utf-8-sig" if best == "utf-8" else best


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while True:
        try:
            block = file.read(1 << 20)
        except DAMAGED_GZIP:
            return
        if not block:
            return
        yield block


def size_of(path: Path) -> int:
    """Bytes of the file as it lies there. Raises ImportError_ where it cannot be read."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from None


def open_bytes(path: Path, meter: Meter) -> IO[bytes]:
    """The bytes of a file, unpacked where it is a gzip. Raises ImportError_ where it cannot be read."""
    try:
        file: IO[bytes] = io.BufferedReader(Metered(path.open("rb", buffering=0), meter), 1 << 16)
    except OSError as error:
        raise _unreadable(path, error) from None
    return gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file  # type: ignore[return-value]


def _unreadable(path: Path, error: OSError) -> ImportError_:
    return ImportError_(str(path), "", error.strerror or str(error), "give a file that can be read")
