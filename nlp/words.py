"""Words of a text. jieba is the reference; rjieba is the same dictionary and algorithm in Rust, for bulk.

A model's card names the segmenter it was trained with, and the assessor refuses a model of another one: a label
must not depend on which of the two happens to be installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from nlp.settings import SettingsError

SEGMENTER = "rjieba"
"""The segmenter of all stored models."""
USER_FREQUENCY = 20_000
"""Frequency of an office's own word: over that of the common words it is made of, so it is kept whole."""


class Segmenter(Protocol):
    """Cuts a text into words; ``name`` is what a model card carries."""

    name: str

    def cut(self, text: str) -> list[str]:
        """The words of ``text`` in order; joined they give ``text`` again."""
        ...


class RustSegmenter:
    """rjieba with an office's own words."""

    name = "rjieba"

    def __init__(self, words: Iterable[str] = ()) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        for word in sorted(set(words)):
            if word.strip():
                self._jieba.add_word(word.strip(), USER_FREQUENCY, None)

    def cut(self, text: str) -> list[str]:
        """See Segmenter."""
        found: list[str] = self._jieba.cut(text)
        return found


class PythonSegmenter:
    """jieba, the reference: about twenty times slower, nine seconds at its very first start."""

    name = "jieba"

    def __init__(self, words: Iterable[str] = ()) -> None:
        import jieba

        jieba.setLogLevel(60)
        self._jieba = jieba.Tokenizer()
        for word in sorted(set(words)):
            if word.strip():
                self._jieba.add_word(word.strip(), USER_FREQUENCY)

    def cut(self, text: str) -> list[str]:
        """See Segmenter."""
        return list(self._jieba.cut(text))


def segmenter(name: str = SEGMENTER, words: Iterable[str] = ()) -> Segmenter:
    """The segmenter called ``name`` (``rjieba`` or ``jieba``) with ``words`` added. SettingsError: another name."""
    if name == "rjieba":
        return RustSegmenter(words)
    if name == "jieba":
        return PythonSegmenter(words)
    raise SettingsError(f"config/nlp.yml: segmenter {name!r} is not known; write rjieba or jieba")
