"""The words that decided a label, as places in a text.

An assessment keeps, for every label judged by a linear model, the words of the greatest contribution to it (weight of
the word × its weight in the post), greatest first. Here they are found again in a text, masked or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` (code points) is a word that spoke for ``labels`` (names of fields of the assessment)."""

    start: int
    end: int
    word: str
    labels: tuple[str, ...]


def spans(text: str, evidence: Mapping[str, Sequence[str]]) -> list[Span]:
    """Where the words of ``evidence`` (label → words) stand in ``text``, in order; none overlaps another, the longer
    of two at one place wins. Case is folded where that changes no length."""
    labels: dict[str, list[str]] = {}
    for name, words in evidence.items():
        for word in words:
            labels.setdefault(word, []).append(name)
    listed = sorted((word for word in labels if word), key=lambda word: (-len(word), word))
    if not listed:
        return []
    lowered = text.lower()
    folded = lowered if len(lowered) == len(text) else text
    pattern = re.compile("|".join(re.escape(word) for word in listed))
    return [Span(m.start(), m.end(), m.group(), tuple(labels[m.group()])) for m in pattern.finditer(folded)]


def pieces(text: str, evidence: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text cut at its spans: (part, labels it spoke for; empty for what decided nothing). Joined: ``text``."""
    at = 0
    for span in spans(text, evidence):
        if span.start > at:
            yield text[at : span.start], ()
        yield text[span.start : span.end], span.labels
        at = span.end
    if at < len(text):
        yield text[at:], ()
