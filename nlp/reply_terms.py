"""What words and grams of letters and replies weigh, and which words mean nearly the same: the reply check's tables.

* weights: those of ``nlp.term_weights`` over letters and replies, so that what every reply says (已收悉) and what every
  letter says weigh next to nothing;
* vectors: a word's place among the others by what stands in one text with it (positive pointwise mutual information,
  truncated SVD, rows of length 1), so that 灰尘 and 扬尘 speak of one thing.

All are made without labels, letters and replies taken as separate texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.linear import write_arrays
from nlp.term_weights import Floats, Keys, Table, hashes_of, word_set
from nlp.text import normalise
from nlp.words import Segmenter

GRAMS = (2, 3, 4)
DIMENSIONS = 64
LENGTH = 3000
"""Characters of a letter or a reply that are compared."""
_WORD_TEXTS = 3
_RARE_GRAM = 6.0
"""The greatest weight of a gram (one text in 400): a table of rarer ones would be ten times as long and say no more."""
_SOLID = re.compile(r"\w+")


def gram_set(text: str) -> set[str]:
    """All grams of GRAMS characters of a normalised text, none across a sign or blank."""
    found: set[str] = set()
    for part in _SOLID.findall(text):
        for size in GRAMS:
            found.update(part[at : at + size] for at in range(len(part) - size + 1))
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is compared: normalised, with the sorted hashes of its grams and words."""

    text: str
    grams: Keys
    words: Keys


def read(text: str, segmenter: Segmenter) -> Reading:
    """Read a text as given; beyond LENGTH it is not looked at."""
    text = normalise(text[:LENGTH])
    return Reading(text, hashes_of(gram_set(text)), hashes_of(word_set(text, segmenter)))


@dataclass(frozen=True, slots=True)
class Terms:
    """Tables of words and grams, and the (n words, DIMENSIONS) ``vectors`` of ``words``, in its order."""

    words: Table
    grams: Table
    vectors: Floats

    @classmethod
    def learn(cls, letters: Sequence[Reading], replies: Sequence[Reading]) -> Terms:
        """The tables of texts; the same texts give the same tables. scikit-learn is imported here."""
        rare = float(np.log(len(replies) + 1))
        words = Table.of([[r.words for r in letters], [r.words for r in replies]], rare, _WORD_TEXTS)
        grams = Table.of([[r.grams for r in letters], [r.grams for r in replies]], _RARE_GRAM)
        return cls(words, grams, _vectors(words, [*letters, *replies]))

    def save(self, path: Path, weights: Floats) -> None:
        """Write the tables, the vectors as int8 (127 a length of 1), and the ``weights`` of the comparison."""
        arrays: dict[str, NDArray[Any]] = {"vectors": np.rint(self.vectors * 127).astype(np.int8), "weights": weights}
        for name, table in (("words", self.words), ("grams", self.grams)):
            arrays |= {f"{name}.keys": table.keys, f"{name}.weight": table.weight.astype(np.float16)}
            arrays[f"{name}.rare"] = np.array([table.rare], dtype=np.float32)
        write_arrays(path, arrays)

    @classmethod
    def load(cls, path: Path) -> tuple[Terms, Floats]:
        """What ``save`` wrote. OSError, ValueError, KeyError: it cannot be read."""
        with np.load(path, allow_pickle=False) as stored:
            tables = [
                Table(
                    stored[f"{name}.keys"],
                    stored[f"{name}.weight"].astype(np.float32),
                    float(stored[f"{name}.rare"][0]),
                )
                for name in ("words", "grams")
            ]
            vectors = stored["vectors"].astype(np.float32) / np.float32(127)
            return cls(tables[0], tables[1], vectors), stored["weights"].astype(np.float32)


def _vectors(table: Table, texts: Sequence[Reading]) -> Floats:
    from scipy import sparse
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    rows = [found[found >= 0] for found in (table.places(text.words) for text in texts)]
    ends = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    shape = (len(rows), len(table.keys))
    matrix: Any = sparse.csr_matrix((np.ones(int(ends[-1])), np.concatenate(rows), ends), shape=shape)
    # A long letter has many pairs: each text counts once.
    evened = sparse.diags(1 / np.maximum(1, np.asarray(matrix.sum(axis=1)).ravel())) @ matrix
    together = (matrix.T @ evened).tocoo()
    total, margin = together.sum(), np.asarray(together.sum(axis=1)).ravel()
    gain = np.log(together.data * total / (margin[together.row] * margin[together.col]))
    kept = (gain > 0) & (together.row != together.col)
    ppmi = sparse.csr_matrix((gain[kept], (together.row[kept], together.col[kept])), shape=together.shape)
    svd = TruncatedSVD(DIMENSIONS, n_iter=4, random_state=0).fit(ppmi)
    found: Floats = normalize(svd.transform(ppmi) / np.sqrt(svd.singular_values_)).astype(np.float32)
    return found
