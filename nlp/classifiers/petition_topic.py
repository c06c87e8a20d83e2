"""Topic of a letter in the seven classes of the Taidi cup's petition data (their names are those of the letters)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nlp.batch import Batch, labelled
from nlp.datasets import Recipe, Samples, join, read

LABELS = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
NEEDS: tuple[str, ...] = ()


def samples(folder: Path) -> Samples:
    """Raw letters are judged; the larger, already segmented part is only trained on."""
    raw = read(folder, "taidi_c_attach2_raw_small", lambda row: row["label"], "content", "title")
    cut = read(folder, "taidi_c_attach2_seg_train", lambda row: row["label"], "text_seg", judged=False)
    return join(raw, cut).unique()


HEADS = (Recipe("main", LABELS, samples, method="svc", cost=1.0),)


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post."""
    head, decisions = batch.head("petition_topic", "main")
    chosen = head.choose(decisions)
    batch.explain("petition_topic", ("petition_topic", "main"), chosen)
    return labelled(head.labels, np.asarray(chosen), head.probabilities(decisions))
