"""What ``assess`` gives for a Weibo post's sentiment, judged on rows that none of its heads has seen.

One row in TENTH of weibo2018 and of the epidemic set is held out; the five heads that have a part in a post's
sentiment are trained anew without those rows, wherever they stand (also as a related set). Calibration and offsets
are those stored: a dozen numbers made out of fold.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from nlp import kind_sentiment
from nlp.calibration import ece, scores_of
from nlp.classifiers import emotion, sentiment
from nlp.datasets import Recipe, Samples
from nlp.features import Extractor
from nlp.linear import Floats
from nlp.related_sets import SIGNS, THREE, covid, weibo2018
from nlp.train import Problem, matrix_of

TENTH = 10
_KIND = "weibo"


def measure(folder: Path, extractor: Extractor, models: Path) -> dict[str, float]:
    """{"accuracy_weibo2018", "macro_f1_weibo2018"} (negative or not), {"accuracy_covid", "macro_f1_covid",
    "ece_covid"} (three classes), in per cent, and {"rows_…"}."""
    everyday, outbreak = _tenth(weibo2018(folder)), _tenth(covid(folder))
    held = Samples(files=[])
    for part in (everyday, outbreak):
        for (title, text), label in zip(part.posts, part.labels, strict=True):
            held.add(title, text, label)
    chances = _chances(held, folder, extractor, models)
    size = len(everyday.posts)
    signs = np.column_stack([chances[:size, 0], 1 - chances[:size, 0]])
    truth = np.array([SIGNS.index(label) for label in everyday.labels], dtype=np.int64)
    chosen = np.eye(2)[(np.argmax(chances[:size], axis=1) > 0).astype(int)]
    three = np.array([THREE.index(label) for label in outbreak.labels], dtype=np.int64)
    found = {f"{name}_weibo2018": value for name, value in scores_of(chosen, truth).items()}
    found |= {f"{name}_covid": value for name, value in scores_of(chances[size:], three).items()}
    found["ece_weibo2018"] = round(100 * ece(signs, truth, chosen.argmax(axis=1)), 2)
    found["ece_covid"] = round(100 * ece(chances[size:], three), 2)
    return found | {"rows_weibo2018": float(size), "rows_covid": float(len(three))}


def _tenth(samples: Samples) -> Samples:
    part = Samples(files=samples.files)
    for post, label in [*zip(samples.posts, samples.labels, strict=True)][::TENTH]:
        part.add(*post, label)
    return part


def _chances(held: Samples, folder: Path, extractor: Extractor, models: Path) -> Floats:
    """(n, 3) probabilities of the ``held`` texts by heads that have not seen them."""
    batch = kind_sentiment.batch_of(_KIND, held, extractor, (models,))
    decisions = dict(batch.decisions)
    for task, recipes in (("emotion", emotion.HEADS), ("sentiment", sentiment.HEADS)):
        for recipe in recipes:
            blind = _without(recipe, held)
            weights, bias = Problem.of(blind, blind.samples(folder), extractor, folder).solve()
            x = matrix_of(held.posts, recipe.views, extractor)
            decisions[task, recipe.name] = (x @ weights + bias).astype(np.float32)
    batch.decisions = decisions
    batch.values["emotion"] = emotion.judge(batch)
    return sentiment.posts(batch)


def _without(recipe: Recipe, held: Samples) -> Recipe:
    """The recipe, and those that support it, without the ``held`` texts."""
    samples = recipe.samples
    support = tuple(_without(aid, held) for aid in recipe.support)
    return replace(recipe, samples=lambda folder: samples(folder).without(held), support=support)
