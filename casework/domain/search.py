"""What a search means, the same for every store.

Han characters are single tokens, runs of letters and digits are one token each, case and width folded; a query
matches where its tokens stand side by side in the title or in the text. Each store keeps the tokens made here, so none
has a meaning of its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
LONGEST = 120
"""Characters of a token, before and after folding. Elasticsearch cuts at 255 units of UTF-16, of which a rare letter
takes two: it is cut here first, so that all stores cut alike."""
_TOKEN = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]{{1,{LONGEST}}}")


_MOST_FOLDED = 200_000


class _Folded(dict[str, str]):
    """Token → the token with case and width folded; filled as tokens are met, since most are met again and again."""

    def __missing__(self, token: str) -> str:
        folded = "".join(unicodedata.normalize("NFKC", token).lower().split())[:LONGEST]
        if len(self) < _MOST_FOLDED:
            self[token] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """A text with width and case folded (NFKC, lower case), for finding a query in it as a person reads it."""
    return unicodedata.normalize("NFKC", text).lower()


def raw_tokens(text: str) -> list[str]:
    """The tokens of a text as they are written: each Han character, each run of letters and digits."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def folded(token: str) -> str:
    """A token of ``raw_tokens`` with case and width folded."""
    return _FOLDED[token]


def tokens(text: str) -> list[str]:
    """The tokens of a text or a query, folded."""
    return [_FOLDED[token] for token in raw_tokens(text)]


@cache
def _odd() -> re.Pattern[str]:
    """Letters and digits that folding changes in more than their case: built once, when the first text is joined.

    The final sigma is among them: its lower case depends on its neighbours.
    """
    codes = [code for code in range(0x80, 0x10000) if _folds_oddly(chr(code))]
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    shown = "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
    # Beyond the first plane letters are rare: such a text takes the slow way.
    return re.compile(f"[{shown}\U00010000-\U0010ffff]")


def _folds_oddly(letter: str) -> bool:
    lower = letter.lower()
    changed = unicodedata.normalize("NFKC", letter) != letter or not lower.isalnum() or len(lower) > 1
    return letter.isalnum() and (changed or letter == "Σ")


def plain(text: str) -> str | None:
    """The text folded, if folding it whole is the same as folding each of its tokens (nearly every text). Else None."""
    composed = unicodedata.normalize("NFC", text)
    return composed.lower() if _odd().search(composed) is None else None


def joined_tokens(text: str) -> str:
    """The tokens of a text, folded and joined by blanks."""
    lower = plain(text)
    return " ".join(tokens(text) if lower is None else _TOKEN.findall(lower))
