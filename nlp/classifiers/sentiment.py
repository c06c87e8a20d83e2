"""Three sentiments. News, Weibo posts and messages mean different things by "negative", so each has its own measure.

Weibo and news: negative against not negative from weibo2018; what is not negative is divided into positive and
neutral as the emotions divide it (happy against neutral and surprise). Posts on an epidemic: a head of three classes
trained on such posts, mixed in by the gate of ``emotion``. Messages and hotline entries: a complaint or a report is
negative, thanks are positive, a question or a proposal is neutral, a call for help is both negative and neutral; so
the sentiment of a message is read off the probabilities of ``message_type``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nlp.batch import Batch
from nlp.classifiers.emotion import LABELS as EMOTIONS
from nlp.classifiers.emotion import epidemic
from nlp.datasets import Recipe
from nlp.linear import Floats
from nlp.related_sets import COVID, FACES, SIGNS, THREE, USUAL, VIRUS, WEIBO2018, covid, weibo2018

LABELS = THREE
NEEDS = ("emotion", "message_type")
_VIEWS = ("char", "word", "style")
_MESSAGE = {
    "投诉": (0.95, 0.05, 0.0),
    "举报": (0.95, 0.05, 0.0),
    "求助": (0.6, 0.4, 0.0),
    "咨询": (0.1, 0.85, 0.05),
    "建言": (0.15, 0.75, 0.1),
    "感谢": (0.05, 0.05, 0.9),
}


HEADS = (
    Recipe("weibo", SIGNS, weibo2018, _VIEWS, "nbsvm", 1.0, support=(FACES, COVID, USUAL)),
    Recipe("covid", LABELS, covid, _VIEWS, "svc", 0.3, tune=True, support=(FACES, WEIBO2018, USUAL, VIRUS)),
)


def judge(batch: Batch) -> list[Any]:
    """{"label", "score", "positive", "neutral", "negative"} per post; the three sum to 1."""
    scores = _of_posts(batch)
    kinds = batch.kinds
    messages = np.array([kind in ("message", "hotline") for kind in kinds], dtype=bool)
    for at in np.flatnonzero(messages):
        scores[at] = _of_message(batch.values["message_type"][at], batch.values["_message_type"][at])
    chosen = np.argmax(scores, axis=1)
    _explain(batch, chosen, messages)
    out = []
    for index, row in zip(chosen.tolist(), np.round(scores.astype(np.float64), 4).tolist(), strict=True):
        negative, neutral, positive = row
        value = {"label": LABELS[index], "score": row[index]}
        out.append(value | {"positive": positive, "neutral": neutral, "negative": negative})
    return out


def _of_posts(batch: Batch) -> Floats:
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


def _of_message(value: dict[str, Any], scores: dict[str, float]) -> tuple[float, ...]:
    """The mean of _MESSAGE over the message's types; a type given by a cue (举报) counts by its own score."""
    label, score = value["label"], value["score"]
    others = {name: share for name, share in scores.items() if name != label}
    rest = (1 - score) / max(sum(others.values()), 1e-6)
    shares = {name: share * rest for name, share in others.items()} | {label: score}
    return tuple(sum(share * _MESSAGE[name][at] for name, share in shares.items()) for at in range(len(LABELS)))


def _explain(batch: Batch, chosen: Any, messages: Any) -> None:
    """Words of the Weibo head: for negative its first label, otherwise its second; messages: of their type."""
    side = np.where(chosen == 0, 0, 1)
    batch.explain("sentiment", ("sentiment", "weibo"), np.where(messages, -1, side))
    for at in np.flatnonzero(messages):
        words = batch.evidence[at].get("message_type")
        if words:
            batch.evidence[at]["sentiment"] = words
