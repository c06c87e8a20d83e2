"""Text as every classifier sees it: one normal form, so that training and assessing never differ.

``normalise`` is for judgement only. What is masked, stored or shown is always the text as given.
"""

from __future__ import annotations

import re
import unicodedata

from nlp.dictionaries import word_list

LONGEST = 20_000
"""Characters of a text that are judged; the rest of a longer one changes no label and would only cost time."""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = (*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xAD, 0x061C, 0x180E)
_SURROGATES = range(0xD800, 0xE000)
_ZERO_WIDTH = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF)
_TABLE: dict[int, int | None] = {**_WIDTH, **dict.fromkeys((*_INVISIBLE, *_ZERO_WIDTH, *_SURROGATES))}

URL_MARK = "\ue000"
"""What an address becomes: a character that no text holds, so that "there is a link" can be learned."""
_SIMPLE = {ord(old): ord(group[0]) for group in word_list("traditional") for old in group[1:]}
_JUDGED = _TABLE | _SIMPLE
_OLD = re.compile(f"[{''.join(map(chr, _SIMPLE))}]")

_URL = re.compile(r"(?:https?|ftp)://[\x21-\x7e]+|\bwww\.[\x21-\x7e]+", re.IGNORECASE)
_SHEET = re.compile(r"_x000[dD]_|&nbsp;|&amp;|<br ?/?>")
_GAP = re.compile(r"\s+")
_LOOSE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_RUN = re.compile(r"(.)\1{3,}")
_MENTION = re.compile(r"@[\w\-·]{1,30}")
FACE = re.compile(r"\[[\w]{1,8}\]")
"""A platform's own emoticon: [泪], [中国赞]."""


def fold(text: str) -> str:
    """NFC, full-width ASCII made narrow; control, zero-width and lone surrogate characters dropped."""
    if text.isascii():
        return text.translate(_TABLE)
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def has_traditional(text: str) -> bool:
    """Whether ``simplify`` would change anything."""
    return _OLD.search(text) is not None


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, one for one: offsets stay."""
    return text.translate(_SIMPLE)


def normalise(text: str) -> str:
    """The form that is judged: folded, simplified characters, lower case, addresses as URL_MARK, mentions as ``@``,
    blanks only between Latin words.

    Runs of one character over three are cut to three. At most LONGEST characters are looked at.
    """
    text = text[:LONGEST]
    text = text.translate(_TABLE) if text.isascii() else unicodedata.normalize("NFC", text).translate(_JUDGED)
    text = text.lower()
    if "://" in text or "www." in text:
        text = _URL.sub(URL_MARK, text)
    if "@" in text:
        text = _MENTION.sub("@", text)
    if "&" in text or "<" in text or "_" in text:
        text = _SHEET.sub(" ", text)
    text = _LOOSE.sub("", _GAP.sub(" ", text).strip())
    return _RUN.sub(r"\1\1\1", text)
