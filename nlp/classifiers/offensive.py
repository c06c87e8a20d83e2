"""Likelihood that a post attacks people for race, sex or region (COLD): for the tone of an answer alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch
from nlp.datasets import Recipe, Samples, find, rows

NEEDS: tuple[str, ...] = ()
_LIKELY = 0.5
_NAMES = {"0": "fine", "1": "offensive"}


def samples(folder: Path) -> Samples:
    """COLD; a group is a topic, since posts of one topic repeat one another and a random split cannot rank models."""
    path = find(folder, "cold_offensive_train")
    result = Samples(files=[path.name])
    for row in rows(path, ("text", "label", "topic")):
        result.add("", row["text"], _NAMES[row["label"]], group=row["topic"])
    return result.unique()


HEADS = (Recipe("main", ("fine", "offensive"), samples, method="svc", cost=0.3),)


def judge(batch: Batch) -> list[Any]:
    """{"score"} per post."""
    head, decisions = batch.head("offensive", "main")
    scores = head.probabilities(decisions)[:, 1]
    batch.explain("offensive", ("offensive", "main"), np.where(scores >= _LIKELY, 1, -1))
    return [{"score": round(float(score), 4)} for score in scores]
