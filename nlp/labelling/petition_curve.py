"""What finding more of the accusations costs: recall against the share of others taken, with what so few rows can show.

Each labelled letter is scored by weights that have seen none of its writer's letters, every other letter by the weights
that are shipped, which have seen none of its writer's either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.labelling.draw import petition_stratum
from nlp.labelling.sets import sample, settled
from nlp.labelling.source import FILES, Letter, letters, without_repeats
from nlp.petition_signs import names_office, score, signs
from nlp.text import normalise

POINTS = (80, 85, 90, 95, 97)
"""Per cent of the accusations of ``petition`` that a border finds."""
_Z = 1.96
_UNREAD = 1200
"""Letters of each kind of stratum that nobody has read and that are scored: enough for a tenth of a per cent."""
Floats = NDArray[np.float64]
Decide = Callable[[Sequence[tuple[str, str]]], NDArray[Any]]
"""(title, text) pairs → the text head's decisions for 检举控告, (n,)."""


def wilson(found: int, of: int) -> tuple[float, float]:
    """The interval, in per cent, in which a share lies with 95 % (Wilson 1927); (0, 100) of nothing."""
    if not of:
        return 0.0, 100.0
    share, square = found / of, _Z**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    return round(100 * max(0.0, middle - half), 1), round(100 * min(1.0, middle + half), 1)


def curve(
    folder: Path, known: Floats, truth: NDArray[np.int64], writers: set[str], card: dict[str, Any], decide: Decide
) -> list[dict[str, Any]]:
    """One entry a border of POINTS, in per cent, with Wilson intervals in ``…_within``.

    ``known``, ``truth``: scores out of fold and truth of the labelled letters, those of ``petition`` first;
    ``writers``: theirs. ``recall``: of the accusations of ``petition``; ``recall_known``: of all that are known, most
    of them chosen for being hard; ``letters``: other letters taken, of all letters there are: the labelled ones
    counted, a sample of the unread ones weighted, each of which counts as wrongly taken; ``complaints``: of the
    ordinary ones of the set ``complaints``, weighted, with the number taken.
    """
    judged = len(sample("petition"))
    accused = np.sort(known[:judged][truth[:judged] == 1])
    unread, weight = _unread(folder, writers)
    rest = _scored(unread, card, decide)
    ordinary, heavy = _ordinary(folder, writers)
    told = _scored(ordinary, card, decide)
    every = (truth == 0).sum() + weight.sum()
    out = []
    for point in POINTS:
        border = accused[int(len(accused) * (1 - point / 100))]
        wrong = ((known >= border) & (truth == 0)).sum() + weight[rest >= border].sum()
        taken = told >= border
        entry = _recall("recall", known[:judged], truth[:judged], border)
        entry |= _recall("recall_known", known, truth, border)
        entry |= {"letters": round(100 * float(wrong / every), 2)}
        entry |= {"complaints": round(100 * float(heavy[taken].sum() / heavy.sum()), 2)}
        entry |= {"complaints_taken": int(taken.sum()), "complaints_read": len(taken)}
        out.append(
            entry | {"complaints_within": wilson(int(taken.sum()), len(taken)), "border": round(float(border), 4)}
        )
    return out


def _recall(name: str, scores: Floats, truth: NDArray[np.int64], border: float) -> dict[str, Any]:
    found, of = int((scores[truth == 1] >= border).sum()), int(truth.sum())
    return {name: round(100 * found / of, 2), f"{name}_of": of, f"{name}_within": wilson(found, of)}


def _scored(found: Sequence[Letter], card: dict[str, Any], decide: Decide) -> Floats:
    """Probabilities as the classifier has them; 0 where no office is named."""
    posts = [(normalise(one.title), normalise(one.text)) for one in found]
    values = [signs(*post) for post in posts]
    told = zip(values, decide(posts).tolist(), strict=True)
    return np.array([score(value, decision, card) if names_office(value) else 0.0 for value, decision in told])


def _unread(folder: Path, writers: set[str]) -> tuple[list[Letter], Floats]:
    """Letters of other writers that nobody has labelled, and how many unlabelled letters each stands for."""
    from random import Random

    labelled = {row for name in ("petition", "petition_train", "petition_border") for row in settled(name)}
    parts: dict[str, list[Letter]] = {}
    every: Counter[str] = Counter()
    for one in without_repeats(letters(folder, FILES).values()):
        if one.id not in labelled:
            stratum = petition_stratum(one)
            every[stratum] += 1
            if one.user not in writers:
                parts.setdefault(stratum, []).append(one)
    chosen, weight = [], []
    for stratum, group in sorted(parts.items()):
        drawn = Random(f"huiying/unread/{stratum}").sample(group, min(_UNREAD, len(group)))
        chosen += drawn
        weight += [every[stratum] / len(drawn)] * len(drawn)
    return chosen, np.array(weight)


def _ordinary(folder: Path, writers: set[str]) -> tuple[list[Letter], Floats]:
    """The ordinary complaints of other writers and the weight of each (see nlp.labelling.evaluate)."""
    found, kinds, drawn = letters(folder, FILES), settled("complaints"), sample("message")
    counts = Counter(one.stratum for one in drawn)
    chosen = [
        one
        for one in drawn
        if one.row in kinds and kinds[one.row]["petition_kind"] != "检举控告" and found[one.row].user not in writers
    ]
    return [found[one.row] for one in chosen], np.array([one.of / counts[one.stratum] for one in chosen])
