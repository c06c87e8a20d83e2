"""How far two readers of a sample agree: Cohen's kappa, class by class, and the rows to be decided by a third look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlp.labelling.sets import FOLDER, PASSES, named, read_labels


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa (Cohen 1960): (observed − chance) / (1 − chance), chance from both readers' own shares.

    1.0 where both gave one and the same class throughout.
    """
    rows = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / rows
    left, right = Counter(first), Counter(second)
    chance = sum(left[label] * right[label] for label in left) / rows**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def agreement(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """One entry a column: {"set", "column", "rows", "agree" (share), "kappa", "classes"}.

    ``classes``: label → {"first", "second", "both", "agreement"}; agreement is 2 × both / (first + second), the
    positive specific agreement, None where neither reader gave the class.
    """
    one, two = (read_labels(name, part, folder) for part in PASSES)
    out = []
    for column, classes in named(name).columns.items():
        first = [one[row][column] for row in one]
        second = [two[row][column] for row in one]
        found = {}
        for label in classes:
            counts = (first.count(label), second.count(label))
            both = sum(a == b == label for a, b in zip(first, second, strict=True))
            share = round(2 * both / sum(counts), 3) if sum(counts) else None
            found[label] = {"first": counts[0], "second": counts[1], "both": both, "agreement": share}
        same = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
        entry = {"set": name, "column": column, "rows": len(first), "agree": round(same, 4)}
        out.append(entry | {"kappa": round(kappa(first, second), 4), "classes": found})
    return out


def differing(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The rows on which the readers differ: {"row", column: [first, second]} with the columns that differ."""
    one, two = (read_labels(name, part, folder) for part in PASSES)
    out = []
    for row in one:
        pairs = {column: [one[row][column], two[row][column]] for column in named(name).columns}
        if different := {column: pair for column, pair in pairs.items() if pair[0] != pair[1]}:
            out.append({"row": row, **different})
    return out
