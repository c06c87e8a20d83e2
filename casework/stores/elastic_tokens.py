"""The tokens of many texts at once, as ``casework.domain.search.joined_tokens`` makes them one by one.

Tokens are half of what preparing a post for the server costs. Over the code points of a whole batch they take a quarter
of that time (numpy), and loading is measured against a client that prepares nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from casework.domain.search import LONGEST, joined_tokens, plain, raw_tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Codes = npt.NDArray[np.uint16]

FEW = 64
"""Texts of one call that are done one by one."""
DEAR = 30_000
"""Texts of a process that are done one by one before numpy is imported for them: its import takes as long."""
_BLANK, _END = 0x20, 0x0A
_done = [0]


def joined(texts: Sequence[str]) -> list[str]:
    """For each text its tokens, folded and joined by blanks."""
    if len(texts) < FEW or not _pays(len(texts)):
        return [joined_tokens(text) for text in texts]
    lower = [plain(text) for text in texts]
    # A line feed parts the texts, so inside a text it becomes a blank: neither is part of a token.
    common = [text.replace("\n", " ") for text in lower if text is not None]
    parts, long = _apart("\n".join(common))
    if long:
        return [joined_tokens(text) for text in texts]
    made = iter(parts)
    return [joined_tokens(text) if same is None else next(made) for text, same in zip(texts, lower, strict=True)]


def _pays(count: int) -> bool:
    """Whether to use numpy: somebody has imported it, or so much was done that its import is won back."""
    # Threads may lose a count to each other, which changes when numpy is imported and nothing else.
    _done[0] += count
    return "numpy" in sys.modules or _done[0] > DEAR


def _apart(text: str) -> tuple[list[str], bool]:
    """The lines of a text of the first plane in lower case, each as its tokens joined by blanks; whether one of the
    tokens is longer than tokens may be."""
    import numpy as np

    codes: Codes = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    han, letter = (flags[codes] for flags in _classes())
    end = codes == _END
    inside = letter.copy()
    inside[1:] &= letter[:-1]
    inside[:1] = False
    begins = np.flatnonzero(~inside)
    long = bool(np.diff(begins, append=len(codes)).max(initial=0) > LONGEST)
    # Two places for each code: a blank where a token begins, and the code itself if it is part of one.
    doubled = np.full(2 * len(codes), _BLANK, np.uint16)
    doubled[1::2] = codes
    kept = np.empty(2 * len(codes), np.bool_)
    kept[0::2] = (han | letter) & ~inside
    kept[1::2] = han | letter | end
    lines = doubled[kept].tobytes().decode("utf-16-le").split("\n")
    return [line[1:] for line in lines], long


@cache
def _classes() -> tuple[Flags, Flags]:
    """For every code of the first plane: is it a token by itself, is it part of a longer one."""
    import numpy as np

    han, letter = np.zeros(0x10000, np.bool_), np.zeros(0x10000, np.bool_)
    codes = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    # Written twice, a Han character makes two tokens and a letter makes one.
    for token in raw_tokens(" ".join(code * 2 for code in codes)):
        # Some codes are composed into one beyond the first plane: no text in its composed form holds them.
        if token < "\U00010000":
            (letter if len(token) == 2 else han)[ord(token[0])] = True
    return han, letter
