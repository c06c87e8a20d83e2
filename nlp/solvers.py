"""Linear solvers for training: balanced support vectors, NB-SVM, their mean, and the support of a related head.

scikit-learn is imported inside the functions: nothing here runs when posts are assessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.datasets import Recipe

Matrix: TypeAlias = Any
"""A scipy CSR matrix; scipy has no type stubs here."""
Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

FOLDS, FEW_FOLDS, FEW = 10, 5, 1000
"""Folds of cross-validation; of fewer judged rows than FEW, FEW_FOLDS."""
ROUNDS, SMALL = 5, 5000
"""A set of fewer judged rows than SMALL is cross-validated ROUNDS times: one split of it is chance."""
_LEAST_DOCUMENTS = 2
_ALPHA = 1.0
_SUPPORT_SCALE = 0.1


@dataclass(frozen=True, slots=True)
class Support:
    """Decisions of related models as columns. They are linear in the same features, so what is learned on them folds
    into the weights and nothing is left to compute when posts are assessed.
    """

    weights: Floats
    bias: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, solutions: Sequence[tuple[Floats, NDArray[np.float64]]], x: Matrix) -> Support:
        """Of ``solutions``, each ((columns of x, k) weights, (k,) bias), on the rows ``x``."""
        weights = np.hstack([solution for solution, _ in solutions])
        bias = np.concatenate([part for _, part in solutions]).astype(np.float32)
        decisions = x @ weights + bias
        scale = _SUPPORT_SCALE / np.maximum(decisions.std(axis=0), 1e-6)
        return cls(weights, bias, decisions.mean(axis=0), scale.astype(np.float32))

    def columns(self, x: Matrix) -> Matrix:
        """``x`` with the columns appended."""
        extra = (x @ self.weights + self.bias - self.mean) * self.scale
        return sparse.hstack([x, sparse.csr_matrix(extra.astype(np.float32))], format="csr")

    def fold(self, solution: Floats, bias: NDArray[np.float64]) -> tuple[Floats, NDArray[np.float64]]:
        """Weights and bias on the features alone."""
        size = len(self.scale)
        learned = solution[-size:] * self.scale[:, None]
        return solution[:-size] + self.weights @ learned, bias + (self.bias - self.mean) @ learned


def out_of_fold(
    recipe: Recipe,
    x: Matrix,
    y: Labels,
    weight: NDArray[np.float64],
    judged: Labels,
    groups: list[str],
    dense: int = 0,
    seed: int = 0,
    near: Sequence[Labels] = (),
) -> Floats:
    """(judged, k) decisions, each row's from a model that has not seen it.

    Rows not judged are always trained on, but for those in ``near`` (per judged row, as nlp.common_grams.twins has
    them) of a row that is held out.
    """
    from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold

    names = np.array(groups)[judged]
    if len(set(names.tolist())) > 1:
        folds = list(LeaveOneGroupOut().split(judged, y[judged], names))
    else:
        folds = list(StratifiedKFold(folds_of(len(judged)), shuffle=True, random_state=seed).split(judged, y[judged]))
    others = np.setdiff1d(np.arange(len(y)), judged)
    out = np.zeros((len(judged), len(recipe.labels)), dtype=np.float32)
    for seen, held in folds:
        rows = np.concatenate([judged[seen], others])
        if near:
            rows = np.setdiff1d(rows, np.concatenate([near[at] for at in held]), assume_unique=True)
        solution, bias = solve(recipe, x[rows], y[rows], weight[rows], dense)
        out[held] = x[judged[held]] @ solution + bias
    return out


def folds_of(judged: int) -> int:
    """Folds of so many judged rows."""
    return FEW_FOLDS if judged < FEW else FOLDS


def solve(
    recipe: Recipe, x: Matrix, y: Labels, weight: NDArray[np.float64], dense: int = 0
) -> tuple[Floats, NDArray[np.float64]]:
    """((features, k) weights, (k,) bias) of ``recipe.method``. Columns of fewer than two rows stay zero.

    ``dense``: so many columns at the end are scores of another head, not grams.
    """
    kept = np.flatnonzero(np.bincount(x.indices, minlength=x.shape[1]) >= _LEAST_DOCUMENTS)
    inner = x[:, kept]
    parts = []
    if recipe.method in ("svc", "both"):
        parts.append(_svc(inner, y, weight, len(recipe.labels), recipe.cost))
    if recipe.method in ("nbsvm", "both"):
        parts.append(_nbsvm(inner, y, weight, len(recipe.labels), recipe.cost, dense))
    if recipe.method == "ridge":
        parts.append(_ridge(inner, y, weight, len(recipe.labels), recipe.cost))
    solution = np.zeros((x.shape[1], len(recipe.labels)), dtype=np.float32)
    solution[kept] = np.mean([weights for weights, _ in parts], axis=0)
    return solution, np.asarray(np.mean([bias for _, bias in parts], axis=0))


def _one(x: Matrix, y: Labels, weight: NDArray[np.float64], cost: float) -> tuple[NDArray[np.float64], float]:
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=cost, class_weight="balanced", random_state=0, max_iter=3000)
    model.fit(x, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def _svc(x: Matrix, y: Labels, weight: NDArray[np.float64], k: int, cost: float) -> tuple[Floats, Floats]:
    """One against the rest, each balanced over the labels as scikit-learn does for several classes."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=cost, class_weight="balanced", random_state=0, max_iter=3000)
    model.fit(x, y, sample_weight=weight)
    return _placed(model.classes_, model.coef_, model.intercept_, k)


