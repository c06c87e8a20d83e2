"""Words of a text. jieba is the reference; rjieba is the same dictionary and algorithm in Rust, for bulk.

A model's card names the segmenter it was trained with, and the assessor refuses a model of another one: a label
must not depend on which of the two happens to be installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
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


WORDS_FILE = "words.txt"
LONGEST_WORD = 24


class OfficeWords:
    """An office's own words (places, firms, estates) in ``words.txt`` of its folder of settings: one a line, lines that
    begin with ``#`` are remarks. The file is looked at again whenever it changes, so a new word needs no restart.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / WORDS_FILE
        self._seen: tuple[int, int] | None = None

    def changed(self) -> bool:
        """Whether the file is another than at the last read (a missing one counts as empty)."""
        return self._state() != self._seen

    def read(self) -> tuple[str, ...]:
        """The words, in order. SettingsError names the line of what is no word. Afterwards changed() is false."""
        self._seen = self._state()
        if self._seen is None:
            return ()
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.path}: cannot be read as UTF-8 text ({error})") from None
        found = []
        for number, line in enumerate(lines, 1):
            word = line.strip()
            if not word or word.startswith("#"):
                continue
            if not 1 < len(word) <= LONGEST_WORD or any(character.isspace() for character in word):
                raise SettingsError(
                    f"{self.path}: line {number}: found {word[:40]!r}; write one word of 2 to {LONGEST_WORD} "
                    "characters without blanks a line"
                )
            found.append(word)
        return tuple(dict.fromkeys(found))

    def _state(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
