"""Sentiment as people labelled it, of letters and of news; and the whole way of a Weibo post.

What ``assess`` gives is judged, not one head alone, and nothing on a row that it was trained on: the regressions of
messages and news out of fold (the mean of ROUNDS rounds of five folds), Weibo posts by heads trained anew without the
rows that are held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import kind_sentiment
from nlp.calibration import ece, scores_of
from nlp.datasets import Samples
from nlp.features import Extractor
from nlp.labelling.sets import named, settled
from nlp.linear import Floats
from nlp.related_sets import THREE

SETS = {"message": "sentiment_message", "news": "sentiment_news"}
"""Kind of a post → the labelled sample of that kind."""
ROUNDS = 5


def labelled(kind: str, folder: Path) -> Samples:
    """The labelled texts of a kind, judged, in the order of the labels; ``folder``: the data sets."""
    found = named(SETS[kind]).texts(folder)
    result = Samples()
    for row, label in settled(SETS[kind]).items():
        result.add(found[row].title, found[row].text, label["sentiment"])
    return result


def _problem(kind: str, folder: Path, extractor: Extractor, models: Sequence[Path]) -> tuple[Floats, NDArray[np.int64]]:
    samples = labelled(kind, folder)
    batch = kind_sentiment.batch_of(kind, samples, extractor, models)
    y = np.array([THREE.index(label) for label in samples.labels], dtype=np.int64)
    return kind_sentiment.columns(batch, kind), y


def fit(folder: Path, extractor: Extractor, models: Sequence[Path]) -> dict[str, Any]:
    """Kind → its regression, for the card; from all labelled rows."""
    return {kind: kind_sentiment.solve(*_problem(kind, folder, extractor, models)) for kind in SETS}


def measure(folder: Path, extractor: Extractor, models: Path) -> dict[str, float]:
    """{"accuracy_KIND", "macro_f1_KIND", "ece_KIND"} in per cent and {"rows_KIND"}, out of fold."""
    out: dict[str, float] = {}
    for kind in SETS:
        x, y = _problem(kind, folder, extractor, (models,))
        rounds = []
        for seed in range(ROUNDS):
            chances = kind_sentiment.out_of_fold(x, y, seed)
            rounds.append(scores_of(chances, y) | {"ece": 100 * ece(chances, y)})
        for name in rounds[0]:
            out[f"{name}_{kind}"] = round(float(np.mean([found[name] for found in rounds])), 2)
        out[f"rows_{kind}"] = float(len(y))
    return out
