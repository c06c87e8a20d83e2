"""A large object as JSON in pieces, for a writer that never holds the whole text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

_PIECE = 500
"""Entries of an object that make one piece."""


def json_pieces(value: Mapping[str, Any]) -> Iterator[str]:
    """An object as JSON in pieces: written as one text, a large state would be the most memory that a crawl needs."""
    opening = "{"
    for name, part in value.items():
        yield f"{opening}{json.dumps(name)}:"
        opening = ","
        if not isinstance(part, dict) or not part:
            yield _compact(part)
            continue
        items, within = iter(part.items()), "{"
        while piece := dict(islice(items, _PIECE)):
            yield within + _compact(piece)[1:-1]
            within = ","
        yield "}"
    yield "}"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
