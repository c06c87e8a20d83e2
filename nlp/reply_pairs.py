"""A letter beside a reply, as numbers: how much of what the one says the other takes up."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reply_terms import Reading, Terms
from nlp.term_weights import Floats, Keys

NAMES = (
    "shared_grams",
    "reply_grams",
    "letter_grams",
    "grams_of_reply",
    "grams_of_letter",
    "grams_cosine",
    "grams_top",
    "shared_words",
    "reply_words",
    "words_of_reply",
    "words_cosine",
    "words_top",
    "title_grams",
    "title_share",
    "letter_meaning",
    "title_meaning",
    "reply_covered",
    "letter_covered",
    "reply_covered_mass",
    "reply_uncovered_mass",
    "places_shared",
    "places_other",
    "numbers_shared",
)
"""What ``compare`` gives, in order."""
_PLACE = re.compile(r"[a-z]\d{0,2}(?:市|县|区)|[一-鿿]{2}(?:市|县|区|镇|乡|街道|村|社区)")
_NUMBER = re.compile(r"\d{2,}(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Side:
    """A text made ready: hashes with weights (sorted by hash), word vectors with weights, places, numbers."""

    grams: Keys
    gram_weight: Floats
    words: Keys
    word_weight: Floats
    vectors: Floats
    vector_weight: Floats
    places: frozenset[str]
    numbers: frozenset[str]


def side(read: Reading, terms: Terms) -> Side:
    """A text made ready."""
    weight = terms.words.weights(read.words)
    at = terms.words.places(read.words)
    known = at >= 0
    return Side(
        read.grams,
        terms.grams.weights(read.grams),
        read.words,
        weight,
        terms.vectors[at[known]],
        weight[known],
        frozenset(_PLACE.findall(read.text)),
        frozenset(number for number in _NUMBER.findall(read.text) if not _YEAR.fullmatch(number)),
    )


def _shared(keys: Keys, weight: Floats, others: Keys) -> Floats:
    found: Floats = weight[np.isin(keys, others, assume_unique=True)]
    return found


def _meaning(one: Side, other: Side) -> float:
    left, right = one.vector_weight @ one.vectors, other.vector_weight @ other.vectors
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else 0.0


def _covered(one: Side, other: Side) -> tuple[float, float, float, float]:
    """Of the reply and of the letter the share that the other comes near to; the reply's weight near and far."""
    if not len(one.vector_weight) or not len(other.vector_weight):
        return 0.0, 0.0, 0.0, 0.0
    near = one.vectors @ other.vectors.T
    reply, letter = np.maximum(near.max(axis=0), 0), np.maximum(near.max(axis=1), 0)
    return (
        float(reply @ other.vector_weight / max(other.vector_weight.sum(), 1e-6)),
        float(letter @ one.vector_weight / max(one.vector_weight.sum(), 1e-6)),
        float(np.log1p(reply**2 @ other.vector_weight)),
        float(np.log1p((1 - reply) @ other.vector_weight)),
    )


def _top(weight: Floats, number: int) -> float:
    return float(np.sort(weight)[::-1][:number].sum())


def compare(letter: Side, title: Side, reply: Side) -> NDArray[np.float64]:
    """(len(NAMES),) numbers of a letter (title and text together), its title alone and a reply."""
    shared = _shared(reply.grams, reply.gram_weight, letter.grams)
    of_title = _shared(reply.grams, reply.gram_weight, title.grams)
    words = _shared(reply.words, reply.word_weight, letter.words)
    s, b, a = (float(w.sum()) for w in (shared, reply.gram_weight, letter.gram_weight))
    ws, wb, wa = (float(w.sum()) for w in (words, reply.word_weight, letter.word_weight))
    ts, ta = float(of_title.sum()), float(title.gram_weight.sum())
    return np.array(
        [
            *(np.log1p(s), np.log1p(b), np.log1p(a), s / (1 + b), s / (1 + a)),
            *(s / ((1 + a) * (1 + b)) ** 0.5, _top(shared, 10) / 10),
            *(np.log1p(ws), np.log1p(wb), ws / (1 + wb), ws / ((1 + wa) * (1 + wb)) ** 0.5, _top(words, 3)),
            *(np.log1p(ts), ts / (1 + ta)),
            *(_meaning(letter, reply), _meaning(title, reply), *_covered(letter, reply)),
            bool(letter.places & reply.places),
            np.log1p(len(reply.places - letter.places)),
            np.log1p(len(letter.numbers & reply.numbers)),
        ],
        dtype=np.float64,
    )
