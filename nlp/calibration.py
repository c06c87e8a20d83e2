"""From decisions to probabilities and scores: Platt's scaling, class offsets, accuracy, macro-F1, calibration error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.linear import softmax

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
_RIDGE = 1e-4


def calibrate(decisions: Floats, y: Labels) -> tuple[float, Floats]:
    """(slope, shift) by which softmax(slope × decision + shift) has the greatest likelihood (Platt's scaling)."""
    from scipy.optimize import minimize

    k = decisions.shape[1]
    exact = decisions.astype(np.float64)
    truth = np.eye(k)[y]

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = values[0] * exact + values[1:]
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum((p * truth).sum(axis=1), 1e-12)).mean() + _RIDGE * (values[1:] ** 2).sum()
        gap = (p - truth) / len(y)
        return float(value), np.append((gap * exact).sum(), gap.sum(axis=0) + 2 * _RIDGE * values[1:])

    best = minimize(loss, np.append(2.0, np.zeros(k)), jac=True, method="L-BFGS-B")
    return round(float(best.x[0]), 4), np.round(best.x[1:], 4).astype(np.float32)


def softmax_of(decisions: Floats, slope: float, shift: NDArray[Any]) -> Floats:
    """Probabilities of decisions."""
    return softmax(np.asarray(slope * decisions + shift, dtype=np.float32))


def tune_offsets(decisions: Floats, y: Labels) -> NDArray[np.float64]:
    """(k,) offsets that raise macro-F1 of the out-of-fold decisions, one label after the other, on a coarse grid."""
    offsets = np.zeros(decisions.shape[1])
    best = scores_of(decisions, y)["macro_f1"]
    for _ in range(2):
        for label in range(decisions.shape[1]):
            for step in np.arange(-0.3, 0.31, 0.05):
                trial = offsets.copy()
                trial[label] = round(float(step), 2)
                score = scores_of(decisions + trial, y)["macro_f1"]
                if score > best:
                    best, offsets = score, trial
    return offsets


def scores_of(decisions: NDArray[Any], y: Labels) -> dict[str, float]:
    """{"accuracy", "macro_f1"} in per cent."""
    guess = np.argmax(decisions, axis=1)
    found = []
    for label in np.unique(np.concatenate([y, guess])):
        both = float(np.sum((guess == label) & (y == label)))
        total = float(np.sum(guess == label) + np.sum(y == label))
        found.append(2 * both / total if total else 0.0)
    return {"accuracy": round(100 * float(np.mean(guess == y)), 2), "macro_f1": round(100 * float(np.mean(found)), 2)}


def ece(probabilities: Floats, y: Labels, bins: int = 10) -> float:
    """Expected calibration error of the greatest probability, 0…1, in ``bins`` equal bins."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y
    place = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [abs(top[place == b].mean() - right[place == b].mean()) * np.mean(place == b) for b in np.unique(place)]
    return round(float(np.sum(gaps)), 4)
