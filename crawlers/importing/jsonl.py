"""Rows of JSON lines files, streamed. A column may be a path into the object: ``list[key=value].name``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crawlers.errors import ImportError_
from crawlers.importing.mapping import ImportMap
from crawlers.importing.meter import Meter
from crawlers.importing.tables import (
    CUT_SHORT,
    DAMAGED_GZIP,
    LONGEST,
    Quarantined,
    Row,
    check_header,
    open_bytes,
    size_of,
)

HOPELESS = 1000
"""A file whose first lines are all none is no file of JSON lines."""
_STEP = re.compile(r"([^.\[\]]+)(?:\[([^=\]]+)=([^\]:]*)(:last)?\])?(?:\.|$)")
Step = tuple[str, str, str, bool]
"""Name; of the list under it the first object (or the last) whose key has a value; ``""``: no list."""


def open_jsonl(path: Path, plan: ImportMap, meter: Meter) -> Iterator[Row | Quarantined]:
    """Rows of a JSON lines file. The first readable row must hold the map's columns, or the lists they lie in."""
    meter.total = size_of(path)
    rows = _json_rows(path, plan, meter)
    first: list[Row | Quarantined] = []
    for row in rows:
        first.append(row)
        if not isinstance(row, Quarantined) or len(first) >= HOPELESS:
            break
    if first and isinstance(first[-1], Quarantined):
        assert isinstance(first[0], Quarantined)
        raise ImportError_(str(path), f"line {first[0].line}", first[0].reason, "give a file of JSON lines")
    return _chain(first, rows)


def _chain(first: Sequence[Row | Quarantined], rest: Iterator[Row | Quarantined]) -> Iterator[Row | Quarantined]:
    yield from first
    yield from rest


def _json_rows(path: Path, plan: ImportMap, meter: Meter) -> Iterator[Row | Quarantined]:
    line, checked = 0, False
    with open_bytes(path, meter) as file:
        while True:
            line += 1
            try:
                raw = file.readline(LONGEST)
                whole = len(raw) < LONGEST or _pass_over(file)
            except DAMAGED_GZIP as error:
                yield Quarantined(line, CUT_SHORT.format(error), "")
                return
            if not raw:
                return
            if not raw.strip():
                continue
            value = _object(line, raw, plan) if whole else Quarantined(line, f"a line of over {LONGEST} bytes", "")
            if isinstance(value, dict) and not checked:
                check_header(path, plan, [*value, *(name for name in plan.named() if _steps(name)[0][0] in value)])
                checked = True
            yield _row(line, value, raw, plan) if isinstance(value, dict) else value


def _pass_over(file: Any) -> bool:
    """Read to the end of a line that is too long; whether it ended there already."""
    rest = 0
    while part := file.readline(LONGEST):
        rest += len(part)
        if part.endswith(b"\n"):
            break
    return rest == 0


def _object(line: int, raw: bytes, plan: ImportMap) -> dict[str, Any] | Quarantined:
    try:
        value = json.loads(raw.decode("gb18030" if plan.encoding == "gb18030" else "utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Quarantined(line, f"not JSON: {error}", _shown(raw))
    return value if isinstance(value, dict) else Quarantined(line, "no JSON object", _shown(raw))


def _row(line: int, value: dict[str, Any], raw: bytes, plan: ImportMap) -> Row | Quarantined:
    cells = {name: value[name] if name in value else _at(value, _steps(name)) for name in plan.named()}
    nested = [name for name, cell in cells.items() if isinstance(cell, (dict, list))]
    if nested:
        return Quarantined(line, f"{nested[0]}: a flat value is wanted", _shown(raw))
    return line, cells


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r\n")


@cache
def _steps(name: str) -> tuple[Step, ...]:
    """The path that a column's name is; one step where it is a plain name."""
    steps = [(found[1], found[2] or "", found[3] or "", bool(found[4])) for found in _STEP.finditer(name)]
    return tuple(steps) or ((name, "", "", False),)


def _at(value: Any, steps: tuple[Step, ...]) -> Any:
    for name, key, wanted, last in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
        if key:
            rows = value if isinstance(value, list) else []
            found = [row for row in rows if isinstance(row, dict) and str(row.get(key)) == wanted]
            value = found[-1 if last else 0] if found else None
    return value
