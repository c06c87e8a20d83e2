"""What one list page gives, whatever its form; and lists that are JSON (news.cn's ``ds_*.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crawlers.dates import from_epoch
from crawlers.urls import absolute

if TYPE_CHECKING:
    from crawlers.source_model import JsonList, LeadsTo

Link = tuple[str, str | None]
"""Address of an article, and the time that the list shows beside it, as written there."""
_JSONP = re.compile(r"^\s*(?:/\*.*?\*/\s*)?[\w$.]+\s*\(\s*(?=[\[{])", re.S)


class Listing(NamedTuple):
    """One list page: its articles, the page after it, and further lists that it leads to."""

    links: Sequence[Link]
    following: str | None = None
    lists: Sequence[str] = ()


class BrokenListError(Exception):
    """The answer is no list of the form that the source has; ``args[0]`` says what it is instead."""


def looks_like_json(text: str) -> bool:
    """True for JSON and for JSON in a call (JSONP), whatever the header says."""
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) or _JSONP.match(text) is not None


def json_value(text: str) -> Any:
    """The value of JSON, or of JSON in a call. Raises BrokenListError."""
    try:
        return json.loads(_bare(text))
    except (ValueError, RecursionError):
        raise BrokenListError(f"not JSON but {text[:60]!r}") from None


def json_links(text: str, base: str, rules: JsonList) -> list[Link]:
    """Articles of a JSON list; a row without an address is passed over. Raises BrokenListError."""
    rows = _at(json_value(text), rules.rows)
    if not isinstance(rows, list):
        raise BrokenListError(f"no list at {rules.rows!r} but {str(rows)[:60]}")
    links = []
    for row in rows:
        address = _at(row, rules.url)
        if isinstance(address, str) and address.strip():
            links.append((absolute(base, address.strip()), _shown(_at(row, rules.date) if rules.date else None)))
    if rows and not links:
        raise BrokenListError(f"no row has an address at {rules.url!r}")
    return links


def lists_named(page: str, base: str, rules: LeadsTo) -> list[str]:
    """Addresses of the lists that a page names, in its order. Raises BrokenListError where there is none."""
    found = dict.fromkeys(match.group(1) for match in re.finditer(rules.pattern, page))
    if not found:
        raise BrokenListError(f"neither JSON nor a list's name ({rules.pattern})")
    return [absolute(base, rules.url.replace("{}", name)) for name in found]


def _bare(text: str) -> str:
    text = text.strip("\ufeff \t\r\n")
    call = _JSONP.match(text)
    return text[call.end() :].rstrip("; \t\r\n").removesuffix(")") if call else text


def _at(value: Any, path: str) -> Any:
    """The value at a path of keys (``data.list``); an empty path is the value itself."""
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _shown(value: Any) -> str | None:
    at = from_epoch(value)
    if at is not None:
        return at.isoformat()
    return value.strip() or None if isinstance(value, str) else None
