"""What words weigh when two texts are compared: little where any kind of text says them often.

``weight`` of a term = the least over the corpora of ln((texts + 1) / (texts with it + ½)), at most ``rare``: 小区 is
common in letters and 国家 in news, neither tells two matters apart; 青青家园 is rare everywhere and does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
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
    def of(cls, corpora: Sequence[Sequence[Collection[str]]], rare: float, least: int = 1) -> Table:
        """Weights over ``corpora`` of texts (sets of terms); terms that weigh less than ``rare``, or that stand in
        ``least`` texts or more, are kept."""
        counts = [Counter(term for text in texts for term in text) for texts in corpora]
        terms = sorted(set().union(*counts))
        found = np.array([[count[term] for term in terms] for count in counts], dtype=np.float64)
        sizes = np.array([[len(texts) + 1] for texts in corpora], dtype=np.float64)
        weight = np.minimum(np.log(sizes / (found + 0.5)).min(axis=0), rare)
        kept = np.flatnonzero((weight < rare) | (found.sum(axis=0) >= least) if least > 1 else weight < rare)
        keys = np.array([word_hash(terms[at]) for at in kept], dtype=np.uint64)
        order = np.argsort(keys)
        return cls(keys[order], np.maximum(weight[kept], 0)[order].astype(np.float32), rare)

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
