"""The sentiment of messages and of news: a small logistic regression for each kind over what the heads say of a post.

No large labelled set tells a letter's or a news text's sentiment, so no head is trained for them: what the heads of
Weibo posts, of emotions and of message types say is weighed by the labels that people gave (``nlp/labels``), a few
hundred a kind. Its scores are probabilities (ECE by ``huiying evaluate sentiment``). Costs one small product a post.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.batch import Batch
from nlp.datasets import Samples
from nlp.features import Extractor
from nlp.linear import MODELS, Bank, Floats, ModelError, load_head, read_card
from nlp.settings import DEFAULT, read_settings
from nlp.words import SEGMENTER

KINDS = {"message": "message", "hotline": "message", "news": "news"}
"""Kind of a post → the regression that judges it; posts of other kinds go by the Weibo heads."""
TYPES = ("投诉", "求助", "咨询", "建言", "感谢", "举报")
_TASKS = ("emotion", "message_type", "sentiment")
_COST = 0.3
_POSTS = (("sentiment", "weibo"), ("sentiment", "covid"))
_MOODS = (("emotion", "usual"), ("emotion", "virus"))
_MARKS, _HEAD = "?!", 200
Labels = NDArray[np.int64]


def columns(batch: Batch, name: str) -> Floats:
    """(n, k) what the regression ``name`` looks at: type of message, decisions of heads; of news also the moods,
    the length, and question and exclamation marks in the first _HEAD characters."""
    told = [[scores.get(kind, 0.0) for kind in TYPES[:-1]] for scores in batch.values["_message_type"]]
    given = [[float(value["label"] == kind) for kind in TYPES] for value in batch.values["message_type"]]
    keys = _POSTS if name == "message" else (*_POSTS, *_MOODS)
    parts = [np.array(told), np.array(given), *(batch.decisions[key] for key in keys)]
    if name != "message":
        texts = [batch.raw(at) for at in range(len(batch))]
        form = [[np.log1p(len(text)), *(mark in text[:_HEAD] for mark in _MARKS)] for text in texts]
        parts.append(np.array(form, dtype=np.float64))
    return np.hstack(parts)


def probabilities(x: Floats, entry: Mapping[str, Any]) -> Floats:
    """(n, 3) probabilities of negative, neutral, positive. ``entry``: {"weights": (k, 3), "bias": (3,)} of the card."""
    logits = np.asarray(x @ np.array(entry["weights"]) + np.array(entry["bias"]))
    logits -= logits.max(axis=1, keepdims=True)
    chances = np.exp(logits)
    shares: Floats = chances / chances.sum(axis=1, keepdims=True)
    return shares


def solve(x: Floats, y: Labels) -> dict[str, Any]:
    """The card's entry of one regression; ``y``: 0 negative, 1 neutral, 2 positive."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    model = LogisticRegression(C=_COST, max_iter=2000).fit((x - mean) / scale, y)
    weights = model.coef_.T / scale[:, None]
    bias = model.intercept_ - mean @ weights
    return {"weights": np.round(weights, 5).tolist(), "bias": np.round(bias, 5).tolist(), "rows": len(y)}


def out_of_fold(x: Floats, y: Labels, seed: int) -> Floats:
    """(n, 3) probabilities, each row's from a regression that has not seen it (five folds, stratified)."""
    from sklearn.model_selection import StratifiedKFold

    chances = np.zeros((len(y), 3), dtype=np.float32)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, y):
        chances[test] = probabilities(x[test], solve(x[train], y[train]))
    return chances


def batch_of(kind: str, posts: Samples, extractor: Extractor, models: Sequence[Path]) -> Batch:
    """A batch of texts with what emotion and message type say of them, by the models of the first folder that has
    them. ModelError: none has."""
    from nlp.classifiers import load

    cards, heads = {}, []
    for task in _TASKS:
        folder = next((one for one in models if (one / task / "card.json").is_file()), models[-1])
        cards[task] = read_card(folder, task)
        heads += [load_head(folder, task, recipe.name, SEGMENTER) for recipe in load(task).HEADS]
    bank = Bank(heads, cards)
    features = extractor.extract(posts.posts, bank.views)
    listed = [{"kind": kind, "title": title, "text": text} for title, text in posts.posts]
    settings = read_settings(DEFAULT)
    batch = Batch(listed, features, bank, settings, extractor.idf.word, bank.decisions(features))
    for task in _TASKS[:-1]:
        batch.values[task] = load(task).judge(batch)
    return batch


def entry_of(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The regression ``name`` of a card of ``sentiment``. ModelError: the card has none."""
    found = card.get("kinds", {}).get(name)
    if not isinstance(found, Mapping):
        raise ModelError(MODELS / "sentiment" / "card.json", "sentiment", f"the card has no regression for {name}")
    return found
