"""Training: rows of labelled data → a linear head, its calibration, its card. Twice gives the same bytes.

scikit-learn is imported here and in ``nlp.evaluate`` alone. Everything is seeded; the solver runs on one thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp import classifiers, common_grams, train_pairs
from nlp.calibration import abstain, calibrate, class_f1, mean_scores, reliability, softmax_of, tune_offsets
from nlp.datasets import DataError, Recipe, Samples, join, read
from nlp.features import BUCKETS, COLUMNS, VERSION, Extractor
from nlp.linear import MODELS, Head, load_idf, quantise, save_head, sha256, write_arrays
from nlp.solvers import ROUNDS, SMALL, Floats, Labels, Matrix, Support, folds_of, out_of_fold, solve
from nlp.words import SEGMENTER, segmenter

_CHUNK = 2000
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

Progress = Callable[[str], None]


def tasks() -> tuple[str, ...]:
    """What can be trained: ``features`` (the idf table, before all others), what compares two texts, and every
    classifier with heads."""
    return ("features", *train_pairs.TASKS, *(name for name in classifiers.names() if classifiers.load(name).HEADS))


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
    elif task in train_pairs.TASKS:
        card |= train_pairs.fit(task, data_path, folder)
    else:
        idf = load_idf(out_dir if (out_dir / "features").is_dir() else MODELS)
        extractor = Extractor(segmenter(SEGMENTER), idf)
        heads = {}
        for recipe in classifiers.load(task).HEADS:
            head, heads[recipe.name] = fit_recipe(task, recipe, data_path, extractor, card)
            path = save_head(folder, head)
            heads[recipe.name] |= {"sha256": sha256(path), "bytes": path.stat().st_size}
            say(f"{task}/{recipe.name}: {heads[recipe.name]['scores']}")
        card["heads"] = heads
        finish = getattr(classifiers.load(task), "finish", None)
        if finish:
            _write_card(folder, card)  # what is finished may ask the heads just made
            card |= finish(data_path, extractor, (out_dir, MODELS))
    _write_card(folder, card)
    return card


def _write_card(folder: Path, card: Mapping[str, Any]) -> None:
    text = json.dumps(card, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")


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


@dataclass(frozen=True)
class Problem:
    """A recipe with its rows as a matrix: what is solved, whole or fold by fold."""

    recipe: Recipe
    samples: Samples
    x: Matrix
    y: Labels
    judged: Labels
    support: Support | None
    gains: Floats | None = None

    @classmethod
    def of(cls, recipe: Recipe, samples: Samples, extractor: Extractor, data_path: Path) -> Problem:
        """Of ``samples``; ``data_path``: where the rows of what supports the recipe are."""
        x = matrix_of(samples.posts, recipe.views, extractor)
        y = np.array([recipe.labels.index(label) for label in samples.labels], dtype=np.int64)
        support, gains = None, gains_of(recipe, samples, x, data_path, extractor)
        if gains is not None:
            x = common_grams.scaled(x, gains)
        if recipe.support:
            support = Support.of([related(aid, recipe, samples, data_path, extractor) for aid in recipe.support], x)
            x = support.columns(x)
        return cls(recipe, samples, x, y, np.flatnonzero(samples.judged), support, gains)

    @property
    def _dense(self) -> int:
        return len(self.support.scale) if self.support else 0

    @property
    def rounds(self) -> int:
        """How often cross-validation is done."""
        return ROUNDS if len(self.judged) < SMALL and not any(self.samples.groups) else 1

    @cached_property
    def _near(self) -> list[Labels]:
        """Per judged row those that must not be learnt from while it is held out."""
        least = self.recipe.apart
        return common_grams.twins(self.x, self.judged, least) if least else []

    def out_of_fold(self, seed: int = 0) -> Floats:
        """(judged, k) decisions, each row's from a model that has not seen it."""
        weight, groups = np.array(self.samples.weights), self.samples.groups
        held = (self.judged, groups, self._dense, seed, self._near)
        return out_of_fold(self.recipe, self.x, self.y, weight, *held)

    def all_rounds(self) -> list[Floats]:
        """out_of_fold of every round."""
        return [self.out_of_fold(seed) for seed in range(self.rounds)]

    def solve(self) -> tuple[Floats, NDArray[np.float64]]:
        """Weights on the features alone, and bias, from all rows."""
        solution, bias = solve(self.recipe, self.x, self.y, np.array(self.samples.weights), self._dense)
        if self.support:
            solution, bias = self.support.fold(solution, bias)
        return (solution if self.gains is None else solution * self.gains[:, None]), bias


