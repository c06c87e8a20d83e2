"""How far scores keep what they promise, and the scores of rules: how often each was right on labelled letters.

A rule that was right r times of n has the score (r + 1) / (n + 2) (Laplace, Essai philosophique sur les probabilités,
1814: the rule of succession), so that one seen twice does not promise certainty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from nlp.calibration import COMMON, reliability

RULES = Path(__file__).parent.parent / "labels" / "disposition.rules.json"
_TENTHS = 10

Judged = Sequence[tuple[float, bool]]
"""(score of the label given, whether it was right) of held-out rows."""


def score_of(right: int, rows: int) -> float:
    """The score of a rule that was right in ``right`` of ``rows``; 0.5 where nothing was counted."""
    return (right + 1) / (rows + 2)


@cache
def counted() -> Mapping[str, Mapping[str, int]]:
    """Rule → {"rows", "right"} as last counted (``huiying label count disposition``)."""
    found: Mapping[str, Mapping[str, int]] = json.loads(RULES.read_text(encoding="utf-8"))
    return found


def score_of_rule(rule: str) -> tuple[float, bool]:
    """(score, whether it is sure) of a rule: sure where COMMON letters or more were counted, most of them right."""
    entry = counted().get(rule, {"rows": 0, "right": 0})
    score = score_of(entry["right"], entry["rows"])
    return score, entry["rows"] >= COMMON and score >= 0.5


def count(told: Iterable[tuple[str, bool]]) -> dict[str, dict[str, int]]:
    """(rule, whether it was right) → rule → {"rows", "right"}."""
    out: dict[str, dict[str, int]] = {}
    for rule, right in told:
        entry = out.setdefault(rule, {"rows": 0, "right": 0})
        entry["rows"] += 1
        entry["right"] += right
    return dict(sorted(out.items()))


def held_out(told: Sequence[tuple[str, bool]]) -> Judged:
    """Each row with the score that its rule has by the other nine tenths of the rows."""
    out = []
    for at, (rule, right) in enumerate(told):
        others = count(row for place, row in enumerate(told) if place % _TENTHS != at % _TENTHS)
        entry = others.get(rule, {"rows": 0, "right": 0})
        out.append((score_of(entry["right"], entry["rows"]), right))
    return out


def error(judged: Judged) -> tuple[float, int, list[dict[str, float]]]:
    """(expected calibration error in per cent, rows, reliability) of scores."""
    score = np.array([value for value, _ in judged], dtype=np.float32)[:, None]
    right = np.array([good for _, good in judged], dtype=bool)
    # One column: the label given is "right" (0), or none of the columns.
    truth = np.where(right, 0, -1).astype(np.int64)
    bins = reliability(score, truth, np.zeros(len(judged), dtype=np.int64))
    total = sum(one["rows"] * abs(one["score"] - one["right"]) for one in bins) / max(1, len(judged))
    return round(100 * total, 2), len(judged), bins
