"""Which of many words stand in a text: each text is read once, however many rules ask for words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise


class WordsIndex:
    """The words that rules ask for, by their first two characters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            self._by_start.setdefault(word[:2], []).append(word)
        self._short = [word for word in self._by_start if len(word) < 2]

    def found(self, text: str) -> frozenset[str]:
        """Those of the words that stand in ``text``: the same as asking for each with ``in``."""
        starts = {first + second for first, second in pairwise(text)} & self._by_start.keys()
        starts.update(start for start in self._short if start in text)
        return frozenset(word for start in starts for word in self._by_start[start] if word in text)
