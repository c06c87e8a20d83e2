"""Three sentiments. News, Weibo posts and messages mean different things by "negative": each goes its own way, and
each way is measured as a whole by ``huiying evaluate sentiment``.

Weibo, forum and everything else: negative against not negative from weibo2018; what is not negative is divided into
positive and neutral as the emotions divide it (happy against neutral and surprise). Posts on an epidemic: a head of
three classes trained on such posts, mixed in by the gate of ``emotion``. Judged by the rows of those sets that the
heads have not seen. Messages, hotline entries and news: a small regression for each kind over what these heads, the
emotions and ``message_type`` say (nlp.kind_sentiment), trained and, out of fold, judged on the labels that people
gave to 284 letters and 303 news texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp import kind_sentiment
from nlp.batch import Batch
from nlp.classifiers.emotion import LABELS as EMOTIONS
from nlp.classifiers.emotion import epidemic
from nlp.datasets import Recipe
from nlp.features import Extractor
from nlp.linear import Floats
from nlp.related_sets import COVID, FACES, SIGNS, THREE, USUAL, VIRUS, WEIBO2018, covid, weibo2018

LABELS = THREE
NEEDS = ("emotion", "message_type")
_VIEWS = ("char", "word", "style")


HEADS = (
    Recipe("weibo", SIGNS, weibo2018, _VIEWS, "nbsvm", 1.0, support=(FACES, COVID, USUAL)),
    Recipe("covid", LABELS, covid, _VIEWS, "svc", 0.3, tune=True, support=(FACES, WEIBO2018, USUAL, VIRUS)),
)


def finish(data_path: Path, extractor: Extractor, models: Sequence[Path]) -> dict[str, Any]:
    """Entry ``kinds`` of the card: the regressions of nlp.kind_sentiment, trained after the heads."""
    from nlp.labelling.sentiment import fit

    return {"kinds": fit(data_path, extractor, models)}


def judge(batch: Batch) -> list[Any]:
    """{"label", "score", "positive", "neutral", "negative"} per post; the three sum to 1."""
    scores = posts(batch)
    kinds = np.array([kind_sentiment.KINDS.get(kind, "") for kind in batch.kinds])
    for name in sorted(set(kinds[kinds != ""].tolist())):
        own = kinds == name
        entry = kind_sentiment.entry_of(batch.bank.cards["sentiment"], name)
        scores[own] = kind_sentiment.probabilities(kind_sentiment.columns(batch, name)[own], entry)
    chosen = np.argmax(scores, axis=1)
    _explain(batch, chosen, kinds == "message")
    out = []
    for index, row in zip(chosen.tolist(), np.round(scores.astype(np.float64), 4).tolist(), strict=True):
        negative, neutral, positive = row
        value = {"label": LABELS[index], "score": row[index]}
        out.append(value | {"positive": positive, "neutral": neutral, "negative": negative})
    return out


def posts(batch: Batch) -> Floats:
    """(n, 3) probabilities as a Weibo post's."""
    head, decisions = batch.head("sentiment", "weibo")
    negative = head.probabilities(decisions)[:, :1]
    emotions = np.array(batch.values["_emotion"], dtype=np.float32).reshape(len(batch), len(EMOTIONS))
    happy = emotions[:, EMOTIONS.index("happy")]
    calm = emotions[:, EMOTIONS.index("neutral")] + emotions[:, EMOTIONS.index("surprise")]
    joy = (happy / np.maximum(happy + calm, 1e-6))[:, None]
    everyday = np.hstack([negative, (1 - negative) * (1 - joy), (1 - negative) * joy])
    three, covid_decisions = batch.head("sentiment", "covid")
    outbreak = three.probabilities(covid_decisions + three.offsets)
    share = epidemic(batch)[:, None]
    mixed: Floats = (1 - share) * everyday + share * outbreak
    return mixed


def _explain(batch: Batch, chosen: Any, messages: Any) -> None:
    """Words of the Weibo head: for negative its first label, otherwise its second; messages: of their type."""
    side = np.where(chosen == 0, 0, 1)
    batch.explain("sentiment", ("sentiment", "weibo"), np.where(messages, -1, side))
    for at in np.flatnonzero(messages):
        words = batch.evidence[at].get("message_type")
        if words:
            batch.evidence[at]["sentiment"] = words
