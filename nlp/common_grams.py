"""Rows of two forms trained together: which grams both forms have, and which rows tell one matter twice.

Letters that somebody cut into words lack the words he thought empty. Where such a word stood, its neighbours now touch
and make grams that no letter has; and empty words, which only the few whole letters show, would be learnt from those
few. So of such rows only what both forms have is learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.features import COLUMNS

Matrix: TypeAlias = Any
"""A scipy CSR matrix; scipy has no type stubs here."""
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_LEAST_ROWS = 2
_LEAST_RATIO = 0.1
"""A gram that is so much rarer, by share of rows, among cut rows than among letters was mostly taken out of them."""


def view_gains(views: Sequence[str], gains: Sequence[float]) -> Floats:
    """(columns of all ``views``,) factors: the gain of each view for its columns; ones where ``gains`` is empty."""
    factors = gains or [1.0] * len(views)
    sizes = [COLUMNS[view] for view in views]
    return np.repeat(np.asarray(factors, dtype=np.float32), sizes)


def common(cut: Matrix, letters: Matrix) -> NDArray[np.bool_]:
    """(columns,) whether a gram is in both forms: rows of ``cut`` and of ``letters``, each (rows, columns)."""
    size = cut.shape[1]
    here, there = np.bincount(cut.indices, minlength=size), np.bincount(letters.indices, minlength=size)
    share, wanted = here / max(cut.shape[0], 1), there / max(letters.shape[0], 1)
    kept: NDArray[np.bool_] = (here >= _LEAST_ROWS) & (there >= _LEAST_ROWS) & (share > _LEAST_RATIO * wanted)
    return kept


def scaled(x: Matrix, factors: Floats) -> Matrix:
    """``x`` with each column times its factor; columns of factor 0 are empty afterwards."""
    result = sparse.csr_matrix(x @ sparse.diags(factors))
    result.eliminate_zeros()
    return result


def twins(x: Matrix, judged: Ints, least: float) -> list[Ints]:
    """For each of the ``judged`` rows the other rows of ``x`` whose cosine to it is at least ``least``."""
    lengths = np.sqrt(np.asarray(x.multiply(x).sum(axis=1)).ravel())
    unit = sparse.diags(1 / np.maximum(lengths, 1e-9)).astype(np.float32) @ x
    cosines = sparse.csr_matrix(unit[judged] @ unit.T)
    found = []
    for at, row in enumerate(judged.tolist()):
        own = slice(cosines.indptr[at], cosines.indptr[at + 1])
        near = cosines.indices[own][cosines.data[own] >= least]
        found.append(near[near != row].astype(np.int64))
    return found
