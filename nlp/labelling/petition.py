"""Training and judging of 检举控告 on the letters that people labelled.

A text head is trained first; what it says out of fold is weighed together with the signs of nlp/petition_signs.py by
a logistic regression. Judged on the sample ``petition`` alone, every row by weights that have not seen it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nlp.datasets import Samples
from nlp.labelling.draw import petition_stratum
from nlp.labelling.petition_curve import Decide, curve
from nlp.labelling.sets import PASSES, read_labels, sample, settled
from nlp.labelling.source import FILES, Letter, letters, without_repeats
from nlp.petition_signs import signs
from nlp.solvers import solve
from nlp.text import normalise

if TYPE_CHECKING:
    from nlp.train import Problem

ACCUSING = "检举控告"
OTHER = "其他"
LABELS = (OTHER, ACCUSING)
SETS = ("petition", "petition_train", "petition_border")
"""The judged sample first; the others hold no letter of its writers."""
_ORDINARY = 1500
_WEAK = 0.3
_COST = 0.01
_HEAD = 1.5
"""Weight of the text head's decision among the standardised signs, which count one each."""
_FOLDS = 10
_SEEDS = (1, 2, 3)
_POINTS = (80, 90, 95)
_RECALL = 0.85
"""Share of the accusations that the label finds. From here on each further one costs several ordinary complaints."""
_SEEN = 0.97
"""Share that the label finds or the band under it, whose letters a person looks at before anybody else does."""
Floats = NDArray[np.float64]


def _labelled() -> list[tuple[str, str]]:
    """(row, kind) of every labelled letter, those of the judged sample first."""
    return [(row, label["petition_kind"]) for name in SETS for row, label in settled(name).items()]


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


def decisions_apart(folder: Path, problem: Problem) -> NDArray[Any]:
    """(judged, 2) decisions of the text head, each letter's from a head that has seen none of its writer's letters."""
    recipe, x, y = problem.recipe, problem.x, problem.y
    weight = np.array(problem.samples.weights)
    always = np.setdiff1d(np.arange(len(y)), problem.judged)
    out = np.zeros((len(problem.judged), len(recipe.labels)))
    for seen, held in _folds(_truth(), _writers(folder), 0):
        rows = np.concatenate([problem.judged[seen], always])
        solution, bias = solve(recipe, x[rows], y[rows], weight[rows])
        out[held] = x[problem.judged[held]] @ solution + bias
    return out


def _writers(folder: Path) -> NDArray[Any]:
    found = letters(folder, FILES)
    return np.array([found[row].user for row, _ in _labelled()])


