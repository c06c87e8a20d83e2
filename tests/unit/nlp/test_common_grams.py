"""Rows of two forms trained together, and matters told twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from nlp import common_grams
from nlp.datasets import Recipe, Samples
from nlp.features import COLUMNS
from nlp.solvers import out_of_fold, solve

TWO = Recipe("two", ("a", "b"), lambda folder: Samples(), method="ridge", cost=3.0)


def matrix(rows: Sequence[Sequence[float]]) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(rows, dtype=np.float32))


def test_only_what_both_forms_have_is_learnt() -> None:
    # Columns: in both; only in cut rows; only in letters; so rare in cut rows that it was taken out of them.
    cut = matrix([[1, 1, 0, 0]] * 38 + [[1, 1, 0, 1]] * 2)
    letters = matrix([[1, 0, 1, 1]] * 10)
    assert common_grams.common(cut, letters).tolist() == [True, False, False, False]
    # The same four columns where the last is as common in cut rows as a tenth of the letters' share and more.
    cut = matrix([[1, 1, 0, 0]] * 36 + [[1, 1, 0, 1]] * 5)
    assert common_grams.common(cut, letters).tolist() == [True, False, False, True]


def test_gains_are_those_of_the_views() -> None:
    gains = common_grams.view_gains(("char", "style"), (1.0, 0.5))
    assert len(gains) == COLUMNS["char"] + COLUMNS["style"]
    assert set(gains[: COLUMNS["char"]]) == {1.0}
    assert set(gains[COLUMNS["char"] :]) == {0.5}
    assert set(common_grams.view_gains(("style",), ())) == {1.0}


def test_scaled_columns_of_factor_nothing_are_empty() -> None:
    x = common_grams.scaled(matrix([[1, 2], [0, 3]]), np.array([2, 0], dtype=np.float32))
    assert x.toarray().tolist() == [[2, 0], [0, 0]]
    assert x.nnz == 1


def test_a_matter_told_twice_is_found_whatever_its_length() -> None:
    x = matrix([[1, 1, 0], [5, 5, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]])
    found = common_grams.twins(x, np.array([0, 3, 4]), 0.6)
    assert [rows.tolist() for rows in found] == [[1], [2], []]


def test_ridge_goes_through_the_origin_and_does_not_heed_a_rows_length() -> None:
    x = matrix([[1, 0, 0.2], [0.9, 0, 0.3]] * 10 + [[0, 1, 0.2], [0, 0.8, 0.1]] * 2)
    y = np.array([0] * 20 + [1] * 4)
    weights, bias = solve(TWO, x, y, np.ones(len(y)))
    assert bias.tolist() == [0, 0]
    assert (x @ weights).argmax(axis=1).tolist() == y.tolist()
    assert np.allclose(weights[:, 0], -weights[:, 1])


def test_a_twin_of_a_row_that_is_held_out_is_not_learnt_from() -> None:
    # A sign for each label, and two grams of each row's own; forty copies of the first row carry the other label.
    y = np.array([0, 1] * 10 + [1] * 40)
    rows = np.hstack([np.eye(2)[[0, 1] * 10], np.eye(20), np.eye(20)])
    x = matrix([*rows.tolist(), *[rows[0].tolist()] * 40])
    judged, weight, groups = np.arange(20), np.ones(60), [""] * 60
    near = common_grams.twins(x, judged, 0.9)
    assert [len(found) for found in near] == [40] + [0] * 19
    misled = out_of_fold(TWO, x, y, weight, judged, groups)
    told = out_of_fold(TWO, x, y, weight, judged, groups, near=near)
    assert misled[0].argmax() == 1
    assert told[0].argmax() == 0
