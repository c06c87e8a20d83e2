"""Training: rows of labelled data → a linear head, its calibration, its card. Twice gives the same bytes.

scikit-learn is imported here and in ``nlp.evaluate`` alone. Everything is seeded; the solver runs on one thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp import classifiers
from nlp.datasets import DataError, Recipe, Samples, join, read
from nlp.features import BUCKETS, VERSION, Extractor, Floats
from nlp.linear import MODELS, Head, load_idf, save_head, sha256, softmax, write_arrays
from nlp.words import SEGMENTER, segmenter

FOLDS = 5
_CHUNK = 2000
_LEAST_DOCUMENTS = 2
_ALPHA = 1.0
_RIDGE = 1e-4
_LICENCE = "weights from the data sets named (terms in their own notes); no row of them is kept"
_IDF_SETS = (
    ("weibo2018_train", "text", ""),
    ("smp2020_usual_train_dev", "text", ""),
    ("smp2020_virus_train_dev", "text", ""),
    ("ncov_weibo3_seg_train", "text_seg", ""),
    ("taidi_c_attach2_raw_small", "content", "title"),
    ("taidi_c_attach2_seg_train", "text_seg", ""),
    ("taidi_c_attach2_test_unlabelled", "content", "title"),
    ("taidi_c_attach3_messages", "content", "title"),
    ("ldly_hangzhou_small", "content", "title"),
    ("ced_weibo_rumor_train", "text", ""),
    ("cold_offensive_train", "text", ""),
)

Matrix: TypeAlias = Any
"""A scipy CSR matrix; scipy has no type stubs here."""
Labels = NDArray[np.int64]
Progress = Callable[[str], None]


def tasks() -> tuple[str, ...]:
    """What can be trained: ``features`` (the idf table, before all others) and every classifier with heads."""
    return ("features", *(name for name in classifiers.names() if classifiers.load(name).HEADS))


def train(
    task: str, data_path: Path, out_dir: Path = MODELS, version: str = "", say: Progress = lambda _: None
) -> dict[str, Any]:
    """Train ``task`` from the folder ``data_path`` into ``out_dir/<task>``; the card, which is the report.

    ``version`` defaults to that of the card in ``out_dir``, else ``0``. DataError: unknown task or missing data.
    """
    if task not in tasks():
        raise DataError(f"task {task!r} is not known; write one of {', '.join(tasks())}")
    if not data_path.is_dir():
        raise DataError(f"{data_path}: not a folder; give the folder that holds the data sets")
    folder = out_dir / task
    folder.mkdir(parents=True, exist_ok=True)
    card = _card(folder, version)
    if task == "features":
        card |= _train_idf(data_path, folder)
    else:
        idf = load_idf(out_dir if (out_dir / "features").is_dir() else MODELS)
        extractor = Extractor(segmenter(SEGMENTER), idf)
        heads = {}
        for recipe in classifiers.load(task).HEADS:
            head, heads[recipe.name] = fit_recipe(task, recipe, recipe.samples(data_path), data_path, extractor, card)
            path = save_head(folder, head)
            heads[recipe.name] |= {"sha256": sha256(path), "bytes": path.stat().st_size}
            say(f"{task}/{recipe.name}: {heads[recipe.name]['scores']}")
        card["heads"] = heads
    text = json.dumps(card, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")
    return card


def _card(folder: Path, version: str) -> dict[str, Any]:
    old = folder / "card.json"
    if not version and old.is_file():
        version = str(json.loads(old.read_text(encoding="utf-8")).get("version", "0"))
    return {"version": version or "0", "features": VERSION, "segmenter": SEGMENTER, "licence": _LICENCE}


def _data(files: list[str], folder: Path) -> dict[str, str]:
    return {name: sha256(folder / name) for name in files}


def _train_idf(data_path: Path, folder: Path) -> dict[str, Any]:
    parts = [read(data_path, name, lambda row: "", text, title) for name, text, title in _IDF_SETS]
    samples = join(*parts).unique()
    extractor = Extractor(segmenter(SEGMENTER))
    counts = {"char": np.zeros(BUCKETS), "word": np.zeros(BUCKETS)}
    for start in range(0, len(samples.posts), _CHUNK):
        features = extractor.extract(samples.posts[start : start + _CHUNK], ("char", "word"))
        for view, count in counts.items():
            count += np.bincount(features.views[view].indices, minlength=BUCKETS)
    n = len(samples.posts)
    arrays = {view: (np.log((1 + n) / (1 + count)) + 1).astype(np.float16) for view, count in counts.items()}
    path = folder / "idf.npz"
    write_arrays(path, arrays)
    data = _data(samples.files, data_path)
    return {"data": data, "rows": n, "formula": "ln((1 + n) / (1 + df)) + 1", "sha256": sha256(path)}


def matrix_of(posts: list[tuple[str, str]], views: tuple[str, ...], extractor: Extractor) -> Matrix:
    """All ``views`` of ``posts`` side by side."""
    chunks = []
    for start in range(0, len(posts), _CHUNK):
        features = extractor.extract(posts[start : start + _CHUNK], views)
        chunks.append(sparse.hstack([features.views[view] for view in views], format="csr"))
    return sparse.vstack(chunks, format="csr")


def fit_recipe(
    task: str, recipe: Recipe, samples: Samples, data_path: Path, extractor: Extractor, card: Mapping[str, Any]
) -> tuple[Head, dict[str, Any]]:
    """Train one head on all rows, with calibration and offsets from out-of-fold decisions; the head and its entry."""
    x = matrix_of(samples.posts, recipe.views, extractor)
    y = np.array([recipe.labels.index(label) for label in samples.labels], dtype=np.int64)
    weight = np.array(samples.weights)
    judged = np.flatnonzero(samples.judged)
    decisions = out_of_fold(recipe, x, y, weight, judged, samples.groups)
    slope, shift = calibrate(decisions, y[judged])
    offsets = tune_offsets(decisions, y[judged]) if recipe.tune else np.zeros(len(recipe.labels))
    solution, bias = solve(recipe, x, y, weight)
    parts = np.split(solution, len(recipe.views))
    head = Head(
        task=task,
        name=recipe.name,
        version=str(card["version"]),
        labels=recipe.labels,
        weights=dict(zip(recipe.views, parts, strict=True)),
        bias=bias.astype(np.float32),
        offsets=offsets.astype(np.float32),
        slope=slope,
        shift=shift.astype(np.float32),
    )
    entry = {
        "labels": list(recipe.labels),
        "data": _data(samples.files, data_path),
        "rows": {"judged": len(judged), "trained": len(y)},
        "split": split_of(samples.groups),
        "method": f"{recipe.method}, C={recipe.cost}, views {'+'.join(recipe.views)}",
        "scores": scores_of(decisions + offsets, y[judged])
        | {"ece": ece(softmax_of(decisions, slope, shift), y[judged])},
    }
    return head, entry


def split_of(groups: list[str]) -> str:
    """One phrase on how rows were held out."""
    return (
        "one group of topics held out at a time"
        if any(groups)
        else f"{FOLDS}-fold cross-validation, stratified, seed 0"
    )


def out_of_fold(
    recipe: Recipe, x: Matrix, y: Labels, weight: NDArray[np.float64], judged: Labels, groups: list[str]
) -> Floats:
    """(judged, k) decisions, each row's from a model that has not seen it. Rows not judged are always trained on."""
    from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold

    names = np.array(groups)[judged]
    if len(set(names.tolist())) > 1:
        folds = list(LeaveOneGroupOut().split(judged, y[judged], names))
    else:
        folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(judged, y[judged]))
    others = np.setdiff1d(np.arange(len(y)), judged)
    out = np.zeros((len(judged), len(recipe.labels)), dtype=np.float32)
    for seen, held in folds:
        rows = np.concatenate([judged[seen], others])
        solution, bias = solve(recipe, x[rows], y[rows], weight[rows])
        out[held] = x[judged[held]] @ solution + bias
    return out


