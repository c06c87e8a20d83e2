"""Tables that leave the system as XLSX: every cell is text or a number, never a formula; who took it and when stands
in the first line and in the page's foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from casework.domain.times import full_time

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_000
"""Characters of a cell; Excel holds 32,767."""
Cell = str | int | float | None


def to_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], by: str, now: datetime) -> bytes:
    """The workbook. Texts that a spreadsheet would take for a formula are written as texts (CWE-1236)."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "表")
    mark = f"{title} · 已脱敏 · {by} 于 {full_time(now)} 导出"
    sheet.oddFooter.center.text = mark.replace("&", "&&")[:255]
    sheet.append([_cell(sheet, mark, WriteOnlyCell)])
    for row in (head, *rows):
        sheet.append([_cell(sheet, value, WriteOnlyCell) for value in row])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(sheet: Any, value: Cell, make: Any) -> Any:
    if not isinstance(value, str):
        return make(sheet, value)
    text = _UNWRITABLE.sub("", value)[:LONGEST]
    # A cell of Excel keeps its type, but a table that is saved as CSV does not: the quotation mark goes with it.
    cell = make(sheet, f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text)
    cell.data_type = "s"
    return cell
