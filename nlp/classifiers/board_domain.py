"""Domain of the 人民网 message board (its form's own list), of title and text as two views.

Few rows are labelled, so the office's keywords (config/topics.yml) and the topics of petition letters help.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.classifiers import petition_topic
from nlp.datasets import Recipe, Samples, join, read
from nlp.settings import read_settings

LABELS = ("城建", "交通", "企业", "环保", "治安", "政务", "教育", "就业", "医疗", "旅游", "三农", "文娱", "金融")
NEEDS: tuple[str, ...] = ()
_KEYWORD_WEIGHT = 2.0
"""With so few rows a word that the office names tells more than a letter does."""


def samples(folder: Path) -> Samples:
    """Board rows are judged; keywords, as letters of one word, are only trained on."""
    board = read(folder, "ldly_hangzhou_small", lambda row: row["label_domain"], "content", "title")
    words = Samples()
    for label, keywords in read_settings()["topics"]["board_domain"]["labels"].items():
        for word in keywords:
            words.add(word, word, label, _KEYWORD_WEIGHT, judged=False)
    return join(board, words).unique()


HEADS = (
    Recipe(
        "main",
        LABELS,
        samples,
        views=("char", "word", "title"),
        method="svc",
        cost=0.1,
        support=petition_topic.HEADS,
    ),
)


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post.

    A message always gets a domain, since somebody must answer it; news and Weibo posts of which no domain is likely
    (``least`` of config/topics.yml) are ``other``.
    """
    head, decisions = batch.head("board_domain", "main")
    settings = batch.settings["topics"]["board_domain"]
    chosen = np.asarray(head.choose(decisions))
    values = labelled(head.labels, chosen, head.probabilities(decisions))
    for at, (kind, value) in enumerate(zip(batch.kinds, values, strict=True)):
        strange = kind in ("news", "weibo") and value["score"] < settings["least"]
        if strange or not batch.raw(at).strip():
            values[at] = {"label": settings["other"], "score": round(1 - value["score"], 4)}
            chosen[at] = -1
    batch.explain("board_domain", ("board_domain", "main"), chosen)
    return values
