"""Learning from corrections: one head trained anew with what people corrected, held against the one in force.

Both are judged on rows that neither has seen: on the rows of the data sets by cross-validation of the recipe without
and with the corrections, on the corrections by the stored head and by the new one's folds. What is worse is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import classifiers
from nlp.datasets import DataError, Recipe, Samples
from nlp.features import Extractor
from nlp.linear import MODELS, load_head, load_idf, read_card, save_head, sha256
from nlp.train import Problem, fit_recipe, matrix_of
from nlp.words import SEGMENTER, segmenter

Labels = NDArray[np.int64]
SLACK = 1.0
"""Points of macro-F1 by which the folds of one and the same model differ on small sets."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with the label that a person gave it."""

    title: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``accepted``: nothing was lost; ``report``: the figures, as ``huiying train`` prints them."""

    accepted: bool
    report: dict[str, Any]


def learn(
    task: str, data_path: Path, corrections: Sequence[Corrected], out_dir: Path, models: Path = MODELS
) -> Verdict:
    """Train the head of ``task`` that knows the corrections' labels; written to ``out_dir/task`` where it is accepted.

    DataError: no head has such labels, or data are missing. ModelError: the head in force.
    """
    recipe = _recipe(task, {one.label for one in corrections})
    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    base, more = recipe.samples(data_path), _with(recipe.samples(data_path), corrections)
    before = Problem.of(recipe, base, extractor, data_path)
    after = Problem.of(recipe, more, extractor, data_path)
    old = np.concatenate([_choice(before.out_of_fold()), _stored(task, recipe, corrections, extractor, models)])
    truth = after.y[after.judged]
    report = _report(recipe, truth, old, _choice(after.out_of_fold()), len(corrections))
    report |= {"task": task, "head": recipe.name}
    accepted = _no_worse(report)
    if accepted:
        report["version"] = _write(task, recipe, more, data_path, out_dir, models, len(corrections))
    return Verdict(accepted, report | {"accepted": accepted})


def _recipe(task: str, labels: set[str]) -> Recipe:
    if task not in classifiers.names():
        raise DataError(f"task {task!r} is not known; write one of {', '.join(classifiers.names())}")
    heads = classifiers.load(task).HEADS
    for recipe in heads:
        if labels.issubset(recipe.labels):
            return recipe
    known = "; ".join(f"{recipe.name}: {', '.join(recipe.labels)}" for recipe in heads) or "none: it goes by rules"
    raise DataError(f"{task}: corrections to {', '.join(sorted(labels))}; its heads learn {known}")


def _with(base: Samples, corrections: Sequence[Corrected]) -> Samples:
    """The samples and the corrections behind them, these judged too."""
    for one in corrections:
        base.add(one.title, one.text, one.label)
    return base


def _choice(decisions: NDArray[Any]) -> Labels:
    found: Labels = np.argmax(decisions, axis=1).astype(np.int64)
    return found


def _stored(task: str, recipe: Recipe, corrections: Sequence[Corrected], extractor: Extractor, models: Path) -> Labels:
    """What the head in force says of the corrections."""
    head = load_head(models, task, recipe.name, SEGMENTER)
    x = matrix_of([(one.title, one.text) for one in corrections], recipe.views, extractor)
    weights = np.vstack([head.dense(view) for view in recipe.views])
    return head.choose(np.asarray(x @ weights) + head.bias)


def _report(recipe: Recipe, truth: Labels, old: Labels, new: Labels, corrections: int) -> dict[str, Any]:
    classes = {}
    for at, label in enumerate(recipe.labels):
        before, after = f1_of(at, truth, old), f1_of(at, truth, new)
        rows = int(np.sum(truth == at))
        classes[label] = {"before": before, "after": after, "gain": round(after - before, 2), "rows": rows}
    sets = slice(0, len(truth) - corrections)
    own = [float(np.mean(found[-corrections:] == truth[-corrections:])) for found in (old, new)]
    return {
        "rows": len(truth),
        "corrections": corrections,
        "classes": classes,
        "macro_f1": {"before": _macro(recipe, truth, old), "after": _macro(recipe, truth, new)},
        "macro_f1_of_sets": {
            "before": _macro(recipe, truth[sets], old[sets]),
            "after": _macro(recipe, truth[sets], new[sets]),
        },
        "right_on_corrections": {"before": round(100 * own[0], 2), "after": round(100 * own[1], 2)},
    }


def _no_worse(report: dict[str, Any]) -> bool:
    """Nothing lost over all rows, and on the data sets' own no more than SLACK: wrong corrections agree with
    themselves, so they may not be the judge alone."""
    total, sets = report["macro_f1"], report["macro_f1_of_sets"]
    return bool(total["after"] >= total["before"] and sets["after"] >= sets["before"] - SLACK)


def _macro(recipe: Recipe, truth: Labels, guess: Labels) -> float:
    return round(float(np.mean([f1_of(at, truth, guess) for at in range(len(recipe.labels))])), 2)


def f1_of(label: int, truth: Labels, guess: Labels) -> float:
    """F1 of one class in per cent; 0 where it neither is nor is given."""
    both = float(np.sum((guess == label) & (truth == label)))
    total = float(np.sum(guess == label) + np.sum(truth == label))
    return round(200 * both / total, 2) if total else 0.0


def _write(
    task: str, recipe: Recipe, samples: Samples, data_path: Path, out_dir: Path, models: Path, corrections: int
) -> str:
    """Write the head and the card; the other heads of the task go along as they are. The new version."""
    card = read_card(models, task)
    version = f"{str(card['version']).split('+')[0]}+{corrections}"
    folder = out_dir / task
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted((models / task).iterdir()):
        if source.is_file() and source.resolve() != (folder / source.name).resolve():
            (folder / source.name).write_bytes(source.read_bytes())
    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    made = replace(recipe, samples=lambda _: samples)
    head, entry = fit_recipe(task, made, data_path, extractor, card | {"version": version})
    path = save_head(folder, head)
    entry |= {"sha256": sha256(path), "bytes": path.stat().st_size, "corrections": corrections}
    card = card | {"version": version, "heads": card["heads"] | {recipe.name: entry}}
    text = json.dumps(card, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")
    return version
