"""The folder of sources: one folder a source with ``source.yml`` and ``spider.py``. Scanned, never listed."""

from __future__ import annotations

import dis
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from crawlers.errors import CollectError, SourceMistakes
from crawlers.key_mistakes import found_and_hint
from crawlers.source_blanks import BLANK, fill_blanks
from crawlers.source_blanks import WHAT as _WRITE
from crawlers.source_model import SHAPES, Source, keys_at, source_from

FOLDER = Path(__file__).parent / "sources"
Overrides = Mapping[str, Mapping[str, Any]] | None
_HINTS = {
    "union_tag_invalid": f"write one of {', '.join(SHAPES)}",
    "union_tag_not_found": f"write shape: {', '.join(SHAPES)}",
}


def load_sources(folder: Path = FOLDER, overrides: Overrides = None) -> dict[str, Source]:
    """All sources by id, sorted.

    ``overrides`` (from the office's ``sources.yml``): source id → keys that replace those of its source.yml.
    Raises SourceMistakes with every mistake of all files: ``file: path: found: what to write``.
    """
    sources, mistakes = read_sources(folder, overrides)
    if mistakes:
        raise SourceMistakes([line for lines in mistakes.values() for line in lines])
    return sources


def read_sources(
    folder: Path = FOLDER, overrides: Overrides = None
) -> tuple[dict[str, Source], dict[str, tuple[str, ...]]]:
    """The sources that are right by id, and the mistakes of the others: a run goes on with what is right."""
    mistakes: dict[str, tuple[str, ...]] = {}
    sources: dict[str, Source] = {}
    ids = [path.parent.name for path in sorted(folder.glob("*/source.yml"))]
    for unknown in sorted(set(overrides or {}) - set(ids)):
        mistakes[unknown] = (f"sources.yml: {unknown}: no such source: write one of {', '.join(ids)}",)
    for name in ids:
        found = _one(folder / name, (overrides or {}).get(name))
        if isinstance(found, list):
            mistakes[name] = tuple(found)
        else:
            sources[name] = found
    return sources, mistakes


def switched_off(name: str, folder: Path = FOLDER, overrides: Overrides = None) -> bool:
    """Whether a source with mistakes says ``enabled: false``; one that cannot be read at all does not say so."""
    try:
        value = yaml.safe_load((folder / name / "source.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError):
        return False
    held = {**value, **(overrides or {}).get(name, {})} if isinstance(value, dict) else {}
    return held.get("enabled") is False


def to_collect(overrides: Overrides = None) -> list[str]:
    """Ids of the sources that a run asks: those switched on; one with mistakes too, so that they are said."""
    sources, mistakes = read_sources(overrides=overrides)
    wrong = {name for name in mistakes if not switched_off(name, overrides=overrides)}
    return sorted(wrong | {name for name, source in sources.items() if source.enabled})


def find_source(source_id: str, overrides: Overrides = None, draft: bool = False) -> Source:
    """One source; mistakes of others do not matter. ``draft``: what a person must still write may be blank.

    Raises CollectError naming the known ones where there is none of that id, SourceMistakes for its mistakes.
    """
    known = [path.parent.name for path in sorted(FOLDER.glob("*/source.yml"))]
    if source_id not in known:
        raise CollectError(source_id, "", "no such source", f"write one of {', '.join(known)}")
    found = _one(FOLDER / source_id, (overrides or {}).get(source_id), draft)
    if isinstance(found, list):
        raise SourceMistakes(found)
    return found


def _one(place: Path, override: Mapping[str, Any] | None, draft: bool = False) -> Source | list[str]:
    """The source of a folder, or its mistakes."""
    file = place / "source.yml"
    shown = f"{place.name}/source.yml"
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        problem = " ".join(str(error).split())
        return [f"{shown}: : not readable as YAML ({problem}): correct the file"]
    if not isinstance(value, dict):
        return [f"{shown}: : found {type(value).__name__}: write keys and values"]
    value, blanks = fill_blanks({**value, **(override or {})})
    mistakes = [] if draft else [f"{shown}: {path}: found {BLANK}: {_WRITE[path]}" for path in blanks]
    try:
        source = source_from(value)
    except ValidationError as error:
        return mistakes + _lines(shown, error)
    mistakes += _cross_checks(shown, place, source)
    return mistakes or source


def _lines(shown: str, error: ValidationError) -> list[str]:
    lines = []
    for item in error.errors():
        # The first part of a place is the shape, by which pydantic chose the model.
        place = item["loc"][1:] if item["loc"][:1] and item["loc"][0] in SHAPES else item["loc"]
        path = ".".join(str(part) for part in place)
        hint = _HINTS.get(item["type"])
        found, words = found_and_hint(item, keys_at(item["loc"]))
        lines.append(f"{shown}: {path}: {found}: {hint or words}")
    return lines


def _cross_checks(shown: str, place: Path, source: Source) -> list[str]:
    lines = []
    if source.id != place.name:
        lines.append(f"{shown}: id: found {source.id!r}: write the folder's name, {place.name!r}")
    lines += _spider_mistakes(place / "spider.py")
    lines += _too_often(shown, source)
    for address in source.all_starts():
        if urlsplit(address).hostname not in source.hosts:
            lines.append(f"{shown}: start: found {address!r}: its host is not in hosts; add it there")
    return lines


def _spider_mistakes(file: Path) -> list[str]:
    """What is wrong with a spider without running it, as far as that can be told: checking a source needs no Scrapy."""
    shown = f"{file.parent.name}/spider.py"
    try:
        # Not ast.parse: two threads at once make it fail (SystemError, python/cpython#106905), and sources are checked
        # in the threads that collect them.
        code = compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
    except FileNotFoundError:
        return [f"{shown}: : no such file: add the spider beside source.yml"]
    except (SyntaxError, ValueError, OSError) as error:
        place, said = (f"line {error.lineno}", error.msg) if isinstance(error, SyntaxError) else ("", str(error))
        return [f"{shown}: {place}: {said}: correct the spider"]
    made = any(step.opname == "STORE_NAME" and step.argval == "Spider" for step in dis.get_instructions(code))
    return [] if made else [f"{shown}: : no class Spider: derive one from a class of crawlers.base"]


def _too_often(shown: str, source: Source) -> list[str]:
    """A rhythm within which the lists alone cannot be read at the pace that robots.txt asks for."""
    if source.robots_delay_seconds is None:
        return []
    pages, delay = source.usual_requests(), max(source.robots_delay_seconds, source.delay_seconds)
    least = math.ceil(pages * delay / 60)
    if least <= source.rhythm_minutes:
        return []
    took = f"{pages} list pages at the Crawl-delay of {delay:g} s take {least} minutes"
    return [f"{shown}: rhythm_minutes: found {source.rhythm_minutes}: {took}; write at least {least}, or fewer lists"]
