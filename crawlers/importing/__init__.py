"""``huiying import``: an export (CSV, XLSX, JSON lines) and a map → post lines, streamed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.dates import from_epoch, read_time
from crawlers.errors import ImportError_
from crawlers.importing.jsonl import open_jsonl
from crawlers.importing.mapping import UNIX, ImportMap, Names, Truth, load_map
from crawlers.importing.meter import Meter
from crawlers.importing.sheet import open_xlsx
from crawlers.importing.tables import Cells, Quarantined, Row, open_csv
from crawlers.to_post import Item, Refused, to_post

__all__ = ["ImportError_", "ImportMap", "Meter", "Quarantined", "import_file", "load_map"]

_OPENERS = {".csv": open_csv, ".csv.gz": open_csv, ".xlsx": open_xlsx, ".jsonl": open_jsonl, ".jsonl.gz": open_jsonl}


def import_file(
    path: Path, map_path: Path, now: datetime, meter: Meter | None = None
) -> Iterator[dict[str, Any] | Quarantined]:
    """Post lines of an export, in its order; a row that cannot be one comes as Quarantined in its place.

    ``now`` (aware) is the ``collected_at`` and bounds the times; ``meter`` is told how far the reading is. Raises
    ImportError_ at the call, before any row, where the map or the file as a whole is wrong; rows already given stay
    valid whatever comes later.
    """
    plan = load_map(map_path)
    name = path.name.lower()
    opener = next((_OPENERS[end] for end in sorted(_OPENERS, key=len, reverse=True) if name.endswith(end)), None)
    if opener is None:
        do = f"give {', '.join(_OPENERS)}; a text file of a table is a CSV file: rename it to end in .csv"
        raise ImportError_(str(path), "", f"found {path.suffix or 'no ending'}", do)
    if not path.is_file():
        raise ImportError_(str(path), "", "no such file", "give the path of the export")
    return _posts(opener(path, plan, meter or Meter()), plan, now)


def _posts(rows: Iterator[Row | Quarantined], plan: ImportMap, now: datetime) -> Iterator[dict[str, Any] | Quarantined]:
    for row in rows:
        if isinstance(row, Quarantined):
            yield row
            continue
        line, cells = row
        try:
            yield to_post(_item(cells, plan, now), plan.source, plan.kind, now)
        except Refused as refusal:
            raw = ",".join(_shown(cell) for cell in cells.values())
            yield Quarantined(line, str(refusal), raw)


def _item(cells: Cells, plan: ImportMap, now: datetime) -> Item:
    if plan.gone is not None and _says(plan.gone, cells):
        raise Refused(f"{', '.join(plan.gone.column)}: the export shows a notice in place of the text")

    def get(field: str) -> str | None:
        found = _value(cells, plan.columns.get(field, ()), plan)
        return found or plan.defaults.get(field)

    reply: dict[str, Any] = {field: _value(cells, names, plan) for field, names in plan.reply.items()}
    if reply.get("at"):
        reply["at"] = _time(_cell(cells, plan.reply["at"]), plan, now, "reply.at")
    return Item(
        native_id=_id(cells, plan),
        text=get("text") or "",
        published=_time(_cell(cells, plan.columns["published_at"]), plan, now, "published_at"),
        url=get("url"),
        title=get("title"),
        author=get("author"),
        place=get("place"),
        labels={name: _value(cells, names, plan) for name, names in plan.labels.items()},
        counts={name: _cell(cells, names) for name, names in plan.counts.items()},
        reply=reply if plan.reply else None,
        extra={name: _value(cells, names, plan) or None for name, names in plan.extra.items()},
        truncated=_says(plan.truncated, cells),
    )


def _says(rule: Truth | None, cells: Cells) -> bool:
    return rule is not None and any(_shown(cells.get(name)).strip() in rule.when for name in rule.column)


def _id(cells: Cells, plan: ImportMap) -> str:
    if plan.id.column is not None:
        native_id = _shown(_cell(cells, plan.id.column)).strip()
        if not native_id:
            raise Refused(f"{' or '.join(plan.id.column)}: the row has no id")
        return native_id
    parts = [_shown(cells.get(column)).strip() for column in plan.id.hash]
    if not any(parts):
        raise Refused("the columns that make the id are empty")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _filled(cells: Cells, names: Names) -> str:
    """The first of the columns that is filled in this row; the first of all where none is."""
    return next((name for name in names if cells.get(name) not in (None, "")), names[0])


def _cell(cells: Cells, names: Names) -> Any:
    return cells.get(_filled(cells, names))


def _value(cells: Cells, names: Names, plan: ImportMap) -> str:
    if not names:
        return ""
    name = _filled(cells, names)
    text = _shown(cells.get(name)).strip()
    return plan.values.get(name, {}).get(text, text)


def _shown(cell: Any) -> str:
    """A cell as text: whole numbers without .0, nothing for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _time(cell: Any, plan: ImportMap, now: datetime, name: str) -> datetime | str | None:
    """The time as aware, or the day as text (marked as a day later). Raises Refused where neither can be read."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=plan.offset())
    text = _shown(cell).strip()
    if not text:
        return None
    for form in plan.dates:
        if form == UNIX:
            moment_read = from_epoch(text)
            if moment_read is not None:
                return moment_read
            continue
        try:
            read = datetime.strptime(text, form)  # noqa: DTZ007 - the map's zone is added below
        except ValueError:
            continue
        if not any(sign in form for sign in ("%H", "%I", "%X", "%c")):
            return f"{read:%Y-%m-%d}"
        return read if read.tzinfo else read.replace(tzinfo=plan.offset())
    moment = read_time(text, now.astimezone(plan.offset()), whole=True)
    if moment is None:
        raise Refused(f"{name}: no time can be read from {text[:40]!r}")
    if not moment.precise:
        return f"{moment.at:%Y-%m-%d}"
    has_offset = text[-1] in "Zz" or "+" in text[10:] or "-" in text[16:]
    return moment.at if has_offset else moment.at.replace(tzinfo=plan.offset())
