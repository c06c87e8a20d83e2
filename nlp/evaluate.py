"""Quality: scores on held-out rows against the floors of ``nlp/quality.json``.

A row of the answer is that of ``nlp.floors``; ``value`` is in per cent. The floors are what is asked of us, the guards
our own; both are pinned to the SHA-256 of the data they were measured on. Scores
are by cross-validation on the data folder (every row judged by a model that has not seen it, seed 0), or, for a file of
labelled rows, of the stored model.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import classifiers, proofs, train_pairs
from nlp.calibration import held_out, mean_scores, reliability, scores_of
from nlp.datasets import DataError, Recipe, rows
from nlp.features import Extractor
from nlp.floors import calibration_of, row_of
from nlp.labelling import evaluate as labelled
from nlp.linear import MODELS, load_head, load_idf, sha256
from nlp.train import Problem, matrix_of
from nlp.words import SEGMENTER, segmenter

QUALITY = Path(__file__).with_name("quality.json")
Labels = NDArray[np.int64]


def shared_data() -> Path:
    """The folder of data sets beside the project, or in HUIYING_SHARED. DataError: it is not there."""
    folder = shared_folder()
    if not folder.is_dir():
        raise DataError(f"{folder}: no folder of data sets there; name one with --data or in HUIYING_SHARED")
    return folder


def shared_folder() -> Path:
    """The folder of data sets, whether or not it is there."""
    root = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("HUIYING_SHARED") or root.parent / "shared") / "data"


def quality() -> list[dict[str, Any]]:
    """The pinned floors: ``{"set", "task", "head", "metric", "measured", "guard", "floor", "aim",
    "data": {file: sha256}}``."""
    pinned: list[dict[str, Any]] = json.loads(QUALITY.read_text(encoding="utf-8"))["floors"]
    return pinned


def evaluate_all(data_path: Path | None = None, models: Path = MODELS) -> Iterator[dict[str, Any]]:
    """Rows for every pinned floor, by cross-validation on the folder ``data_path`` (default: shared_data())."""
    for task in dict.fromkeys(entry["task"] for entry in quality()):
        yield from evaluate_task(task, data_path, models)
    for task in labelled.tasks():
        if task not in {entry["task"] for entry in quality()}:
            yield from labelled.rows(data_path or shared_data(), models, task)


def evaluate_task(task: str, data_path: Path | None = None, models: Path = MODELS) -> list[dict[str, Any]]:
    """Rows for ``task``. A folder: cross-validation; a CSV file (label, text, title): the stored model on its rows.

    DataError: unknown task, missing or strange data, or data that are not those of the floor.
    """
    pinned = [entry for entry in quality() if entry["task"] == task]
    if not pinned and task not in labelled.tasks():
        known = sorted({entry["task"] for entry in quality()}.union(labelled.tasks()))
        raise DataError(f"task {task!r} has no floors in {QUALITY.name}; write one of {', '.join(known)}")
    if task in proofs.tasks():
        return _of_proof(task, pinned, data_path)
    data_path = data_path or shared_data()
    if task in train_pairs.TASKS:
        for entry in pinned:
            _check_data(entry, data_path)
        measured_pairs = train_pairs.measure(task, data_path, models)
        return [_row(entry, measured_pairs) for entry in pinned]
    if task not in classifiers.names():
        return list(labelled.rows(data_path, models, task))
    recipes = {recipe.name: recipe for recipe in classifiers.load(task).HEADS}
    if data_path.is_file():
        return _of_file(task, recipes, data_path, models)
    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    measured: dict[str, Mapping[str, Any]] = {}
    out = []
    for entry in pinned:
        name = entry["head"]
        if name not in measured:
            measured[name] = cross_validate(recipes[name], data_path, extractor)
        _check_data(entry, data_path)
        out.append(_row(entry, measured[name]))
    heads = {entry["head"]: entry for entry in pinned}
    out += [_calibration(heads[name], found) for name, found in measured.items()]
    return [*out, *labelled.rows(data_path, models, task)]


def _of_proof(task: str, pinned: Sequence[Mapping[str, Any]], folder: Path | None) -> list[dict[str, Any]]:
    """Rows for a task that is judged by rules: ``proofs`` holds its rows or makes them."""
    measured = proofs.measure(task, folder or shared_folder())
    out = []
    for entry in pinned:
        value, count = measured[entry["metric"]]
        out.append(_row(entry, {entry["metric"]: value, "rows": float(count)}))
    return out


def cross_validate(recipe: Recipe, data_path: Path, extractor: Extractor) -> dict[str, Any]:
    """{"accuracy", "macro_f1", "macro_f1_common", "ece", "rows", "reliability"} of the judged rows.

    The first four in per cent, means over rounds; ``reliability``: that of the first round (nlp.calibration).
    """
    problem = Problem.of(recipe, recipe.samples(data_path), extractor, data_path)
    truth = problem.y[problem.judged]
    rounds = problem.all_rounds()
    chances, chosen = held_out(rounds[0], truth, recipe.tune)
    bins = reliability(chances, truth, chosen)
    return {**mean_scores(rounds, truth, recipe.tune), "rows": float(len(truth)), "reliability": bins}


def _calibration(entry: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    return calibration_of(entry["set"], entry["task"], measured["ece"], int(measured["rows"]), measured["reliability"])


def _row(entry: Mapping[str, Any], measured: Mapping[str, float]) -> dict[str, Any]:
    return row_of(entry, measured[entry["metric"]], int(measured["rows"]))


def _check_data(entry: Mapping[str, Any], folder: Path) -> None:
    for name, digest in entry["data"].items():
        path = folder / name
        if not path.is_file():
            raise DataError(f"{path}: missing; the floor of {entry['set']} was measured on it")
        if sha256(path) != digest:
            raise DataError(f"{path}: not the file on which the floor of {entry['set']} was measured; pin it anew")


def _of_file(task: str, recipes: Mapping[str, Recipe], path: Path, models: Path) -> list[dict[str, Any]]:
    """The stored heads on labelled rows; only heads whose labels are those of the file."""
    table = rows(path, ("label", "text"))
    present = {row["label"] for row in table}
    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    out = []
    for recipe in recipes.values():
        if not present or not present.issubset(recipe.labels):
            continue
        head = load_head(models, task, recipe.name, SEGMENTER)
        x = matrix_of([(row.get("title") or "", row["text"]) for row in table], recipe.views, extractor)
        weights = np.vstack([head.dense(view) for view in recipe.views])
        decisions = x @ weights + head.bias + head.offsets
        truth = np.array([recipe.labels.index(row["label"]) for row in table], dtype=np.int64)
        for metric, value in scores_of(decisions, truth).items():
            row = {"set": f"{path.name}/{recipe.name}", "task": task, "metric": metric, "value": value}
            out.append(row | {"floor": None, "aim": None, "rows": len(truth), "ok": True})
    if not out:
        known = "; ".join(f"{recipe.name}: {', '.join(recipe.labels)}" for recipe in recipes.values())
        raise DataError(f"{path}: column label: found {', '.join(sorted(present)[:8])}; wanted those of one of {known}")
    return out
