"""The folder of sources: one folder a source with ``source.yml`` and ``spider.py``. Scanned, never listed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from crawlers.errors import CollectError, SourceMistakes
from crawlers.source_model import Source, source_from

FOLDER = Path(__file__).parent / "sources"
SHAPES = ("article_list", "feed", "sitemap", "message_board", "json_api")
_HINTS = {
    "extra_forbidden": "no such key here; take it out or correct its spelling",
    "missing": "write this key",
    "union_tag_invalid": f"write one of {', '.join(SHAPES)}",
    "union_tag_not_found": f"write shape: one of {', '.join(SHAPES)}",
}


def load_sources(folder: Path = FOLDER, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Source]:
    """All sources by id, sorted.

    ``overrides`` (from the office's ``sources.yml``): source id → keys that replace those of its source.yml.
    Raises SourceMistakes with every mistake of all files: ``file: path: found: what to write``.
    """
    mistakes: list[str] = []
    sources: dict[str, Source] = {}
    ids = [path.parent.name for path in sorted(folder.glob("*/source.yml"))]
    for unknown in sorted(set(overrides or {}) - set(ids)):
        mistakes.append(f"sources.yml: {unknown}: no such source: write one of {', '.join(ids)}")
    for name in ids:
        source = _one(folder / name, (overrides or {}).get(name), mistakes)
        if source is not None:
            sources[source.id] = source
    if mistakes:
        raise SourceMistakes(mistakes)
    return sources


def find_source(source_id: str, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Source:
    """One source. Raises CollectError naming the known ones where there is none of that id."""
    sources = load_sources(overrides=overrides)
    if source_id not in sources:
        raise CollectError(source_id, "", "no such source", f"write one of {', '.join(sources)}")
    return sources[source_id]


def _one(place: Path, override: Mapping[str, Any] | None, mistakes: list[str]) -> Source | None:
    file = place / "source.yml"
    shown = f"{place.name}/source.yml"
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        problem = " ".join(str(error).split())
        mistakes.append(f"{shown}: : not readable as YAML ({problem}): correct the file")
        return None
    if not isinstance(value, dict):
        mistakes.append(f"{shown}: : found {type(value).__name__}: write keys and values")
        return None
    try:
        source = source_from({**value, **(override or {})})
    except ValidationError as error:
        mistakes.extend(_lines(shown, error))
        return None
    mistakes.extend(_cross_checks(shown, place, source))
    return source


def _lines(shown: str, error: ValidationError) -> list[str]:
    lines = []
    for item in error.errors():
        path = ".".join(str(part) for part in item["loc"] if part not in SHAPES)
        found = repr(item["input"])[:60] if item["type"] != "missing" else "nothing"
        hint = _HINTS.get(item["type"], item["msg"].removeprefix("Value error, "))
        lines.append(f"{shown}: {path}: found {found}: {hint}")
    return lines


def _cross_checks(shown: str, place: Path, source: Source) -> list[str]:
    lines = []
    if source.id != place.name:
        lines.append(f"{shown}: id: found {source.id!r}: write the folder's name, {place.name!r}")
    if not (place / "spider.py").is_file():
        lines.append(f"{place.name}/spider.py: : no such file: add the spider beside source.yml")
    for address in source.all_starts():
        if urlsplit(address).hostname not in source.hosts:
            lines.append(f"{shown}: start: found {address!r}: its host is not in hosts; add it there")
    return lines
