"""A set of texts with reprints of every degree, and the exact pairs of a set: what near-duplicates are held against."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any

Pairs = set[tuple[int, int]]
CHUNK = 500
LENGTHS = ((70, 8), (500, 200))
"""Usual and least characters of a post or message, and of a piece of news."""
END = datetime(2026, 11, 24, tzinfo=UTC)


def made_texts(number: int, seed: int = 7) -> list[str]:
    """``number`` texts, the same for the same seed, in an order of chance.

    A third are reprints (one to twenty of a text): with another beginning, a tail, cut short, with characters changed
    or a passage left out, from hardly to half. Words and their frequencies are those of the example posts.
    """
    chance = random.Random(seed)
    words, weights = _words()
    originals = []
    for _ in range(number * 2 // 3):
        usual, least = chance.choices(LENGTHS, (3, 1))[0]
        length = min(max(chance.lognormvariate(log(usual), 0.7), least), 2000)
        originals.append("".join(chance.choices(words, weights, k=round(length / 2))))
    texts = list(originals)
    while len(texts) < number:
        text = chance.choice(originals)
        for _ in range(min(int(chance.paretovariate(1.2)), 20)):
            texts.append(chance.choice(CHANGES)(chance, text, chance.choice(originals)))
    del texts[number:]
    chance.shuffle(texts)
    return texts


def _words() -> tuple[list[str], list[int]]:
    import rjieba

    from pipeline.demo import example_posts

    texts = (f"{post['title'] or ''} {post['text']}" for post in example_posts(END))
    counts = Counter(word for text in texts for word in rjieba.cut(text) if re.fullmatch(r"\w+", word))
    return list(counts), list(counts.values())


def _beginning(chance: random.Random, text: str, other: str) -> str:
    return other[: chance.randrange(2, 3 + len(text) // 2)] + text


def _tail(chance: random.Random, text: str, other: str) -> str:
    return text + other[: chance.randrange(2, 3 + len(text))]


def _cut(chance: random.Random, text: str, other: str) -> str:
    return text[: chance.randrange(max(8, len(text) // 2), len(text) + 1)] if len(text) > 8 else text


def _changed(chance: random.Random, text: str, other: str) -> str:
    letters = list(text)
    for _ in range(chance.randrange(1, 2 + len(text) // 6)):
        letters[chance.randrange(len(letters))] = chance.choice(other)
    return "".join(letters)


def _left_out(chance: random.Random, text: str, other: str) -> str:
    begin = chance.randrange(len(text))
    return text[:begin] + text[begin + chance.randrange(1, 2 + len(text) // 3) :]


CHANGES: Sequence[Callable[[random.Random, str, str], str]] = (_beginning, _tail, _cut, _changed, _left_out)


def real_texts(folder: Path, number: int) -> list[str]:
    """The first ``number`` texts of the larger real sets: Weibo, messages, news; empty where there are none."""
    found: list[str] = []
    for name, columns in SETS:
        path = folder / f"{name}.csv.gz"
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8-sig") as file:
                found += [" ".join(row[column] for column in columns) for row in csv.DictReader(file)]
    return found[:number]


SETS = (
    ("ced_weibo_rumor_train", ("text",)),
    ("news_stream_4topics_1500", ("text",)),
    ("taidi_c_attach3_messages", ("title", "content")),
    ("weibo_senti_100k_devtest", ("text",)),
)


def exact_pairs(keys: Sequence[str], jaccard: float) -> Pairs:
    """Every pair (later, earlier) of keys whose sets of 2-grams have a Jaccard index of at least ``jaccard``.

    All pairs are counted, by the product of the matrix key × 2-gram with its transpose, CHUNK rows at a time.
    """
    import numpy as np
    from scipy import sparse

    numbers: dict[str, int] = {}
    sets = [{numbers.setdefault(key[at : at + 2], len(numbers)) for at in range(len(key) - 1)} for key in keys]
    sizes = np.array([len(found) for found in sets])
    ends = np.concatenate(([0], np.cumsum(sizes)))
    places = np.fromiter((number for found in sets for number in found), dtype=np.int32, count=int(ends[-1]))
    matrix = sparse.csr_matrix((np.ones(len(places), dtype=np.int32), places, ends), shape=(len(keys), len(numbers)))
    turned = matrix.T.tocsr()
    pairs: Pairs = set()
    for start in range(0, len(keys), CHUNK):
        pairs.update(_above(matrix[start : start + CHUNK] @ turned, start, sizes, jaccard))
    return pairs


def _above(product: Any, start: int, sizes: Any, jaccard: float) -> Pairs:
    found = product.tocoo()
    later, earlier = found.row + start, found.col
    wanted = earlier < later
    later, earlier, shared = later[wanted], earlier[wanted], found.data[wanted]
    near = shared >= jaccard * (sizes[later] + sizes[earlier] - shared)
    return set(zip(later[near].tolist(), earlier[near].tolist(), strict=True))
