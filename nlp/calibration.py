"""From decisions to probabilities and scores: Platt's scaling, class offsets, accuracy, macro-F1, calibration error,
reliability, and the scores below which a label is unsure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.linear import softmax

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
_RIDGE = 1e-4
COMMON = 10
"""Rows of which a label must have at least so many to be measured by itself."""
UNSURE, SURE = 0.5, 0.7


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


def common_f1(decisions: NDArray[Any], y: Labels) -> float:
    """Macro-F1 in per cent over the labels of at least COMMON rows."""
    guess = np.argmax(decisions, axis=1)
    values = []
    for label in np.unique(y):
        if np.sum(y == label) >= COMMON:
            both = float(np.sum((guess == label) & (y == label)))
            values.append(2 * both / float(np.sum(guess == label) + np.sum(y == label)))
    return round(100 * float(np.mean(values)), 2) if values else 0.0


def ece(probabilities: Floats, y: Labels, chosen: Labels | None = None, bins: int = 10) -> float:
    """Expected calibration error, 0…1, of the score of the ``chosen`` label (default: the greatest score)."""
    n = len(y)
    return round(
        sum(b["rows"] / n * abs(b["score"] - b["right"]) for b in reliability(probabilities, y, chosen, bins)), 4
    )


def reliability(
    probabilities: Floats, y: Labels, chosen: Labels | None = None, bins: int = 10
) -> list[dict[str, float]]:
    """Per filled bin of scores of equal width: {"from", "rows", "score": their mean, "right": share of right}."""
    chosen = probabilities.argmax(axis=1) if chosen is None else chosen
    score, right = probabilities[np.arange(len(y)), chosen], chosen == y
    place = np.minimum((score * bins).astype(int), bins - 1)
    return [
        {
            "from": round(b / bins, 2),
            "rows": int(np.sum(place == b)),
            "score": round(float(score[place == b].mean()), 4),
            "right": round(float(right[place == b].mean()), 4),
        }
        for b in np.unique(place).tolist()
    ]


def abstain(probabilities: Floats, y: Labels, chosen: Labels) -> list[float]:
    """(k,) scores below which a label is unsure: keeping it there would bring more wrong labels than right ones.

    The greatest gain of right over wrong from a score upwards, on held-out rows; UNSURE where a label was chosen fewer
    than COMMON times; a label is never unsure at SURE.
    """
    out = []
    for label in range(probabilities.shape[1]):
        own = chosen == label
        score, right = probabilities[own, label], (y == chosen)[own]
        if len(score) < COMMON:
            out.append(UNSURE)
            continue
        order = np.argsort(-score, kind="stable")
        gain = np.cumsum(np.where(right[order], 1, -1))
        out.append(min(round(float(score[order][int(gain.argmax())]), 2), SURE))
    return out


def held_out(decisions: Floats, y: Labels, tune: bool) -> tuple[Floats, Labels]:
    """((n, k) probabilities, (n,) labels chosen) of out-of-fold decisions.

    Offsets and calibration are made on one half of the rows and applied to the other, so that tuning does not flatter.
    """
    half = np.arange(len(y)) % 2
    moved, chances = decisions.copy(), np.empty_like(decisions)
    for part in range(2):
        own, other = half == part, half != part
        chances[own] = softmax_of(decisions[own], *calibrate(decisions[other], y[other]))
        if tune:
            moved[own] += tune_offsets(decisions[other], y[other]).astype(np.float32)
    return chances, np.argmax(moved, axis=1)


def held_out_scores(decisions: Floats, y: Labels, tune: bool) -> dict[str, float]:
    """{"accuracy", "macro_f1", "macro_f1_common", "ece"} of out-of-fold decisions as held_out has them, in per cent."""
    chances, chosen = held_out(decisions, y, tune)
    guess = np.eye(decisions.shape[1])[chosen]
    error = {"ece": round(100 * ece(chances, y, chosen), 2)}
    return scores_of(guess, y) | {"macro_f1_common": common_f1(guess, y)} | error


def mean_scores(rounds: list[Floats], y: Labels, tune: bool) -> dict[str, float]:
    """The mean of held_out_scores over rounds of cross-validation."""
    found = [held_out_scores(decisions, y, tune) for decisions in rounds]
    return {name: round(float(np.mean([scores[name] for scores in found])), 2) for name in found[0]}


def class_f1(rounds: list[Floats], y: Labels, tune: bool) -> list[float]:
    """(k,) F1 of each label in per cent, the mean over rounds; 0 for one that neither is nor is given."""
    found = []
    for decisions in rounds:
        _, chosen = held_out(decisions, y, tune)
        found.append([_f1(label, y, chosen) for label in range(decisions.shape[1])])
    return [round(100 * float(value), 2) for value in np.mean(found, axis=0)]


def _f1(label: int, y: Labels, guess: NDArray[Any]) -> float:
    total = float(np.sum(guess == label) + np.sum(y == label))
    return 2 * float(np.sum((guess == label) & (y == label))) / total if total else 0.0