def gains_of(recipe: Recipe, samples: Samples, x: Matrix, data_path: Path, extractor: Extractor) -> Floats | None:
    """(columns of x,) factors by ``recipe.gains`` and ``recipe.form``; None where the recipe has neither."""
    if not recipe.gains and recipe.form is None:
        return None
    gains = common_grams.view_gains(recipe.views, recipe.gains)
    if recipe.form is not None:
        letters = matrix_of(recipe.form(data_path).posts, recipe.views, extractor)
        gains *= common_grams.common(x[~np.array(samples.judged)], letters)
    return gains


def related(
    aid: Recipe, recipe: Recipe, samples: Samples, data_path: Path, extractor: Extractor
) -> tuple[Floats, NDArray[np.float64]]:
    """Weights over the views of ``recipe`` (zeros where ``aid`` lacks one) and bias of ``aid``, solved without the rows
    that ``recipe`` is judged on."""
    rows = aid.samples(data_path).without(samples)
    x = matrix_of(rows.posts, aid.views, extractor)
    y = np.array([aid.labels.index(label) for label in rows.labels], dtype=np.int64)
    gains = gains_of(aid, rows, x, data_path, extractor)
    if gains is None:
        solution, bias = solve(aid, x, y, np.array(rows.weights))
    else:
        solution, bias = solve(aid, common_grams.scaled(x, gains), y, np.array(rows.weights))
        solution = solution * gains[:, None]
    parts = dict(zip(aid.views, split_views(solution, aid.views), strict=True))
    k = len(aid.labels)
    weights = [parts.get(view, np.zeros((COLUMNS[view], k), dtype=np.float32)) for view in recipe.views]
    return np.vstack(weights), bias


def split_views(solution: Floats, views: Sequence[str]) -> list[Floats]:
    """The rows of ``solution`` that are those of each view."""
    return np.split(solution, np.cumsum([COLUMNS[view] for view in views])[:-1])


def fit_recipe(
    task: str,
    recipe: Recipe,
    data_path: Path,
    extractor: Extractor,
    card: Mapping[str, Any],
) -> tuple[Head, dict[str, Any]]:
    """Train one head on all rows, with calibration and offsets from out-of-fold decisions; the head and its entry."""
    samples = recipe.samples(data_path)
    problem = Problem.of(recipe, samples, extractor, data_path)
    rounds = problem.all_rounds()
    decisions, y = np.vstack(rounds), np.tile(problem.y[problem.judged], len(rounds))
    slope, shift = calibrate(decisions, y)
    offsets = tune_offsets(decisions, y) if recipe.tune else np.zeros(len(recipe.labels))
    chances, chosen = softmax_of(decisions, slope, shift), np.argmax(decisions + offsets, axis=1)
    solution, bias = problem.solve()
    parts = [quantise(part) for part in split_views(solution, recipe.views)]
    head = Head(
        task=task,
        name=recipe.name,
        version=str(card["version"]),
        labels=recipe.labels,
        weights={view: small for view, (small, _) in zip(recipe.views, parts, strict=True)},
        scales={view: scale for view, (_, scale) in zip(recipe.views, parts, strict=True)},
        bias=bias.astype(np.float32),
        offsets=offsets.astype(np.float32),
        slope=slope,
        shift=shift.astype(np.float32),
        abstain=tuple(abstain(chances, y, chosen)),
    )
    entry = _entry(recipe, problem, data_path)
    truth = problem.y[problem.judged]
    entry["scores"] = mean_scores(rounds, truth, recipe.tune)
    entry["classes"] = classes_of(recipe.labels, class_f1(rounds, truth, recipe.tune), truth)
    entry["reliability"], entry["abstain"] = reliability(chances, y, chosen), list(head.abstain)
    return head, entry


def classes_of(names: Sequence[str], scores: Sequence[float], truth: Labels) -> dict[str, dict[str, float]]:
    """Label → its F1 in per cent and its judged rows, as a card keeps them for the next model to be held against."""
    return {
        name: {"f1": score, "rows": int(np.sum(truth == at))}
        for at, (name, score) in enumerate(zip(names, scores, strict=True))
    }


def _entry(recipe: Recipe, problem: Problem, data_path: Path) -> dict[str, Any]:
    """What a card says of how a head was made."""
    samples = problem.samples
    return {
        "labels": list(recipe.labels),
        "data": _data(samples.files, data_path),
        "rows": {"judged": len(problem.judged), "trained": len(problem.y)},
        "split": split_of(samples.groups, len(problem.judged)),
        "method": f"{recipe.method}, C={recipe.cost}, views {'+'.join(recipe.views)}",
        "support": [aid.name for aid in recipe.support],
        "form": _data(recipe.form(data_path).files, data_path) if recipe.form else {},
    }


def split_of(groups: list[str], judged: int) -> str:
    """One phrase on how rows were held out."""
    if any(groups):
        return "one group of topics held out at a time"
    times = f"{ROUNDS} × " if judged < SMALL else ""
    return f"{times}{folds_of(judged)}-fold cross-validation, stratified, seed 0"
