"""Words with their part of speech, by jieba's Rust twin: ``nr`` is a person's name, ``ns`` a place, ``v`` a verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any


@cache
def tagger() -> Callable[[str], Sequence[tuple[str, str]]]:
    """``text`` → [(word, tag)], words end to end. Made once: it loads the dictionary (0.5 s)."""
    tag: Callable[[str], Sequence[tuple[str, str]]] = _jieba().tag
    return tag


def is_word(text: str) -> bool:
    """Whether the dictionary has ``text``; what it has not, the tagger only guessed."""
    return bool(_jieba().has_word(text))


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba.Jieba()
