"""Training and judging of the reply check: letters with their own reply, and with one that came at about its time.

Letters of at least LEAST characters that repeat no other; the reply to a letter is swapped for one within ± NEAR rows
in the order of the replies' times. scikit-learn is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.datasets import find, rows
from nlp.linear import sha256
from nlp.reply_pairs import NAMES, compare, side
from nlp.reply_terms import Reading, Terms, read
from nlp.term_weights import Floats
from nlp.words import SEGMENTER, segmenter

SET = "taidi_c_attach4_reply_half"
LEAST = 40
NEAR = 50
SWAPS = 5
FOLDS = 5
BLOCK = 100
"""Rows in a row that are held out together: swapped replies come from the neighbourhood."""
_OTHERS = ("taidi_c_attach3_messages", "taidi_c_attach2_test_unlabelled")
_NOTHING = re.compile(r"[\W_]+")
_CARRIAGE = "_x000D_"
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Letters:
    """Rows in the order of their replies' times: letter (title and text), title, reply; ``others``: letters alone."""

    letters: list[Reading]
    titles: list[Reading]
    replies: list[Reading]
    others: list[Reading]

    def pairs(self) -> NDArray[np.int64]:
        """(m, 2) letter and reply: each with its own, then each with SWAPS others; the same in every run."""
        chance, n = Random(0), len(self.letters)
        found = [(at, at) for at in range(n)]
        for at in range(n):
            near = [other for other in range(max(0, at - NEAR), min(n, at + NEAR + 1)) if other != at]
            found += [(at, other) for other in chance.sample(near, min(SWAPS, len(near)))]
        return np.array(found, dtype=np.int64)

    def terms(self, kept: Sequence[int]) -> Terms:
        """The tables of the rows ``kept`` and of the other letters."""
        return Terms.learn([*self.others, *(self.letters[at] for at in kept)], [self.replies[at] for at in kept])

    def numbers(self, terms: Terms, pairs: NDArray[np.int64]) -> Numbers:
        """(m, len(NAMES)) comparisons of ``pairs``."""
        one, title, other = ([side(r, terms) for r in part] for part in (self.letters, self.titles, self.replies))
        return np.array([compare(one[a], title[a], other[b]) for a, b in pairs.tolist()])


def load(folder: Path) -> Letters:
    """The set. DataError: missing or strange."""
    cutter = segmenter(SEGMENTER)
    table = [
        {key: (value or "").replace(_CARRIAGE, " ") for key, value in row.items()}
        for row in rows(find(folder, SET), ("msg_id", "title", "content", "reply", "reply_time"))
    ]
    table.sort(key=lambda row: (moment(row["reply_time"]), row["msg_id"]))
    seen: set[str] = set()
    kept = []
    for row in table:
        key = _NOTHING.sub("", row["title"] + row["content"])
        if len(row["content"]) >= LEAST and key not in seen:
            seen.add(key)
            kept.append(row)
    others = [f"{row['title']}\n{row['content']}" for name in _OTHERS for row in rows(find(folder, name))]
    return Letters(
        [read(f"{row['title']}\n{row['content']}", cutter) for row in kept],
        [read(row["title"], cutter) for row in kept],
        [read(row["reply"], cutter) for row in kept],
        [read(text.replace(_CARRIAGE, " "), cutter) for text in others],
    )


def moment(text: str) -> tuple[int, ...]:
    """A time as the sets write it (2019/9/3 8:05:00), to sort by."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def fit(data_path: Path, folder: Path) -> dict[str, Any]:
    """Make the model in ``folder``; what the card says of it. DataError: missing data."""
    found = load(data_path)
    everything = range(len(found.letters))
    pairs, terms = found.pairs(), found.terms(everything)
    weights = solve(found.numbers(terms, pairs), pairs)
    path = folder / "main.npz"
    terms.save(path, weights)
    files = [find(data_path, name) for name in (SET, *_OTHERS)]
    entry: dict[str, Any] = {"data": {file.name: sha256(file) for file in files}, "features": list(NAMES)}
    entry |= {"rows": len(found.letters), "swaps": SWAPS, "sha256": sha256(path), "bytes": path.stat().st_size}
    return {"heads": {"main": entry}}


def solve(numbers: Numbers, pairs: NDArray[np.int64]) -> Floats:
    """(len(NAMES) + 1,) weights, the bias last: the chance that a reply is the letter's own where half of them are."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(numbers)
    solver = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced")
    solver.fit(scaler.transform(numbers), pairs[:, 0] == pairs[:, 1])
    weights = solver.coef_[0] / scaler.scale_
    bias = float(solver.intercept_[0] - weights @ scaler.mean_)
    return np.append(weights, bias).astype(np.float32)


def measure(data_path: Path) -> dict[str, float]:
    """{"auc", "rows"}: area under the curve in per cent, every pair judged by tables and weights that have seen
    neither its letter nor its reply (FOLDS folds of blocks of BLOCK rows)."""
    from sklearn.metrics import roc_auc_score

    found = load(data_path)
    pairs = found.pairs()
    fold = (pairs // BLOCK) % FOLDS
    scores = np.zeros(len(pairs))
    for part in range(FOLDS):
        kept = [at for at in range(len(found.letters)) if (at // BLOCK) % FOLDS != part]
        terms = found.terms(kept)
        held, learnt = fold[:, 0] == part, (fold != part).all(axis=1)
        weights = solve(found.numbers(terms, pairs[learnt]), pairs[learnt])
        scores[held] = found.numbers(terms, pairs[held]) @ weights[:-1] + weights[-1]
    auc = float(roc_auc_score(pairs[:, 0] == pairs[:, 1], scores))
    return {"auc": round(100 * auc, 2), "rows": float(len(found.letters))}
