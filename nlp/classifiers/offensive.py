"""Likelihood that a post attacks people for race, sex or region (COLD): for the tone of an answer alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from nlp.batch import Batch
from nlp.datasets import Recipe
from nlp.related_sets import cold

NEEDS: tuple[str, ...] = ()
_LIKELY = 0.5


HEADS = (Recipe("main", ("fine", "offensive"), cold, method="svc", cost=0.3),)


def judge(batch: Batch) -> list[Any]:
    """{"score"} per post."""
    head, decisions = batch.head("offensive", "main")
    scores = head.probabilities(decisions)[:, 1]
    batch.explain("offensive", ("offensive", "main"), np.where(scores >= _LIKELY, 1, -1))
    return [{"score": round(float(score), 4)} for score in scores]
