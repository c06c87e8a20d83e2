"""Rows of an XLSX sheet, streamed: titles above the header, headers of two merged rows, formulas."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawlers.errors import ImportError_
from crawlers.importing.mapping import ImportMap
from crawlers.importing.meter import Meter
from crawlers.importing.tables import CUT_SHORT, Quarantined, Row, check_header

_HEADER_WITHIN = 10
"""The header is looked for in this many first rows."""
_LONGEST_EXACT = 2**53
"""Above this a spreadsheet has rounded the number: an id in it is no longer the id."""


def open_xlsx(path: Path, plan: ImportMap, meter: Meter) -> Iterator[Row | Quarantined]:
    """Rows of the sheet as column → cell. Raises ImportError_ where there is no such table, before the first row."""
    from crawlers.importing.xlsx import DAMAGE, TooLarge, open_book

    # openpyxl warns of styles and dates that it does not know; a bad cell is said with its row.
    warnings.filterwarnings("ignore", module="openpyxl")
    book = open_book(path, meter)
    if not book.sheets:
        raise ImportError_(str(path), "", "no sheet", "get the file again, or save it as .xlsx")
    name = plan.sheet or next(iter(book.sheets))
    if name not in book.sheets:
        known = ", ".join(book.sheets)
        raise ImportError_(str(path), "sheet", f"no sheet {name!r}", f"write one of {known}")
    try:
        rows = book.rows(name)
        header = _header(path, plan, rows)
    except TooLarge as error:
        raise ImportError_(str(path), name, str(error), "have it exported anew, or save it as CSV") from None
    except DAMAGE as error:
        found = f"not a whole XLSX file ({' '.join(str(error).split())})"
        raise ImportError_(str(path), name, found, "get the file again, or save it as .xlsx") from None
    return _rows(plan, header, rows)


def _header(path: Path, plan: ImportMap, rows: Iterator[Any]) -> list[str]:
    """The first row that holds the map's columns; a cell left empty by merging has its name from the row above."""
    needed = plan.needed()
    above: list[str] = []
    best: list[str] = []
    best_held = 0
    for number, (_, cells) in enumerate(rows, start=1):
        names = _names(cells) if isinstance(cells, dict) else []
        width = max(len(names), len(above))
        own, over = names + [""] * (width - len(names)), above + [""] * (width - len(above))
        header = [name or upper for name, upper in zip(own, over, strict=True)]
        held = sum(bool(set(group) & set(header)) for group in needed)
        if held == len(needed):
            return header
        if held > best_held or not any(best):
            best, best_held = header, held
        above = names
        if number >= _HEADER_WITHIN:
            break
    check_header(path, plan, best)
    raise AssertionError("check_header has to find the missing column")


def _names(cells: dict[int, Any]) -> list[str]:
    names = [""] * (max(cells, default=-1) + 1)
    for column, cell in cells.items():
        names[column] = "" if cell.value is None else str(cell.value).strip()
    return names


def _rows(plan: ImportMap, header: list[str], rows: Iterator[Any]) -> Iterator[Row | Quarantined]:
    from crawlers.importing.xlsx import DAMAGE, Cell, TooLarge

    wanted = {name: header.index(name) for name in plan.named() if name in header}
    nothing = Cell(None, None)
    number = 0
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except TooLarge as error:
            yield Quarantined(number + 1, f"{error}; the rest is not read: have it exported anew", "")
            return
        except DAMAGE as error:
            yield Quarantined(number + 1, CUT_SHORT.format(error), "")
            return
        if isinstance(cells, str):
            yield Quarantined(number, cells, "")
        elif any(cell.formula or cell.value not in (None, "") for cell in cells.values()):
            found = {name: cells.get(place, nothing) for name, place in wanted.items()}
            yield _row(plan, number, found, cells)


def _row(plan: ImportMap, number: int, found: dict[str, Any], cells: dict[int, Any]) -> Row | Quarantined:
    problems = [problem for name, cell in found.items() if (problem := _problem(name, cell))]
    problems += [problem for name in plan.id.column or () if (problem := _rounded(name, found.get(name)))]
    if not problems:
        return number, {name: cell.value for name, cell in found.items()}
    shown = [cells[place].formula or cells[place].value for place in sorted(cells)]
    return Quarantined(number, problems[0], ",".join("" if cell is None else str(cell) for cell in shown))


def _problem(name: str, cell: Any) -> str | None:
    value, formula = cell
    if formula is not None and value is None:
        return f"{name}: a formula without a stored value ({formula[:60]}); open the file, save it, import it again"
    if formula is not None and isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "/A")):
        return f"{name}: a formula with the error {value}"
    return None


def _rounded(name: str, cell: Any) -> str | None:
    if cell is not None and isinstance(cell.value, float) and abs(cell.value) >= _LONGEST_EXACT:
        return f"{name}: {cell.value:g} was rounded by the spreadsheet; export the column as text"
    return None
