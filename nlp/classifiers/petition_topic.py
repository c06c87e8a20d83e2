"""Topic of a letter in the seven classes of the Taidi cup's petition data (their names are those of the letters)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.datasets import Recipe, Samples, join, read

LABELS = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
NEEDS: tuple[str, ...] = ()


_TITLE = 18
"""Characters at the beginning of a cut letter that count as its title: titles of whole letters have 19, and their
empty words are gone."""
_LETTERS = ("taidi_c_attach2_test_unlabelled", "taidi_c_attach3_messages", "taidi_c_attach4_reply_half")


def samples(folder: Path) -> Samples:
    """Raw letters are judged; the larger part, cut into words and with title and text in one, is only trained on."""
    raw = read(folder, "taidi_c_attach2_raw_small", lambda row: row["label"], "content", "title")
    cut = read(folder, "taidi_c_attach2_seg_train", lambda row: row["label"], "text_seg", judged=False)
    cut.posts = [(text[:_TITLE], text[_TITLE:]) for _, text in cut.posts]
    return join(raw, cut).unique()


def letters(folder: Path) -> Samples:
    """Whole letters without labels: they show which grams a letter has."""
    return join(*(read(folder, name, lambda row: "", "content", "title") for name in _LETTERS))


HEADS = (
    Recipe(
        "main",
        LABELS,
        samples,
        views=("char", "word", "title"),
        gains=(1.0, 1.0, 0.7),
        method="ridge",
        cost=3.0,
        form=letters,
        apart=0.5,
    ),
)


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post."""
    head, decisions = batch.head("petition_topic", "main")
    chosen = head.choose(decisions)
    batch.explain("petition_topic", ("petition_topic", "main"), chosen)
    return labelled(head.labels, np.asarray(chosen), head.probabilities(decisions))
