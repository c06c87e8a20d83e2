"""Which earlier text speaks of the same matter in other words: cosines of weighted words, found by the rarest of them.

A text is its words, those of the title counted three times (the title names place and trouble), those of the first
BODY characters once; a word weighs √count × ``nlp.term_weights``, the whole has length 1. Candidates are the texts
that were the last to use one of the PROBES heaviest words, so a text costs the same however many there are.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from nlp.features import word_hash
from nlp.linear import MODELS, ModelError, read_card, sha256, write_arrays
from nlp.term_weights import Table, carries
from nlp.text import normalise
from nlp.words import SEGMENTER, Segmenter

TASK = "grouping"
BODY = 120
HEAD = 40
"""Characters of a text without a title that stand for its title."""
TITLE_COUNT = 3
PROBES = 16
KEPT = 32
"""Texts remembered of each word: the latest."""
COMPARED = 24
"""Candidates whose cosine is computed: those that share the heaviest probes."""
LEAST_WORDS = 4
Said = dict[int, float]
"""A text made ready: hash of a word → weight, of length 1."""


@cache
def load_table(models: Path = MODELS) -> Table:
    """The stored weights. ModelError: missing or damaged."""
    card = read_card(models, TASK)
    path = models / TASK / "main.npz"
    if not path.is_file():
        raise ModelError(path, TASK, "the model file is missing")
    if sha256(path) != card.get("heads", {}).get("main", {}).get("sha256"):
        raise ModelError(path, TASK, "the model file is damaged: its SHA-256 is not the one of its card")
    if card.get("segmenter") != SEGMENTER:
        raise ModelError(path, TASK, f"made for words by {card.get('segmenter')!r}, this program cuts by {SEGMENTER!r}")
    with np.load(path, allow_pickle=False) as stored:
        return Table(stored["keys"], stored["weight"].astype(np.float32), float(stored["rare"][0]))


def save_table(folder: Path, table: Table) -> Path:
    """Write ``folder/main.npz``; its path."""
    path = folder / "main.npz"
    rare = np.array([table.rare], dtype=np.float32)
    write_arrays(path, {"keys": table.keys, "weight": table.weight.astype(np.float16), "rare": rare})
    return path


@dataclass(slots=True)
class Matters:
    """Texts taken in one by one; each is known by its place, counted from 0."""

    segmenter: Segmenter
    table: Table
    _weight: dict[int, float] = field(init=False)
    _seen: dict[str, int] = field(default_factory=dict)
    _said: list[Said] = field(default_factory=list)
    _latest: dict[int, deque[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._weight = self.table.as_dict()

    def said(self, title: str | None, text: str) -> Said | None:
        """A text made ready; None where it says too little to tell a matter by."""
        body = normalise(text[: 4 * BODY])
        head = normalise(title or "") or body[:HEAD]
        counts: dict[int, int] = {}
        for part, count in ((head, TITLE_COUNT), (body[:BODY], 1)):
            for word in {self._hash(word) for word in self.segmenter.cut(part) if carries(word)}:
                counts[word] = counts.get(word, 0) + count
        rare = self.table.rare
        words = {word: count**0.5 * self._weight.get(word, rare) for word, count in counts.items()}
        size = sum(weight * weight for weight in words.values()) ** 0.5
        if len(words) < LEAST_WORDS or not size:
            return None
        return {word: weight / size for word, weight in words.items()}

    def _hash(self, word: str) -> int:
        found = self._seen.get(word)
        if found is None:
            found = self._seen[word] = word_hash(word)
        return found

    def nearest(self, said: Said, least: float) -> int | None:
        """The place of the most similar text taken in (of equals the earliest); None: none reaches ``least``."""
        probes = sorted(said, key=lambda word: (-said[word], word))[:PROBES]
        shared: dict[int, float] = {}
        for word in probes:
            weight = said[word]
            for place in self._latest.get(word, ()):
                shared[place] = shared.get(place, 0.0) + weight * weight
        best, most = None, least
        for place in sorted(shared, key=lambda place: (-shared[place], place))[:COMPARED]:
            how = likeness(said, self._said[place])
            if how > most or (how == most and (best is None or place < best)):
                best, most = place, how
        return best

    def take(self, said: Said) -> int:
        """Take a text in; its place."""
        place = len(self._said)
        self._said.append(said)
        for word in said:
            latest = self._latest.get(word)
            if latest is None:
                latest = self._latest[word] = deque(maxlen=KEPT)
            latest.append(place)
        return place


def likeness(one: Said, other: Said) -> float:
    """The cosine of two texts, 0…1."""
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * many[word] for word, weight in few.items() if word in many)