def solve(recipe: Recipe, x: Matrix, y: Labels, weight: NDArray[np.float64]) -> tuple[Floats, NDArray[np.float64]]:
    """((features, k) weights, (k,) bias) of ``recipe.method``. Columns of fewer than two rows stay zero."""
    kept = np.flatnonzero(np.bincount(x.indices, minlength=x.shape[1]) >= _LEAST_DOCUMENTS)
    inner = x[:, kept]
    parts = []
    if recipe.method in ("svc", "both"):
        parts.append(_svc(inner, y, weight, len(recipe.labels), recipe.cost))
    if recipe.method in ("nbsvm", "both"):
        parts.append(_nbsvm(inner, y, weight, len(recipe.labels), recipe.cost))
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
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights[0], weights[0]]), np.array([-bias[0], bias[0]])
    full, full_bias = np.zeros((x.shape[1], k), dtype=np.float32), np.full(k, -1.0, dtype=np.float32)
    full[:, model.classes_] = weights.T
    full_bias[model.classes_] = bias
    return full, full_bias


def _nbsvm(x: Matrix, y: Labels, weight: NDArray[np.float64], k: int, cost: float) -> tuple[Floats, Floats]:
    """Support vectors on features times the log-count ratio (Wang and Manning 2012), folded into one weight."""
    full, bias = np.zeros((x.shape[1], k), dtype=np.float32), np.full(k, -1.0, dtype=np.float32)
    for label in np.unique(y):
        own = y == label
        for_it = _ALPHA + np.asarray(x.T @ (weight * own)).ravel()
        against = _ALPHA + np.asarray(x.T @ (weight * ~own)).ravel()
        ratio = np.log((for_it / for_it.sum()) / (against / against.sum()))
        coefficients, bias[label] = _one(x @ sparse.diags(ratio).tocsr(), own.astype(np.int64), weight, cost)
        full[:, label] = coefficients * ratio
    return full, bias


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
