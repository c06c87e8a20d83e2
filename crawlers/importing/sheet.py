"""Rows of an XLSX sheet, streamed: titles above the header, headers of two merged rows, formulas."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from crawlers.errors import ImportError_
from crawlers.importing.mapping import ImportMap
from crawlers.importing.tables import CUT_SHORT, Quarantined, Row, check_header

_HEADER_WITHIN = 10
"""The header is looked for in this many first rows."""
_LONGEST_EXACT = 2**53
"""Above this a spreadsheet has rounded the number: an id in it is no longer the id."""


def open_xlsx(path: Path, plan: ImportMap) -> Iterator[Row | Quarantined]:
    """Rows of the sheet as column → cell. Raises ImportError_ where there is no such table, before the first row."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # Twice: openpyxl gives either the formulas or the values that were stored with them.
        values = load_workbook(path, read_only=True, data_only=True)
        formulas = load_workbook(path, read_only=True, data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError) as error:
        raise ImportError_(
            str(path), "", f"not a whole XLSX file ({error})", "get the file again, or save it as .xlsx"
        ) from None
    except OSError as error:
        raise ImportError_(str(path), "", error.strerror or str(error), "give a file that can be read") from None
    name = plan.sheet or values.sheetnames[0]
    if name not in values.sheetnames:
        known = ", ".join(values.sheetnames)
        raise ImportError_(str(path), "sheet", f"no sheet {name!r}", f"write one of {known}")
    rows = _numbered(values[name], formulas[name])
    header = _header(path, plan, rows)
    return _rows(plan, header, rows)


def _numbered(values: Any, formulas: Any) -> Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]:
    for sheet in (values, formulas):
        # Some programs write a wrong size into the file; openpyxl would then stop short.
        sheet.reset_dimensions()
    pairs = zip(values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False)
    for number, (cells, written) in enumerate(pairs, start=1):
        yield number, cells, written


def _header(path: Path, plan: ImportMap, rows: Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]) -> list[str]:
    """The first row that holds the map's columns; a cell left empty by merging has its name from the row above."""
    needed = set(plan.needed())
    above: list[str] = []
    best: list[str] = []
    for number, cells, _ in rows:
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        width = max(len(names), len(above))
        own, over = names + [""] * (width - len(names)), above + [""] * (width - len(above))
        header = [name or upper for name, upper in zip(own, over, strict=True)]
        if needed <= set(header):
            return header
        if len(needed & set(header)) > len(needed & set(best)) or not any(best):
            best = header
        above = names
        if number >= _HEADER_WITHIN:
            break
    check_header(path, plan, best)
    raise AssertionError("check_header has to find the missing column")


def _rows(
    plan: ImportMap, header: list[str], rows: Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]
) -> Iterator[Row | Quarantined]:
    wanted = {name: header.index(name) for name in plan.named() if name in header}
    number = 0
    while True:
        try:
            number, cells, written = next(rows)
        except StopIteration:
            return
        except (ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            yield Quarantined(number + 1, CUT_SHORT.format(error), "")
            return
        if any(cell not in (None, "") for cell in written):
            yield _row(plan, wanted, number, cells, written)


def _row(
    plan: ImportMap, wanted: dict[str, int], number: int, cells: tuple[Any, ...], written: tuple[Any, ...]
) -> Row | Quarantined:
    row: dict[str, Any] = {}
    problem = None
    for name, place in wanted.items():
        row[name] = cells[place] if place < len(cells) else None
        problem = problem or _problem(name, row[name], written[place] if place < len(written) else None)
    if problem is None and plan.id.column is not None:
        problem = _rounded(plan.id.column, row[plan.id.column])
    if problem is None:
        return number, row
    return Quarantined(number, problem, ",".join("" if cell is None else str(cell) for cell in written))


def _problem(name: str, value: Any, written: Any) -> str | None:
    is_formula = isinstance(written, str) and written.startswith("=")
    if is_formula and value is None:
        return f"{name}: a formula without a stored value ({written[:60]}); open the file, save it, import it again"
    if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "/A")) and is_formula:
        return f"{name}: a formula with the error {value}"
    return None


def _rounded(name: str, value: Any) -> str | None:
    if isinstance(value, float) and abs(value) >= _LONGEST_EXACT:
        return f"{name}: {value:g} was rounded by the spreadsheet; export the column as text"
    return None
