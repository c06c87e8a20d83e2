"""The board's unsigned dictionary of boards, JSON in a call (``IndexForum``, ``formats.md`` 1.1)."""

from __future__ import annotations

from typing import Any

from crawlers.base.board_names import BoardName
from crawlers.base.listing import json_value
from crawlers.text import clean


def read_boards(text: str) -> dict[str, BoardName]:
    """Number → name and the numbers of the boards below. Raises BrokenListError, or ValueError where none is in it."""
    value = json_value(text)
    rows = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = {}
    for row in rows:
        number = _number(row.get("fid")) if isinstance(row, dict) else None
        if number is not None and isinstance(row.get("name"), str) and row["name"].strip():
            found[number] = BoardName(clean(row["name"]), _numbers(row.get("childIds")))
    if not found:
        raise ValueError(f"no board in {text[:60]!r}")
    return found


def _number(value: Any) -> str | None:
    shown = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return shown if shown.isascii() and shown.isdigit() and int(shown) > 0 else None


def _numbers(value: Any) -> tuple[str, ...]:
    """Of a list, or of a text with commas."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(number for number in map(_number, parts) if number is not None)
