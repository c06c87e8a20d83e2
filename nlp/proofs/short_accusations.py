"""Short plain accusations of officials and what lies close to them: who is held back from the unit, who needlessly.

``short_accusations.csv`` beside this file, one to three sentences each, written for this proof as boards, Weibo and
hotlines have them and labelled by K1–K4 of docs/how-to/labelling.md: ``part`` (build, second, third: the rules were
made on them, each after a first count; held_out: counted alone, the rules were not mended on it), ``kind`` (检举控告,
其他), ``unit`` (whose people are accused, empty where the text names none), ``text``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("short_accusations.csv")
ACCUSING = "检举控告"
_MADE, _HELD_OUT = ("build", "second", "third"), ("held_out",)
Judged = Sequence[tuple[dict[str, str], Mapping[str, Any]]]


def sentences() -> list[dict[str, str]]:
    """The rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(_folder: Path) -> dict[str, tuple[float, int]]:
    """Per cent and rows, each for the part ``made`` (what the rules were made on) and for ``held_out``.

    ``label``: accusations called 检举控告; ``found``: those or left to a person, so that no unit meets them unseen;
    ``taken``: others called 检举控告; ``band``: others left to a person; ``accused``: accusations by the label that
    name a unit and have it in ``accused``.
    """
    out: dict[str, tuple[float, int]] = {}
    for name, parts in (("made", _MADE), ("held_out", _HELD_OUT)):
        rows = [(row, told) for row, told in judged() if row["part"] in parts]
        accusing = [(row, told) for row, told in rows if row["kind"] == ACCUSING]
        others = [(row, told) for row, told in rows if row["kind"] != ACCUSING]
        named = [(row, told) for row, told in accusing if is_taken(told) and row["unit"]]
        out |= {
            f"label_{name}": _share([is_taken(told) for _, told in accusing]),
            f"found_{name}": _share([is_taken(told) or is_doubted(told) for _, told in accusing]),
            f"taken_{name}": _share([is_taken(told) for _, told in others]),
            f"band_{name}": _share([is_doubted(told) for _, told in others]),
            f"accused_{name}": _share([row["unit"] in told["accused"] for row, told in named]),
        }
    return out


@cache
def judged() -> Judged:
    """Every row with what the stored models and rules say of it."""
    from nlp.assessor import Assessor

    rows = sentences()
    posts = [{"id": str(at), "kind": "message", "text": row["text"]} for at, row in enumerate(rows)]
    return list(zip(rows, Assessor().assess(posts), strict=True))


def is_taken(told: Mapping[str, Any]) -> bool:
    """Whether it is called 检举控告."""
    return bool(told["petition_kind"]["label"] == ACCUSING)


def is_doubted(told: Mapping[str, Any]) -> bool:
    """Whether a person must say."""
    return not is_taken(told) and "petition_kind" in told["unsure"]


def _share(hits: Sequence[bool]) -> tuple[float, int]:
    return round(100 * sum(hits) / len(hits), 2), len(hits)
