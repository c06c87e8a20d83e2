"""The part of a text around what was searched, masked before it is cut."""

from __future__ import annotations

from casework.domain.search import fold
from casework.ports import Masker

AROUND = 40
"""Characters shown on each side."""


def parts(text: str, query: str, masker: Masker) -> tuple[str, str, str]:
    """A masked excerpt: what stands before the query, the query as it was found, what follows; where it cannot be found
    as it was typed, the beginning of the text and two empty parts."""
    masked = masker.mask_text(" ".join(text.split()))
    wanted = fold(query.strip())
    folded = fold(masked)
    # Folding may change lengths (㎡): then positions do not carry over and the beginning is shown.
    at = folded.find(wanted) if wanted and len(folded) == len(masked) else -1
    if at < 0:
        return masked[: 2 * AROUND], "", ""
    end = at + len(wanted)
    return masked[max(0, at - AROUND) : at], masked[at:end], masked[end : end + AROUND]


def highlight(text: str, query: str, masker: Masker) -> str:
    """The excerpt of ``parts`` with 【】 around the query where it was found."""
    before, found, after = parts(text, query, masker)
    return f"{before}【{found}】{after}" if found else before