def _folds(y: NDArray[np.int64], writers: NDArray[Any], seed: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """(seen, held) _FOLDS times; no writer's letters stand on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds: Iterator[tuple[NDArray[Any], NDArray[Any]]] = StratifiedGroupKFold(
        _FOLDS, shuffle=True, random_state=seed
    ).split(y, y, writers)
    return folds


def fit(folder: Path, decisions: NDArray[Any], decide: Decide) -> dict[str, Any]:
    """What a card stores under ``signs``.

    ``decisions``: those of ``decisions_apart``; ``decide``: the whole head, for letters that it has not seen.
    """
    x, y, writers = _matrix(folder, decisions), _truth(), _writers(folder)
    scores = _out_of_fold(x, y, writers)
    mean, scale = x.mean(axis=0), _scale(x)
    weights, bias = _solve((x - mean) / scale, y)
    card = {
        "mean": [round(float(value), 5) for value in mean],
        "weights": [round(float(value), 5) for value in weights / scale],
        "bias": round(bias, 5),
        "threshold": round(_threshold(scores[: _judged()], y[: _judged()], _RECALL), 4),
        "band": round(_threshold(scores[: _judged()], y[: _judged()], _SEEN), 4),
        "rows": {"judged": _judged(), "trained": len(y)},
        "scores": _scores(scores[: _judged()]),
    }
    return card | {"curve": curve(folder, scores, y, set(writers.tolist()), card, decide)}


def evaluate(folder: Path, decisions: NDArray[Any]) -> dict[str, float]:
    """{"recall", "false_share", "auc", …} in per cent on the sample ``petition``, out of fold; see _scores."""
    x, y = _matrix(folder, decisions), _truth()
    return _scores(_out_of_fold(x, y, _writers(folder))[: _judged()])


def taken(folder: Path, decisions: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each letter of ``petition`` is taken for an accusation, out of fold."""
    scores = _out_of_fold(_matrix(folder, decisions), _truth(), _writers(folder))[: _judged()]
    return _over(scores, _truth()[: _judged()], _RECALL)


def accusing_scores(folder: Path, decisions: NDArray[Any]) -> Floats:
    """The score of 检举控告 of each letter of ``petition``, out of fold, moved so that its border lies at 0.5."""
    scores = _out_of_fold(_matrix(folder, decisions), _truth(), _writers(folder))[: _judged()]
    border = _threshold(scores, _truth()[: _judged()], _RECALL)
    over = 0.5 + 0.5 * (scores - border) / (1 - border)
    return np.asarray(np.where(scores >= border, over, 0.5 * scores / border))


def _over(scores: Floats, y: NDArray[np.int64], recall: float) -> NDArray[np.bool_]:
    """Whether a score lies over the border that finds ``recall``; for each tenth it is taken from the other nine."""
    tenth = np.arange(len(y)) % _FOLDS
    found = np.zeros(len(y), dtype=bool)
    for part in range(_FOLDS):
        own = tenth == part
        found[own] = scores[own] >= _threshold(scores[~own], y[~own], recall)
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


def _out_of_fold(x: Floats, y: NDArray[np.int64], writers: NDArray[Any]) -> Floats:
    """(n,) probabilities, each row's from weights that have seen none of its writer's; the mean of several ways to cut
    the folds."""
    out = np.zeros(len(y))
    for seed in _SEEDS:
        for seen, held in _folds(y, writers, seed):
            mean, scale = x[seen].mean(axis=0), _scale(x[seen])
            weights, bias = _solve((x[seen] - mean) / scale, y[seen])
            out[held] += ((x[held] - mean) / scale @ weights + bias) / len(_SEEDS)
    return 1 / (1 + np.exp(-out))


def _both() -> NDArray[np.bool_]:
    """Rows of the judged sample that both readers call an accusation."""
    one, two = (read_labels("petition", part) for part in PASSES)
    return np.array([one[row]["petition_kind"] == two[row]["petition_kind"] == ACCUSING for row in settled("petition")])


def _threshold(scores: Floats, y: NDArray[np.int64], recall: float) -> float:
    """The greatest score that still finds the wanted share of the accusations."""
    accused = np.sort(scores[y == 1])
    return float(accused[int(len(accused) * (1 - recall))])


def _scores(scores: Floats) -> dict[str, float]:
    """Of the judged sample; the borders for a tenth of the rows are taken from the others.

    ``recall``: accusations found by the label, ``recall_both``: of those that both readers call so, ``seen`` and
    ``seen_both``: found by the label or lying in the band under it (信访工作条例 第三十条: none of them may reach the
    unit accused unseen). Weighted by stratum back to all letters: ``false_share``: others taken for one by the label,
    ``band_share``: others in the band; ``false_share_at_80`` …: others over a border that finds that share.
    ``false_share_sample``: unweighted, in a sample drawn to be hard. ``auc``: area under the curve.
    """
    from sklearn.metrics import roc_auc_score

    y = _truth()[: _judged()]
    drawn = sample("petition")
    counts = Counter(one.stratum for one in drawn)
    weight = np.array([one.of / counts[one.stratum] for one in drawn])
    label, seen, both = _over(scores, y, _RECALL), _over(scores, y, _SEEN), _both()

    def others(chosen: NDArray[np.bool_]) -> float:
        return float(weight[chosen & (y == 0)].sum() / weight[y == 0].sum())

    points = {f"false_share_at_{point}": others(scores >= _threshold(scores, y, point / 100)) for point in _POINTS}
    found = points | {
        "recall": label[y == 1].mean(),
        "recall_both": label[both].mean(),
        "seen": (label | seen)[y == 1].mean(),
        "seen_both": (label | seen)[both].mean(),
        "false_share": others(label),
        "band_share": others(seen & ~label),
        "false_share_sample": (label & (y == 0)).sum() / (y == 0).sum(),
        "auc": roc_auc_score(y, scores),
    }
    return {name: round(100 * float(value), 2) for name, value in found.items()} | {"rows": float(len(y))}
