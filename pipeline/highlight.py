"""The part of a text around what was searched, masked before it is cut."""

from __future__ import annotations

from casework.domain.search import fold
from casework.ports import Masker

AROUND = 40
"""Characters shown on each side."""


def highlight(text: str, query: str, masker: Masker) -> str:
    """A masked excerpt with 【】 around the query where it can be found as it was typed; else the beginning."""
    masked = masker.mask_text(" ".join(text.split()))
    wanted = fold(query.strip())
    folded = fold(masked)
    # Folding may change lengths (㎡): then positions do not carry over and the beginning is shown.
    at = folded.find(wanted) if len(folded) == len(masked) else -1
    if at < 0:
        return masked[: 2 * AROUND]
    end = at + len(wanted)
    before, after = masked[max(0, at - AROUND) : at], masked[end : end + AROUND]
    return f"{before}【{masked[at:end]}】{after}"
