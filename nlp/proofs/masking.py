"""Masking on 2,000 made letters: recall and precision of spans, kind and both ends exact.

``build``: the seed that the patterns were looked at with; ``held_out``: seeds that were only ever counted. Both halves
hold every kind and numbers that are nobody's. The forms of both are the project's own: they say how well the values
are read in these forms, not how many forms there are. ``everyday``: 100 sentences by hand in other forms
(nlp.proofs._everyday).
"""

from __future__ import annotations

from pathlib import Path

from nlp.masking import find
from nlp.proofs._everyday import sentences
from nlp.proofs._letters import Letter, letters

NUMBER = 2000
SEEDS = {"build": (1,), "held_out": (20261124, 7919)}


def measure(_folder: Path) -> dict[str, tuple[float, int]]:
    """``recall_…`` and ``precision_…`` of both parts, in per cent, with the number of letters."""
    out: dict[str, tuple[float, int]] = {}
    for part, seeds in SEEDS.items():
        made = [letter for seed in seeds for letter in letters(seed, NUMBER // len(seeds))]
        recall, precision = scores(made)
        out[f"recall_{part}"] = (recall, len(made))
        out[f"precision_{part}"] = (precision, len(made))
    plain = sentences()
    recall, precision = scores(plain)
    return out | {"recall_everyday": (recall, len(plain)), "precision_everyday": (precision, len(plain))}


def scores(made: list[Letter]) -> tuple[float, float]:
    """(recall, precision) by span in per cent."""
    right = wanted = found = 0
    for letter in made:
        got = {(piece.kind, piece.start, piece.end) for piece in find(letter.text)}
        right += len(got & set(letter.spans))
        wanted += len(letter.spans)
        found += len(got)
    return round(100 * right / wanted, 3), round(100 * right / max(found, 1), 3)
