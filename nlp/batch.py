"""What a classifier gets: a batch of posts with their features, the decisions of all heads, the office's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features
from nlp.linear import Bank, Floats, Head

Key = tuple[str, str]


@dataclass(slots=True)
class Batch:
    """``posts`` as given, n of them; ``values`` collects field → n values, so that a later classifier may look.

    ``idf``: (BUCKETS,) of the view ``word``.
    """

    posts: Sequence[Mapping[str, Any]]
    features: Features
    bank: Bank
    settings: Mapping[str, Any]
    idf: Floats
    decisions: Mapping[Key, Floats]
    values: dict[str, list[Any]] = field(default_factory=dict)
    evidence: list[dict[str, list[str]]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    """The posts' kinds; ``message`` where a post does not say."""

    def __post_init__(self) -> None:
        self.kinds = [post.get("kind") or "message" for post in self.posts]
        self.evidence = [{} for _ in self.posts]

    def __len__(self) -> int:
        return len(self.posts)

    def raw(self, at: int) -> str:
        """Normalised title and text of post ``at``, one line each."""
        title, text = self.features.titles[at], self.features.texts[at]
        return f"{title}\n{text}" if title else text

    def head(self, task: str, name: str) -> tuple[Head, Floats]:
        """A head with its (n, k) decisions."""
        return self.bank.heads[task, name], self.decisions[task, name]

    def explain(self, field_: str, key: Key, chosen: NDArray[np.int64]) -> None:
        """Record the words that spoke most for the ``chosen`` label of each post (-1: leave the post out)."""
        found = top_words(self, key, chosen, int(self.settings["nlp"]["evidence"]))
        for at, words in enumerate(found):
            if words:
                self.evidence[at][field_] = words


def labelled(labels: Sequence[str], chosen: NDArray[np.int64], scores: Floats) -> list[dict[str, Any]]:
    """The contract's ``{"label", "score"}`` per post."""
    picked = scores[np.arange(len(chosen)), chosen]
    return [
        {"label": labels[index], "score": round(float(score), 4)}
        for index, score in zip(chosen.tolist(), picked.tolist(), strict=True)
    ]


def content_words(features: Features) -> NDArray[np.bool_]:
    """Aligned with ``word_bucket``: whether the word carries meaning by its form (two or more Han characters)."""
    flags = [len(w) > 1 and "一" <= w[0] <= "鿿" and "一" <= w[-1] <= "鿿" for row in features.words for w in row]
    return np.array(flags, dtype=bool)


def top_words(batch: Batch, key: Key, chosen: NDArray[np.int64], limit: int) -> list[list[str]]:
    """Per post at most ``limit`` words by their linear contribution to the chosen label, greatest first.

    Only words that speak for the label (contribution above zero) and only content words are named.
    """
    features = batch.features
    usable = np.flatnonzero(batch_content(batch) & (chosen[features.word_post] >= 0))
    post = features.word_post[usable]
    matrix = batch.bank.column(key, "word")
    bucket = features.word_bucket[usable]
    gain = matrix[bucket, chosen[post]] * batch.idf[bucket]
    good = gain > 0
    usable, post, gain = usable[good], post[good], gain[good]
    order = np.lexsort((usable, -gain, post))
    flat = batch_words(batch)
    out: list[list[str]] = [[] for _ in range(len(batch))]
    for at, row in zip(usable[order].tolist(), post[order].tolist(), strict=True):
        words = out[row]
        if len(words) < limit and flat[at] not in words:
            words.append(flat[at])
    return out


def batch_content(batch: Batch) -> NDArray[np.bool_]:
    """content_words of the batch, made once."""
    found = batch.values.get("_content")
    if found is None:
        found = batch.values["_content"] = [content_words(batch.features)]
    flags: NDArray[np.bool_] = found[0]
    return flags


def batch_words(batch: Batch) -> list[str]:
    """The words of all posts end to end, made once."""
    found = batch.values.get("_words")
    if found is None:
        found = batch.values["_words"] = [word for row in batch.features.words for word in row]
    return found