def _placed(classes: Labels, weights: Floats, bias: Floats, k: int) -> tuple[Floats, Floats]:
    """Weights and bias of scikit-learn's one-against-the-rest models at the places of their classes among k labels."""
    if len(classes) == 2:
        weights, bias = np.vstack([-weights[0], weights[0]]), np.array([-bias[0], bias[0]])
    full, full_bias = np.zeros((weights.shape[1], k), dtype=np.float32), np.full(k, -1.0, dtype=np.float32)
    full[:, classes] = weights.T
    full_bias[classes] = bias
    return full, full_bias


def _ridge(x: Matrix, y: Labels, weight: NDArray[np.float64], k: int, cost: float) -> tuple[Floats, Floats]:
    """Least squares, one against the rest and balanced. No bias: a text of which little is known then gets small
    decisions, not those of the commonest label, and it does not matter how much of its length was learnt from."""
    from sklearn.linear_model import RidgeClassifier

    model = RidgeClassifier(1 / cost, class_weight="balanced", fit_intercept=False, solver="sparse_cg", tol=1e-4)
    model.fit(x, y, sample_weight=weight)
    weights = np.atleast_2d(model.coef_)
    return _placed(model.classes_, weights, np.zeros(len(weights), dtype=np.float32), k)


def _nbsvm(x: Matrix, y: Labels, weight: NDArray[np.float64], k: int, cost: float, dense: int) -> tuple[Floats, Floats]:
    """Support vectors on features times the log-count ratio (Wang and Manning 2012), folded into one weight."""
    full, bias = np.zeros((x.shape[1], k), dtype=np.float32), np.full(k, -1.0, dtype=np.float32)
    grams = x[:, : x.shape[1] - dense]
    for label in np.unique(y):
        own = y == label
        for_it = _ALPHA + np.asarray(grams.T @ (weight * own)).ravel()
        against = _ALPHA + np.asarray(grams.T @ (weight * ~own)).ravel()
        ratio = np.log((for_it / for_it.sum()) / (against / against.sum()))
        ratio = np.append(ratio, np.ones(dense))
        coefficients, bias[label] = _one(x @ sparse.diags(ratio).tocsr(), own.astype(np.int64), weight, cost)
        full[:, label] = coefficients * ratio
    return full, bias
