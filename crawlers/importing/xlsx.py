"""An XLSX file as a stream: its parts are bounded before they are read, its strings lie on disk, no row stays.

Both are openpyxl's own reader with the parts changed that keep the whole file: it holds every shared string, every
row's empty element and, of a sheet without a size, reads all of it once more.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import coordinate_to_tuple
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from crawlers.errors import ImportError_
from crawlers.importing.meter import Meter

ROWS = 1_048_576
COLUMNS = 16_384
"""The format's own limits."""
LARGEST = 4 << 30
"""Bytes of a sheet, or of the shared strings, unpacked."""
LARGEST_OTHER = 32 << 20
"""Bytes of any other part that is read, unpacked: they are read whole."""
PARTS = 10_000
DENSE = 64 << 20
DENSEST = 200
"""A part of more than DENSE bytes that is packed tighter than DENSEST to one was made to burst: real ones reach 50."""
LONGEST = 4 << 20
"""Bytes of one row or one string."""
DAMAGE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, SyntaxError, zlib.error, IndexError)
"""What openpyxl raises of a file that is damaged; ``ElementTree.ParseError`` is a SyntaxError."""
_STRING, _PLAIN, _DATA = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "sheetData"))
_OLD = b"\xd0\xcf\x11\xe0"


class TooLarge(ValueError):
    """Something in the file is larger than anything real."""


class Cell(NamedTuple):
    """A cell's value, and the formula that it was computed with."""

    value: Any
    formula: str | None


SheetRow = tuple[int, dict[int, Cell]]
"""The row's number, and its cells by column (from 0)."""


class Book(ExcelReader):
    """An open file. ``sheets``: name → the part that holds it, in the file's order."""

    def __init__(self, path: Path, meter: Meter) -> None:
        super().__init__(path, read_only=True, data_only=True, keep_links=False)
        self.meter = meter
        _check_parts(self.archive)
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.sheets: dict[str, str] = {}
        for sheet, found in self.parser.find_sheets():
            if found.target in self.valid_files and "chartsheet" not in found.Type:
                self.sheets[sheet.name] = found.target

    def rows(self, name: str) -> Iterator[SheetRow | tuple[int, str]]:
        """The rows of a sheet; of one that cannot be read its number and why. Raises DAMAGE where the file ends."""
        part = self.sheets[name]
        package: Any = self.package
        strings = package.find(SHARED_STRINGS)
        table = strings.PartName[1:] if strings is not None else None
        self.meter.total = sum(self.archive.getinfo(read).file_size for read in (part, table) if read)
        shared = Strings(self.archive.open(table), self.meter) if table else Strings(None, self.meter)
        return self._rows(part, shared)

    def _rows(self, part: str, shared: Strings) -> Iterator[SheetRow | tuple[int, str]]:
        with self.archive.open(part) as file:
            watched = _Watched(file, self.meter)
            wb: Any = self.wb
            formats = {"date_formats": wb._date_formats, "timedelta_formats": wb._timedelta_formats}
            yield from _Sheet(watched, shared, data_only=True, epoch=wb.epoch, **formats).stream()


def open_book(path: Path, meter: Meter) -> Book:
    """Open the file. Raises ImportError_ where it is no XLSX file or one that was made to burst."""
    try:
        return Book(path, meter)
    except TooLarge as error:
        raise ImportError_(str(path), "", str(error), "have it exported anew, or save it as CSV") from None
    except DAMAGE as error:
        raise ImportError_(str(path), "", _no_book(path, error), "get the file again, or save it as .xlsx") from None
    except RuntimeError as error:
        raise ImportError_(str(path), "", str(error), "save it without a password") from None
    except OSError as error:
        raise ImportError_(str(path), "", error.strerror or str(error), "give a file that can be read") from None


