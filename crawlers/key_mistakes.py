"""A mistake in a configuration file as pydantic tells it, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_HINTS = {
    "extra_forbidden": "no such key here; take it out or correct its spelling",
    "missing": "write this key",
    "model_type": "write keys and values here",
    "model_attributes_type": "write keys and values here",
    "dict_type": "write keys and values here",
    "string_type": "write a text",
    "list_type": "write a list",
    "tuple_type": "write a list",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
}


def found_and_hint(item: ErrorDetails, keys: Sequence[str] = ()) -> tuple[str, str]:
    """What was found and what to do. ``keys``: those that may stand at the place, to name the one probably meant."""
    found = f"found {item['input']!r:.60}" if item["type"] != "missing" else "found nothing"
    hint = _HINTS.get(item["type"], item["msg"].removeprefix("Value error, "))
    near = nearest(str(item["loc"][-1]), keys) if item["type"] == "extra_forbidden" and item["loc"] else None
    return found, f"no such key; did you mean {near}?" if near else hint


def nearest(word: str, keys: Sequence[str]) -> str | None:
    """The key that was probably meant, also where only its first word was written."""
    meant = {key.split("_")[0]: key for key in reversed(keys)} | {key: key for key in keys}
    return next((meant[found] for found in get_close_matches(word, meant, n=1, cutoff=0.6)), None)
