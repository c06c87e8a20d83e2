"""Scores of ``units`` on letters of which a person said, value by value, whether it is the name of an organisation.

``nlp/labels/units.sample.csv`` (row, part) names the letters, ``units.csv`` (row, part, value, name) what was said; a
value stands there as the beginning of its SHA-256, since no word of a letter goes into the repository. ``part``: the
rules were made on ``made``; ``unseen`` was labelled after them.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from nlp.datasets import rows
from nlp.labelling.sets import FOLDER
from nlp.labelling.source import FILES, letters
from nlp.text import normalise
from nlp.units import UnitFinder, values

PARTS = ("made", "unseen")
_DIGITS = 12


def mark(value: str) -> str:
    """How a value stands in the file of labels."""
    return sha256(value.encode()).hexdigest()[:_DIGITS]


def measure(folder: Path, labels: Path = FOLDER) -> dict[str, float]:
    """For each part, in per cent: ``precision_PART``: values that are names (one that nobody has judged counts as
    none), ``kept_PART``: names known that are found, ``judged_PART``: values that somebody has judged; ``rows``:
    letters of ``unseen``. DataError: a file is missing or strange.
    """
    said = {(row["row"], row["value"]): row["name"] == "yes" for row in rows(labels / "units.csv", ("part", "name"))}
    drawn = {row["row"]: row["part"] for row in rows(labels / "units.sample.csv", ("row", "part"))}
    found, finder = letters(folder, FILES), UnitFinder({})
    told: dict[str, list[bool | None]] = {part: [] for part in PARTS}
    hits: dict[str, set[tuple[str, str]]] = {part: set() for part in PARTS}
    for row, part in drawn.items():
        text = f"{normalise(found[row].title)}\n{normalise(found[row].text)}"
        for value in values(finder.find(text)):
            told[part].append(said.get((row, mark(value))))
            hits[part].add((row, mark(value)))
    scores: dict[str, float] = {"rows": float(sum(part == "unseen" for part in drawn.values()))}
    for part in PARTS:
        names = {key for key, name in said.items() if name and drawn[key[0]] == part}
        scores[f"precision_{part}"] = _share(sum(one is True for one in told[part]), len(told[part]))
        scores[f"judged_{part}"] = _share(sum(one is not None for one in told[part]), len(told[part]))
        scores[f"kept_{part}"] = _share(len(names & hits[part]), len(names))
    return scores


def _share(some: int, all_: int) -> float:
    return round(100 * some / all_, 2) if all_ else 0.0
