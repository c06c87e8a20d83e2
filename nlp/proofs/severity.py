"""Severity on sentences with casualties: level, deaths and injured, all three exact.

``casualties.csv`` beside this file, written for this proof as notices, news, posts and letters write: ``part`` (build,
second_build, second_more, third_build, fourth_build, varied: the rules were made on it, the second to the fourth by
writers who knew neither rules nor sentences; held_out and fifth_held_out, of a fifth writer: they were not),
``level`` (unknown: null, "to review at once"), ``deaths``, ``injured`` (empty: the text does not say), ``published``,
``text``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.classifiers.severity import Reader
from nlp.settings import read_settings
from nlp.text import normalise

FILE = Path(__file__).with_name("casualties.csv")
_PARTS = ("build", "second_build", "second_more", "third_build", "fourth_build", "varied", "held_out", "fifth_held_out")


def sentences() -> list[dict[str, str]]:
    """The rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(_folder: Path) -> dict[str, tuple[float, int]]:
    """``exact_build`` and ``exact_held_out`` in per cent, with the number of sentences."""
    return {f"exact_{part}": _share(part) for part in _PARTS}


def wrong(part: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """(row, what was judged instead) for every sentence of ``part`` that is not exact."""
    reader = Reader(read_settings()["severity"])
    for row in sentences():
        if row["part"] != part:
            continue
        found = reader.judge(normalise(row["text"]), int(row["published"][:4]))
        if _shown(found) != (row["level"], row["deaths"], row["injured"]):
            yield row, found


def _share(part: str) -> tuple[float, int]:
    rows = sum(row["part"] == part for row in sentences())
    return round(100 * (rows - sum(1 for _ in wrong(part))) / rows, 2), rows


def _shown(found: dict[str, Any]) -> tuple[str, str, str]:
    deaths, injured = ("" if found[name] is None else str(found[name]) for name in ("deaths", "injured"))
    return found["level"] or "unknown", deaths, injured