def _no_book(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        old = file.read(4) == _OLD
    why = "an old .xls, or protected by a password" if old else " ".join(str(error).split())
    return f"not a whole XLSX file ({why})"


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what no office program writes. A part cannot unpack to more than it declares: zipfile stops there."""
    parts = archive.infolist()
    if len(parts) > PARTS:
        raise TooLarge(f"{len(parts)} parts in the file")
    for part in parts:
        size, packed = part.file_size, max(part.compress_size, 1)
        table = part.filename.startswith("xl/worksheets/") or part.filename.lower().endswith("sharedstrings.xml")
        if size > DENSE and size > DENSEST * packed:
            raise TooLarge(f"{part.filename}: {packed} bytes that unpack to {size}, made to burst")
        if size > (LARGEST if table else LARGEST_OTHER) and not part.filename.startswith("xl/media/"):
            raise TooLarge(f"{part.filename}: unpacks to {size} bytes")


class _Watched:
    """A part that is read, with the bytes since the last row or string bounded."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self.file, self.meter = file, meter
        self.since = 0

    def read(self, count: int = -1) -> bytes:
        """See ``IO.read``. Raises TooLarge."""
        part = self.file.read(min(count, 1 << 16) if count > 0 else 1 << 16)
        self.since += len(part)
        self.meter.add(len(part))
        if self.since > LONGEST:
            raise TooLarge(f"more than {LONGEST} bytes in one row or string")
        return part

    def drain(self) -> None:
        """Read to the end."""
        while part := self.file.read(1 << 16):
            self.meter.add(len(part))


class Strings:
    """The file's shared strings, on disk: a million of them would fill the memory. Raises DAMAGE."""

    def __init__(self, file: IO[bytes] | None, meter: Meter) -> None:
        self.ends = array("Q", [0])
        # Deleted when it is closed, with this object.
        self.texts = tempfile.TemporaryFile()  # noqa: SIM115
        if file is not None:
            with file:
                self._read(_Watched(file, meter))
        self.texts.flush()

    def _read(self, watched: _Watched) -> None:
        top: Any = None
        for event, node in iterparse(watched, ("start", "end")):
            if top is None:
                top = node
            if event == "end" and node.tag == _STRING:
                self.ends.append(self.ends[-1] + self.texts.write(_text(node).encode("utf-8", "surrogatepass")))
                top.clear()
                watched.since = 0

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self.ends) - 1:
            raise IndexError(f"shared string {place} of {len(self.ends) - 1}")
        begin, end = self.ends[place], self.ends[place + 1]
        return os.pread(self.texts.fileno(), end - begin, begin).decode("utf-8", "surrogatepass")


def _text(node: Any) -> str:
    plain = len(node) == 1 and node[0].tag == _PLAIN
    rich: Any = None if plain else Text.from_tree(node)
    text = (node[0].text or "") if plain else rich.content
    return unescape(text) if "_x" in text else text


class _Sheet(WorkSheetParser):
    """A sheet's rows, one at a time."""

    source: _Watched

    def stream(self) -> Iterator[SheetRow | tuple[int, str]]:
        """The rows, or their number and why they cannot be read."""
        data: Any = None
        seen = 0
        for event, element in iterparse(self.source, ("start", "end")):
            if event == "start":
                data = element if element.tag == _DATA else data
            elif element.tag == _DATA:
                # What follows are no rows; it is passed over, so that the file's checksum is compared.
                self.source.drain()
                return
            elif element.tag == ROW_TAG:
                seen += 1
                if seen > ROWS:
                    yield seen, f"more than {ROWS} rows; the rest is not read: have it exported in parts"
                    return
                self.source.since = 0
                yield self._row(element)
                if data is not None:
                    data.clear()

    def _row(self, element: Any) -> SheetRow | tuple[int, str]:
        self.col_counter = 0
        self.row_counter += 1
        try:
            number = int(element.get("r", self.row_counter))
            if not 1 <= number <= ROWS:
                raise ValueError(f"row number {number}: a sheet has at most {ROWS} rows")
            self.row_counter = number
            return number, {column: cell for column, cell in map(self._cell, element) if column < COLUMNS}
        except (ValueError, IndexError, KeyError, OverflowError, TypeError) as error:
            return self.row_counter, f"not readable: {' '.join(str(error).split())}"

    def _cell(self, element: Any) -> tuple[int, Cell]:
        inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if inline is not None:
            place = element.get("r")
            self.col_counter = coordinate_to_tuple(place)[1] if place else self.col_counter + 1
            return self.col_counter - 1, Cell(_text(inline), None)
        found = self.parse_cell(element)
        written = element.find(FORMULA_TAG)
        value = found["value"]
        if isinstance(value, str) and "_x" in value and found["data_type"] == "s":
            value = unescape(value)
        return found["column"] - 1, Cell(value, None if written is None else "=" + (written.text or ""))
