"""Six emotions of a post (SMP 2020): a head for everyday posts, one for posts on an epidemic, one that tells which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.datasets import Recipe, Samples, join, read
from nlp.linear import Floats
from nlp.related_sets import COLD, COVID, EMOTIONS, FACES, USUAL, VIRUS, WEIBO2018, usual, virus

LABELS = EMOTIONS
NEEDS: tuple[str, ...] = ()
_VIEWS = ("char", "word", "style")


def gate(folder: Path) -> Samples:
    """Which of the two a post is like."""
    return join(
        read(folder, "smp2020_virus_train_dev", lambda row: "epidemic"),
        read(folder, "smp2020_usual_train_dev", lambda row: "everyday"),
        read(folder, "ncov_weibo3_seg_train", lambda row: "epidemic", "text_seg", judged=False),
        read(folder, "weibo2018_train", lambda row: "everyday", judged=False),
    ).unique()


HEADS = (
    Recipe("usual", LABELS, usual, _VIEWS, "svc", 0.3, tune=True, support=(FACES, WEIBO2018, COVID, VIRUS, COLD)),
    Recipe("virus", LABELS, virus, _VIEWS, "svc", 0.3, tune=True, support=(FACES, WEIBO2018, COVID, USUAL)),
    Recipe("gate", ("everyday", "epidemic"), gate, method="svc", cost=0.5),
)


def epidemic(batch: Batch) -> Floats:
    """(n,) probability that a post is on the epidemic."""
    head, decisions = batch.head("emotion", "gate")
    return head.probabilities(decisions)[:, 1]


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post: the mean of the two heads, weighted by the gate."""
    share = epidemic(batch)[:, None]
    everyday, usual_decisions = batch.head("emotion", "usual")
    outbreak, virus_decisions = batch.head("emotion", "virus")
    scores = (1 - share) * everyday.probabilities(usual_decisions) + share * outbreak.probabilities(virus_decisions)
    chosen = np.where(share[:, 0] > 0.5, outbreak.choose(virus_decisions), everyday.choose(usual_decisions))
    batch.explain("emotion", ("emotion", "usual"), np.where(share[:, 0] > 0.5, -1, chosen))
    batch.explain("emotion", ("emotion", "virus"), np.where(share[:, 0] > 0.5, chosen, -1))
    batch.values["_emotion"] = list(scores)
    return labelled(LABELS, chosen, scores)
