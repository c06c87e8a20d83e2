"""``huiying follow-up import``: a list of 回访 results (CSV or XLSX), row by row; what is wrong is quarantined."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.errors import DomainError
from casework.domain.times import SHANGHAI, parse_time, show_time
from casework.ports import NotFound
from casework.services.follow_up import case_of
from casework.services.open_cases import find_case
from casework.services.respond import act
from pipeline.errors import CallError
from pipeline.files import dump
from pipeline.quarantine import quarantine_of
from pipeline.wiring import Context

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("案件编号", "案件"),
    "post": ("帖文编号", "留言编号", "工单编号", "编号"),
    "result": ("回访结果", "回访情况"),
    "solved": ("是否解决", "解决情况"),
    "satisfied": ("是否满意", "满意度", "满意情况", "评分"),
    "at": ("回访时间", "回访日期"),
    "note": ("备注", "回访意见"),
}
"""What a column says → the headings that it may have."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "result": {
        **{"": "", "已回访": "reached", "成功": "reached", "接通": "reached", "拒绝": "refused", "拒绝回访": "refused"},
        **{"拒访": "refused", "未接通": "not_reached", "未联系上": "not_reached", "无人接听": "not_reached"},
        **{"空号": "not_reached", "停机": "not_reached"},
    },
    "solved": {"": "", "是": "yes", "已解决": "yes", "解决": "yes", "部分解决": "partly", "否": "no", "未解决": "no"},
    "satisfied": {
        **{"": "", "非常满意": "5", "很满意": "5", "满意": "yes", "是": "yes", "基本满意": "3", "一般": "3"},
        **{"不满意": "no", "否": "no", "非常不满意": "1", "很不满意": "1"},
    },
}
HEADER_WITHIN = 10


def import_follow_ups(context: Context, file: Path, by: str, now: datetime) -> dict[str, int]:
    """in = recorded + seen + quarantined; ``reopened`` of the recorded. Importing again changes nothing.

    Raises CallError where the file is no list; a row that is wrong is quarantined with its number and the reason.
    """
    counts = dict.fromkeys(("in", "recorded", "seen", "quarantined", "reopened"), 0)
    with quarantine_of(context, file, now) as quarantine:
        for number, cells in rows_of(file):
            counts["in"] += 1
            try:
                counts[_row(context, cells, by, now, counts)] += 1
            except (DomainError, NotFound, CallError) as error:
                counts["quarantined"] += 1
                quarantine.add(number, str(error), dump(cells))
    context.store.refresh()
    return counts


def _row(context: Context, cells: Mapping[str, str], by: str, now: datetime, counts: dict[str, int]) -> str:
    args = {name: _word(name, cells.get(name, "")) for name in WORDS}
    if not cells.get("case") and not cells.get("post"):
        raise CallError("案件编号 and 编号 are empty; write one of them")
    if not any(args.values()):
        raise CallError("回访结果, 是否解决 and 是否满意 are empty; write what was said")
    if not cells.get("at"):
        # Without a time of its own a row would be another one at every import.
        raise CallError("回访时间 is empty; write when it was asked: 2026-03-05 10:30")
    args |= {"at": _time(cells["at"]), "post": cells.get("post", ""), "origin": "import"}
    id_ = case_of(context.store, cells.get("case", ""), cells.get("post"))
    before = find_case(context.store, id_)
    after = act(context.store, context.office, before.id, "follow_up", {**args, "note": cells.get("note", "")}, by, now)
    counts["reopened"] += after.version > before.version and after.history[-1].what == "reopened"
    return "recorded" if after.version > before.version else "seen"


def _word(name: str, text: str) -> str:
    known = WORDS[name]
    grade = re.fullmatch(r"([1-5])(?:\.0|分|星)?", text)
    if name == "satisfied" and grade:
        return grade[1]
    if text in known:
        return known[text]
    if text in known.values():
        return text
    raise CallError(f"{COLUMNS[name][0]}: {text[:40]!r}; write one of {', '.join(word for word in known if word)}")


def _time(text: str) -> str:
    """A time of the sheet; one without offset is Beijing time, a day alone is its end of work."""
    found = re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::\d{2})?)?", text.strip()
    )
    if found is None:
        return show_time(parse_time(text))
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        whole = (int(year or 0), int(month or 0), int(day or 0), 17 if hour is None else hour, minute or 0)
        return show_time(datetime(*whole, tzinfo=SHANGHAI))
    except ValueError:
        raise CallError(f"回访时间: {text[:40]!r} is no time; write 2026-03-05 10:30") from None


def rows_of(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, its cells by COLUMNS) below the header, empty rows left out. Raises CallError."""
    if not file.is_file():
        raise CallError(f"{file}: no such file; give the list (.csv or .xlsx)")
    rows = _sheet(file) if file.suffix.lower() == ".xlsx" else _csv(file)
    places: dict[str, int] = {}
    for number, cells in rows:
        if not places:
            places = _header(cells)
            if not places and number >= HEADER_WITHIN:
                break
        elif any(cells.values()):
            yield number, {name: cells.get(place, "") for name, place in places.items()}
    if not places:
        write = "write 案件编号 (or 编号), 回访时间, and 是否解决 or 是否满意"
        raise CallError(f"{file}: no header within {HEADER_WITHIN} rows; {write}")


def _header(cells: Mapping[int, str]) -> dict[str, int]:
    named = {re.sub(r"\s", "", text): place for place, text in cells.items()}
    found = {name: named[word] for name, words in COLUMNS.items() for word in words if word in named}
    return found if found.keys() & {"case", "post"} and found.keys() & {"result", "solved", "satisfied"} else {}


def _csv(file: Path) -> Iterator[tuple[int, dict[int, str]]]:
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CallError(f"{file}: neither UTF-8 nor GB18030; save it as CSV UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, {place: cell.strip() for place, cell in enumerate(cells)}
    except csv.Error as error:
        raise CallError(f"{file}: line {reader.line_num}: {error}") from None


def _sheet(file: Path) -> Iterator[tuple[int, dict[int, str]]]:
    from crawlers.importing.meter import Meter
    from crawlers.importing.xlsx import DAMAGE, TooLarge, open_book

    try:
        book = open_book(file, Meter())
        for number, cells in book.rows(next(iter(book.sheets), "")):
            if isinstance(cells, str):
                raise CallError(f"{file}: row {number}: {cells}")
            yield number, {place: _shown(cell.value) for place, cell in cells.items()}
    except (TooLarge, *DAMAGE) as error:
        raise CallError(f"{file}: not a whole XLSX file ({' '.join(str(error).split())}); save it as .xlsx") from None


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
