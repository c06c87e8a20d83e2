"""``huiying roster import``: a duty sheet (XLSX) becomes the office's ``roster.yml``, or is refused row by row."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from casework.domain.duty import Person, Watch, faults
from casework.domain.office import Office
from casework.domain.times import SHANGHAI, show_time
from pipeline.errors import CallError

NAME = "roster.yml"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("日期", "值班日期"),
    "span": ("时段", "值班时段", "班次"),
    "begin": ("开始", "开始时间"),
    "end": ("结束", "结束时间"),
    "department": ("单位", "值班单位"),
    "name": ("值班员", "值班人员", "姓名"),
    "phone": ("电话", "值班电话", "值班员电话", "手机"),
    "mail": ("邮箱", "值班员邮箱"),
    "leader": ("带班领导", "带班"),
    "leader_phone": ("带班电话", "带班领导电话"),
    "leader_mail": ("带班邮箱", "带班领导邮箱"),
}
"""What a column says → the headings that it may have."""
HEADER_WITHIN = 10
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-—–~～至到]+\s*(次日|翌日|第二天)?\s*(\d{1,2})[:：](\d{2})")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def import_roster(file: Path, office: Office, config: Path, out: Path | None) -> dict[str, Any]:
    """Read the sheet, check it, write ``roster.yml`` (in the office's folder, or at ``out``); what was written.

    Raises CallError that lists every row that is wrong, every gap and every overlap; then nothing is written.
    """
    rows = list(_rows(file))
    if not rows:
        raise CallError(f"{file}: no row below the header; write one row a watch")
    problems: list[str] = []
    watches: list[tuple[int, Watch]] = []
    for number, cells in rows:
        try:
            watches.append((number, _watch(cells, office)))
        except CallError as error:
            problems.append(f"{file}: row {number}: {error}")
    if not problems:
        found = [watch for _, watch in watches]
        # The names of other rows are their numbers in the sheet.
        for fault in faults(found, office.duty.when, office.worktime, "{}"):
            text = re.sub(r"(with|after) (\d+)\b", lambda m: f"{m[1]} row {watches[int(m[2])][0]}", fault.found)
            problems.append(f"{file}: row {watches[fault.at][0]}: {text}: {fault.write}")
    if problems:
        raise CallError("\n".join(problems))
    target = out or config / NAME
    _write(target, file.name, [watch for _, watch in watches])
    begin, end = min(one.begin for _, one in watches), max(one.end for _, one in watches)
    return {"file": str(target), "watches": len(watches), "from": show_time(begin), "to": show_time(end)}


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number, what it says by COLUMNS) for each row below the header that is not empty."""
    from crawlers.importing.meter import Meter
    from crawlers.importing.xlsx import DAMAGE, TooLarge, open_book

    if not file.is_file():
        raise CallError(f"{file}: no such file; give the duty sheet (.xlsx)")
    try:
        book = open_book(file, Meter())
        places: dict[str, int] = {}
        for number, cells in book.rows(next(iter(book.sheets), "")):
            if isinstance(cells, str):
                raise CallError(f"{file}: row {number}: {cells}")
            values = {place: cell.value for place, cell in cells.items() if cell.value not in (None, "")}
            if not places:
                places = _header(values)
                if not places and number >= HEADER_WITHIN:
                    break
            elif values:
                yield number, {name: values.get(place) for name, place in places.items()}
    except (TooLarge, *DAMAGE) as error:
        raise CallError(f"{file}: not a whole XLSX file ({' '.join(str(error).split())}); save it as .xlsx") from None
    if not places:
        raise CallError(f"{file}: no header within {HEADER_WITHIN} rows; {_headings()}")


def _headings() -> str:
    more = "单位 电话 邮箱 带班领导 带班电话 带班邮箱 may follow"
    return f"write the headings 日期 (and 时段) or 开始 and 结束, and 值班员; {more}"


def _header(values: Mapping[int, Any]) -> dict[str, int]:
    """Where each column stands, if this row is the header; else nothing."""
    named = {re.sub(r"\s", "", str(value)): place for place, value in values.items()}
    found = {name: named[word] for name, words in COLUMNS.items() for word in words if word in named}
    timed = "day" in found or {"begin", "end"} <= found.keys()
    return found if timed and "name" in found else {}


def _watch(cells: Mapping[str, Any], office: Office) -> Watch:
    """One row. Raises CallError: what was found and what to write."""
    begin, end = _span(cells) if cells.get("day") is not None else (_moment(cells, "begin"), _moment(cells, "end"))
    leader = None
    if _text(cells, "leader"):
        leader = _person(cells, "leader", "leader_phone", "leader_mail")
    return Watch(begin, end, _person(cells, "name", "phone", "mail"), leader, _department(cells, office))


def _person(cells: Mapping[str, Any], name: str, phone: str, mail: str) -> Person:
    named, address = _text(cells, name), _text(cells, mail) or None
    if not named:
        raise CallError(f"{COLUMNS[name][0]} is empty; write who is on duty")
    if address is not None and not _MAIL.fullmatch(address):
        raise CallError(f"{COLUMNS[mail][0]}: {address!r} is no e-mail address")
    return Person(named, _text(cells, phone) or None, address)


def _department(cells: Mapping[str, Any], office: Office) -> str | None:
    """The department named, by its name, an alias or its id; None where the cell is empty."""
    word = _text(cells, "department")
    if not word:
        return None
    for id_, found in office.routing.departments.items():
        if word in (id_, found.name, *found.aliases):
            return id_
    raise CallError(
        f"单位: no such department {word!r}; write its name as in departments.yml, or leave it empty for all"
    )


def _text(cells: Mapping[str, Any], name: str) -> str:
    value = cells.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _span(cells: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """From 日期 and 时段 (08:30-次日08:30); a day without a span is the whole day."""
    day, text = _day(cells["day"]), _text(cells, "span")
    if not text or text in ("全天", "24小时"):
        start = datetime.combine(day, time(), SHANGHAI)
        return start, start + timedelta(days=1)
    found = _SPAN.fullmatch(text)
    if found is None:
        raise CallError(f"时段: {text!r}; write 08:30-次日08:30, or 全天")
    begin, end = (_clock(day, found[hour], found[minute], text) for hour, minute in ((1, 2), (4, 5)))
    return begin, end + timedelta(days=1) if found[3] or end <= begin else end


def _clock(day: date, hour: str, minute: str, text: str) -> datetime:
    hours, minutes = int(hour), int(minute)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise CallError(f"时段: {text!r}: no such time of day")
    return datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hours, minutes=minutes)


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.fullmatch(str(value).strip())
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise CallError(f"日期: {str(value)[:40]!r}; write 2026-02-17")


def _moment(cells: Mapping[str, Any], name: str) -> datetime:
    """A moment of Beijing time: a cell of date and time, or text 2026-02-17 08:30."""
    value, heading = cells.get(name), COLUMNS[name][0]
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    day, _, clock = str("" if value is None else value).strip().replace("T", " ").partition(" ")
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?::\d{2})?", clock.strip())
    if found is None:
        raise CallError(f"{heading}: {_text(cells, name)[:40]!r}; write 2026-02-17 08:30")
    return _clock(_day(day), found[1], found[2], clock)


def _write(target: Path, source: str, watches: list[Watch]) -> None:
    """The whole file at once, for its owner alone: it holds people's telephone numbers."""
    import yaml

    rows = []
    for one in watches:
        row: dict[str, Any] = {"from": show_time(one.begin), "to": show_time(one.end)}
        row |= {"department": one.department} if one.department else {}
        row |= _entry(one.person)
        rows.append(row | ({"leader": _entry(one.leader)} if one.leader else {}))
    text = "# 值班表，由 huiying roster import 生成；改值班表请改原表后重新导入。\n"
    text += yaml.safe_dump({"source": source, "watches": rows}, allow_unicode=True, sort_keys=False, width=200)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    os.replace(file.name, target)


def _entry(person: Person) -> dict[str, str]:
    pairs = {"name": person.name, "phone": person.phone, "mail": person.mail}
    return {name: value for name, value in pairs.items() if value}
