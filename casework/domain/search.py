"""What a search means, the same for every store.

Han characters are single tokens, runs of letters and digits are one token each, case and width folded; a query
matches where its tokens stand side by side in the title or in the text. That is what Elasticsearch's ``standard``
analyzer with ``match_phrase`` does; SQLite keeps bigrams of the same tokens in its index.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]{{1,200}}")
"""A run longer than 200 characters is cut: Elasticsearch cuts at 255, and both stores must cut alike."""


def fold(text: str) -> str:
    """Width and case folded (NFKC, lower case): what is stored for search in both stores."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """The tokens of a text or a query: each Han character, each run of letters and digits."""
    return _TOKEN.findall(fold(text))


def bigrams(parts: list[str]) -> list[str]:
    """Each token followed by the next, joined by ``_``; the last token alone closes the row.

    A single-token query is then a prefix query on the bigram, a longer one a phrase of bigrams.
    """
    return [f"{left}_{right}" for left, right in zip(parts, [*parts[1:], ""], strict=False)]
