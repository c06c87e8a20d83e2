"""Features: one character view and one word view a post, hashed, computed once and shared by all classifiers.

Views (each a CSR matrix, one row a post; BUCKETS columns and rows of length 1 but for ``style``):

* ``char``: 1-, 2- and 3-grams of characters of title and text;
* ``word``: words and pairs of neighbouring words of title and text;
* ``title``: the character grams of the title alone (an empty row where there is none);
* ``style``: how often marks, digits, Latin letters, addresses and the like occur, and how long the post is: one column
  for each kind and number (STYLES columns, each filled one STYLE_WEIGHT).

Grams never cross the border between title and text. The value of a gram is (1 + ln count) × idf; the idf table is
one for all classifiers (``nlp/models/features``), so the matrices are made once. The hash is the arithmetic below,
with fixed constants: VERSION changes whenever a feature would land in another column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.text import URL_MARK, normalise
from nlp.words import Segmenter

VERSION = "f2"
BITS = 19
BUCKETS = 1 << BITS
VIEWS = ("char", "word", "title", "style")

STYLE_WEIGHT = 0.05
_STYLE_MARKS = (
    URL_MARK,
    "@",
    "#",
    "!",
    "?",
    "….",
    "[",
    "0123456789",
    "【",
    "\"“”'‘’",
    ",",
    "。",
    "《",
    "/",
    "(",
    "我",
    "哈",
    " ",
    "a",
)
_STYLE_BINS = 6
_LENGTH_STEP = 20
_LENGTH_BINS = 12
STYLES = len(_STYLE_MARKS) * _STYLE_BINS + _LENGTH_BINS
COLUMNS = {"char": BUCKETS, "word": BUCKETS, "title": BUCKETS, "style": STYLES}
"""Columns of each view."""

_SORT_OF = np.full(0x10000, -1, dtype=np.int64)
for _place, _marks in enumerate(_STYLE_MARKS):
    _SORT_OF[[ord(_character) for _character in _marks]] = _place
_SORT_OF[ord("a") : ord("z") + 1] = len(_STYLE_MARKS) - 1
_BREAK = "\x00"
_SEED = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_TOP = np.uint64(64 - BITS)
_CACHE_LIMIT = 400_000

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Idf:
    """Inverse document frequencies, (BUCKETS,) each, of the two kinds of grams."""

    char: Floats
    word: Floats

    @classmethod
    def flat(cls) -> Idf:
        """All ones: counts alone."""
        ones = np.ones(BUCKETS, dtype=np.float32)
        return cls(ones, ones)


@dataclass(slots=True)
class Features:
    """Of a batch of n posts: ``titles`` and ``texts`` normalised, ``words`` per post, the views by name.

    ``word_post`` and ``word_bucket`` are aligned with the words of all posts laid end to end.
    """

    titles: list[str]
    texts: list[str]
    words: list[list[str]]
    word_post: Ints
    word_bucket: Ints
    views: dict[str, sparse.csr_matrix] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(slots=True)
class Extractor:
    """Makes Features; keeps the hashes of words already seen, since words repeat and hashing one costs a call."""

    segmenter: Segmenter
    idf: Idf = field(default_factory=Idf.flat)
    _seen: dict[str, int] = field(default_factory=dict)

    def extract(self, posts: Iterable[tuple[str, str]], views: Sequence[str] = VIEWS) -> Features:
        """Features of (title, text) pairs as given; ``views`` are those that are wanted."""
        titles, texts = [], []
        for title, text in posts:
            titles.append(normalise(title))
            texts.append(normalise(text))
        segments = [part for pair in zip(titles, texts, strict=True) for part in pair]
        cut = [self.segmenter.cut(part) if part else [] for part in segments]
        words = [cut[at] + cut[at + 1] for at in range(0, len(cut), 2)]
        hashes = self._hashes(words)
        lengths = np.fromiter((len(w) for w in cut), dtype=np.int64, count=len(cut))
        segment_of = np.repeat(np.arange(len(cut), dtype=np.int64), lengths)
        bucket = (_finish(hashes)).astype(np.int64)
        features = Features(titles, texts, words, segment_of >> 1, bucket)
        self._views(features, segments, segment_of, hashes, views)
        return features

    def _views(
        self, features: Features, segments: list[str], segment_of: Ints, hashes: Hashes, views: Sequence[str]
    ) -> None:
        n = len(features)
        if "word" in views:
            rows, columns = _pairs(segment_of, hashes)
            features.views["word"] = _weigh(rows >> 1, columns, n, self.idf.word)
        if "char" in views or "title" in views:
            rows, columns = _grams(segments)
            if "char" in views:
                features.views["char"] = _weigh(rows >> 1, columns, n, self.idf.char)
            if "title" in views:
                own = (rows & 1) == 0
                features.views["title"] = _weigh(rows[own] >> 1, columns[own], n, self.idf.char)
        if "style" in views:
            features.views["style"] = _style(features)

    def _hashes(self, words: list[list[str]]) -> Hashes:
        seen = self._seen
        if len(seen) > _CACHE_LIMIT:
            seen.clear()
        flat = [word for row in words for word in row]
        for word in set(flat).difference(seen):
            seen[word] = word_hash(word)
        return np.fromiter((seen[word] for word in flat), dtype=np.uint64, count=len(flat))


def word_hash(word: str) -> int:
    """64 bits of a word, the same in every run and on every machine."""
    data = word.encode("utf-8", "surrogatepass")
    return (crc32(data) << 32) | crc32(data, 0x48595947)


def word_bucket(word: str) -> int:
    """The column of a single word in the view ``word``."""
    return int(_finish(np.array([word_hash(word)], dtype=np.uint64))[0])


def char_bucket(gram: str) -> int:
    """The column of a gram of one to three characters in the views ``char`` and ``title``."""
    _, columns = _grams([gram])
    return int(columns[-1])


def _finish(hashes: Hashes) -> Hashes:
    """Spread 64 bits over BUCKETS (xor-shift and multiply; the top bits of a product are the well mixed ones)."""
    mixed = hashes ^ (hashes >> _SHIFT)
    mixed = mixed * _MIX
    mixed = mixed ^ (mixed >> _SHIFT)
    top: Hashes = (mixed * _MIX) >> _TOP
    return top


def _grams(segments: list[str]) -> tuple[Ints, Ints]:
    """(segment, column) of every 1-, 2- and 3-gram, segments laid end to end with a break between."""
    joined = _BREAK.join(segments) + _BREAK
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    breaks = codes == 0
    segment = np.cumsum(breaks) - breaks
    one, two, three = codes * _SEED[0], codes * _SEED[1], codes * _SEED[2]
    solid = ~breaks
    pair = solid[:-1] & solid[1:]
    triple = pair[:-1] & solid[2:]
    bigram = (one[:-1] ^ _SHIFT) + two[1:]
    trigram = (one[:-2] ^ _TOP) + (two[1:-1] ^ _SHIFT) + three[2:]
    hashes = np.concatenate([one[solid], bigram[pair], trigram[triple]])
    rows = np.concatenate([segment[solid], segment[:-1][pair], segment[:-2][triple]])
    return rows.astype(np.int64), _finish(hashes).astype(np.int64)


def _pairs(segment_of: Ints, hashes: Hashes) -> tuple[Ints, Ints]:
    """(segment, column) of every word and of every two neighbouring words of one segment."""
    if not len(hashes):
        return segment_of, hashes.astype(np.int64)
    same = segment_of[:-1] == segment_of[1:]
    both = (hashes[:-1] * _SEED[0]) + (hashes[1:] ^ _SEED[2])
    columns = _finish(np.concatenate([hashes, both[same]])).astype(np.int64)
    return np.concatenate([segment_of, segment_of[:-1][same]]), columns


def _weigh(rows: Ints, columns: Ints, n: int, idf: Floats) -> sparse.csr_matrix:
    """The view: counts summed, (1 + ln count) × idf, each row of length 1."""
    ones = np.ones(len(rows), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (rows.astype(np.int32), columns.astype(np.int32))), shape=(n, BUCKETS))
    matrix.sum_duplicates()
    data = matrix.data
    many = data > 1
    data[many] = 1 + np.log(data[many])
    data *= idf[matrix.indices]
    if not len(data):
        return matrix
    filled = np.flatnonzero(np.diff(matrix.indptr))
    lengths = np.zeros(n, dtype=np.float32)
    lengths[filled] = np.sqrt(np.add.reduceat(data * data, matrix.indptr[filled]))
    data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(matrix.indptr))
    return matrix


def _style(features: Features) -> sparse.csr_matrix:
    """The view ``style``: for each sort of mark the column of how often it occurs (the last one: that or more)."""
    n, sorts = len(features), len(_STYLE_MARKS)
    joined = "".join(map("".join, zip(features.titles, features.texts, strict=True)))
    lengths = np.fromiter(map(len, features.texts), np.int64, n) + np.fromiter(map(len, features.titles), np.int64, n)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    post = np.repeat(np.arange(n, dtype=np.int64), lengths)
    sort = _SORT_OF[np.minimum(codes, len(_SORT_OF) - 1)]
    marked = sort >= 0
    counts = np.bincount(post[marked] * sorts + sort[marked], minlength=n * sorts).reshape(n, sorts)
    columns = np.empty((n, sorts + 1), dtype=np.int64)
    columns[:, :sorts] = np.arange(sorts) * _STYLE_BINS + np.minimum(counts, _STYLE_BINS - 1)
    columns[:, sorts] = sorts * _STYLE_BINS + np.minimum(lengths // _LENGTH_STEP, _LENGTH_BINS - 1)
    data = np.full(columns.size, STYLE_WEIGHT, dtype=np.float32)
    return sparse.csr_matrix((data, columns.ravel(), np.arange(n + 1) * (sorts + 1)), shape=(n, STYLES))
