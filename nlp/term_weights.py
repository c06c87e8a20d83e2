"""What words weigh when two texts are compared: little where any kind of text says them often.

``weight`` of a term = the least over the corpora of ln((texts + 1) / (texts with it + ½)), at most ``rare``: 小区 is
common in letters and 国家 in news, neither tells two matters apart; 青青家园 is rare everywhere and does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.features import word_hash
from nlp.words import Segmenter

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]

_SOLID = re.compile(r"\w+")


def carries(word: str) -> bool:
    """Whether a word may carry meaning by its form: two or more characters, or a Latin letter or digit."""
    return bool(_SOLID.fullmatch(word)) and (len(word) > 1 or word.isascii())


def word_set(text: str, segmenter: Segmenter) -> set[str]:
    """The words of a normalised text that may carry meaning."""
    return {word for word in segmenter.cut(text) if carries(word)}


def hashes_of(terms: Iterable[str]) -> Keys:
    """Sorted hashes of a set of terms."""
    return np.array(sorted(word_hash(term) for term in terms), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Table:
    """Terms by the sorted (n,) hashes ``keys`` with their (n,) ``weight``; a term not in it weighs ``rare``."""

    keys: Keys
    weight: Floats
    rare: float

    @classmethod
    def of(cls, corpora: Sequence[Sequence[Keys]], rare: float, least: int = 0) -> Table:
        """Weights over ``corpora`` of texts (each the hashes of its different terms). Kept are terms that weigh less
        than ``rare`` and, where ``least`` is given, all that stand in so many texts."""
        found = [np.unique(np.concatenate(texts), return_counts=True) for texts in corpora]
        keys = np.unique(np.concatenate([terms for terms, _ in found]))
        weight, total = np.full(len(keys), rare), np.zeros(len(keys))
        for texts, (terms, count) in zip(corpora, found, strict=True):
            here = np.zeros(len(keys))
            here[np.searchsorted(keys, terms)] = count
            total += here
            weight = np.minimum(weight, np.log((len(texts) + 1) / (here + 0.5)))
        kept = (weight < rare) | ((total >= least) if least else False)
        return cls(keys[kept], np.maximum(weight[kept], 0).astype(np.float32), rare)

    def places(self, hashes: Keys) -> NDArray[np.int64]:
        """(m,) places of ``hashes`` in the table, -1 where a term is not in it."""
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        return np.where(self.keys[at] == hashes, at, -1).astype(np.int64)

    def weights(self, hashes: Keys) -> Floats:
        """(m,) weights of ``hashes``."""
        at = self.places(hashes)
        found: Floats = np.where(at >= 0, self.weight[at], np.float32(self.rare)).astype(np.float32)
        return found

    def as_dict(self) -> dict[int, float]:
        """Hash → weight: faster than ``weights`` for a few terms at a time."""
        return dict(zip(self.keys.tolist(), self.weight.tolist(), strict=True))
