"""Training and judging of 检举控告 on the letters that people labelled.

A text head is trained first; what it says out of fold is weighed together with the signs of nlp/petition_signs.py by
a logistic regression. Judged on the sample ``petition`` alone, every row by weights that have not seen it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.datasets import Samples
from nlp.labelling.draw import petition_stratum
from nlp.labelling.sets import PASSES, read_labels, sample, settled
from nlp.labelling.source import FILES, Letter, letters, without_repeats
from nlp.petition_signs import signs
from nlp.text import normalise

ACCUSING = "检举控告"
OTHER = "其他"
LABELS = (OTHER, ACCUSING)
_SETS = ("petition", "petition_train")
_ORDINARY = 1500
_WEAK = 0.3
_COST = 0.003
_HEAD = 1.5
"""Weight of the text head's decision among the standardised signs, which count one each."""
_FOLDS = 10
_SEEDS = (1, 2, 3)
_POINTS = (80, 90, 95)
_RECALL = 0.95
Floats = NDArray[np.float64]


def _labelled() -> list[tuple[str, str]]:
    """(row, kind) of every labelled letter, those of the judged sample first."""
    return [(row, label["petition_kind"]) for name in _SETS for row, label in settled(name).items()]


def training_samples(folder: Path) -> Samples:
    """Labelled letters, judged; and ordinary letters without a sign of wrongdoing as weak rows of OTHER."""
    found = letters(folder, FILES)
    result = Samples(files=[f"{name}.csv.gz" for name in FILES.values()])
    rows = _labelled()
    for row, kind in rows:
        letter = found[row]
        result.add(letter.title, letter.text, ACCUSING if kind == ACCUSING else OTHER)
    for letter in _ordinary(found, {row for row, _ in rows}):
        result.add(letter.title, letter.text, OTHER, _WEAK, judged=False)
    return result


def _ordinary(found: dict[str, Letter], labelled: set[str]) -> list[Letter]:
    writers = {found[row].user for row in labelled}
    others = [one for one in without_repeats(found.values()) if one.user not in writers]
    others = [one for one in others if petition_stratum(one) == "rest"]
    return Random("huiying/ordinary").sample(others, min(_ORDINARY, len(others)))


def fit(folder: Path, decisions: NDArray[Any]) -> dict[str, Any]:
    """What a card stores under ``signs``; ``decisions``: (judged, 2) out of fold, in the order of training_samples."""
    x, y = _matrix(folder, decisions), _truth()
    scores = _out_of_fold(x, y)
    mean, scale = x.mean(axis=0), _scale(x)
    weights, bias = _solve((x - mean) / scale, y)
    return {
        "mean": [round(float(value), 5) for value in mean],
        "weights": [round(float(value), 5) for value in weights / scale],
        "bias": round(bias, 5),
        "threshold": round(_threshold(scores[: _judged()], y[: _judged()]), 4),
        "rows": {"judged": _judged(), "trained": len(y)},
        "scores": _scores(scores[: _judged()]),
    }


def evaluate(folder: Path, decisions: NDArray[Any]) -> dict[str, float]:
    """{"recall", "false_share", "auc", …} in per cent on the sample ``petition``, out of fold; see _scores."""
    x, y = _matrix(folder, decisions), _truth()
    return _scores(_out_of_fold(x, y)[: _judged()])


def taken(folder: Path, decisions: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each letter of ``petition`` is taken for an accusation, out of fold."""
    scores = _out_of_fold(_matrix(folder, decisions), _truth())[: _judged()]
    return _taken(scores, _truth()[: _judged()])


def _taken(scores: Floats, y: NDArray[np.int64]) -> NDArray[np.bool_]:
    half = np.arange(len(y)) % 2
    found = np.zeros(len(y), dtype=bool)
    for part in (0, 1):
        found[half == part] = scores[half == part] >= _threshold(scores[half != part], y[half != part])
    return found


def _judged() -> int:
    return len(sample("petition"))


def _truth() -> NDArray[np.int64]:
    return np.array([kind == ACCUSING for _, kind in _labelled()], dtype=np.int64)


def _matrix(folder: Path, decisions: NDArray[Any]) -> Floats:
    found = letters(folder, FILES)
    values = [signs(normalise(found[row].title), normalise(found[row].text)) for row, _ in _labelled()]
    return np.column_stack([np.array(values), decisions[:, 1]])


def _scale(x: Floats) -> Floats:
    scale = x.std(axis=0) + 1e-9
    scale[-1] /= _HEAD
    return np.asarray(scale)


def _solve(x: Floats, y: NDArray[np.int64]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_COST, class_weight="balanced", max_iter=1000).fit(x, y)
    return model.coef_[0], float(model.intercept_[0])


def _out_of_fold(x: Floats, y: NDArray[np.int64]) -> Floats:
    """(n,) probabilities, each row's from weights that have not seen it; the mean of several ways to cut the folds."""
    from sklearn.model_selection import StratifiedKFold

    out = np.zeros(len(y))
    for seed in _SEEDS:
        for seen, held in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(x, y):
            mean, scale = x[seen].mean(axis=0), _scale(x[seen])
            weights, bias = _solve((x[seen] - mean) / scale, y[seen])
            out[held] += ((x[held] - mean) / scale @ weights + bias) / len(_SEEDS)
    return 1 / (1 + np.exp(-out))


def _both() -> NDArray[np.bool_]:
    """Rows of the judged sample that both readers call an accusation."""
    one, two = (read_labels("petition", part) for part in PASSES)
    return np.array([one[row]["petition_kind"] == two[row]["petition_kind"] == ACCUSING for row in settled("petition")])


def _threshold(scores: Floats, y: NDArray[np.int64], recall: float = _RECALL) -> float:
    """The greatest score that still finds the wanted share of the accusations (信访工作条例 第三十条: rather one
    ordinary complaint too many is kept from the office it speaks of than one accusation too few)."""
    accused = np.sort(scores[y == 1])
    return float(accused[int(len(accused) * (1 - recall))])


def _scores(scores: Floats) -> dict[str, float]:
    """Of the judged sample; the threshold for one half of the rows is taken from the other half.

    ``recall``: accusations found; ``recall_both``: of those that both readers call so. ``false_share``: others taken
    for one, weighted by stratum back to all letters; ``false_share_sample``: the same unweighted, in a sample drawn to
    be hard; ``false_share_at_80`` …: weighted, where the border finds that share. ``auc``: area under the curve.
    """
    from sklearn.metrics import roc_auc_score

    y = _truth()[: _judged()]
    drawn = sample("petition")
    counts = Counter(one.stratum for one in drawn)
    weight = np.array([one.of / counts[one.stratum] for one in drawn])
    found_here = _taken(scores, y)
    false = found_here & (y == 0)
    others = weight[y == 0].sum()
    points = {
        f"false_share_at_{point}": weight[(scores >= _threshold(scores, y, point / 100)) & (y == 0)].sum() / others
        for point in _POINTS
    }
    found = points | {
        "recall": found_here[y == 1].mean(),
        "recall_both": found_here[_both()].mean(),
        "false_share": weight[false].sum() / others,
        "false_share_sample": false.sum() / (y == 0).sum(),
        "auc": roc_auc_score(y, scores),
    }
    return {name: round(100 * float(value), 2) for name, value in found.items()} | {"rows": float(len(y))}
