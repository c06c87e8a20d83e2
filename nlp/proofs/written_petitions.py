"""Letters by two writers who had seen no rule, no model and no letter of the data sets, each after K1–K6 of
docs/how-to/labelling.md alone: who of those that accuse an official body or its people is held back from it.

``written_petitions.csv`` beside this file: ``writer`` (first, second), ``kind`` (检举控告, 申诉求决, 建议意见; by its
writer, read by nobody else), ``title``, ``text``. All of it is invented. Nothing was trained or mended on it.
"""

from __future__ import annotations

import csv
from pathlib import Path

from nlp.proofs.short_accusations import ACCUSING, is_doubted, is_taken

FILE = Path(__file__).with_name("written_petitions.csv")


def rows() -> list[dict[str, str]]:
    """The rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(_folder: Path) -> dict[str, tuple[float, int]]:
    """Per cent and rows. ``label``: accusations called 检举控告; ``found``: those or left to a person.

    ``taken``: others called 检举控告; ``band``: others left to a person.
    """
    from nlp.assessor import Assessor

    letters = rows()
    posts = [
        {"id": str(at), "kind": "message", "title": row["title"], "text": row["text"]} for at, row in enumerate(letters)
    ]
    told = list(zip(letters, Assessor().assess(posts), strict=True))
    accusing = [one for row, one in told if row["kind"] == ACCUSING]
    others = [one for row, one in told if row["kind"] != ACCUSING]
    hits = {
        "label": [is_taken(one) for one in accusing],
        "found": [is_taken(one) or is_doubted(one) for one in accusing],
        "taken": [is_taken(one) for one in others],
        "band": [is_doubted(one) for one in others],
    }
    return {name: (round(100 * sum(found) / len(found), 2), len(found)) for name, found in hits.items()}
