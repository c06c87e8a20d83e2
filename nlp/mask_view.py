"""The text as masking reads it: width folded, hidden characters gone, traditional characters as simplified ones,
numerals as digits, places remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.text import has_traditional, simplify

_HIDDEN = frozenset(
    chr(code)
    for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10))
) | {"\ufeff", "\u00ad", "\u20e3", "\u061c", "\u180e"}
_FOLD = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009), " ")
_FOLD |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x30FC, 0xFE63), "-")
_FOLD |= {
    code: str(unicodedata.decimal(chr(code)))
    for code in (*range(0x0660, 0x066A), *range(0x1D7CE, 0x1D800))
    if unicodedata.decimal(chr(code), None) is not None
}
_COMMON = [(chr(ord(mark) + 0xFEE0), mark) for mark in ",:()!?;"] + [("\u3000", " "), ("\u2014", "-")]
_RARE = re.compile(f"[{''.join(sorted({*map(chr, _FOLD)} - {mark for mark, _ in _COMMON}))}]")
_INVISIBLE = re.compile(f"[{''.join(sorted(_HIDDEN))}]+")
_HAN_DIGITS = "零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⓿❶❷❸❹❺❻❼❽❾"
_VALUES = str.maketrans(_HAN_DIGITS + _CIRCLED, "0001234567891123456789" + "01234567890123456789")
_RUN = re.compile(rf"[\d{_HAN_DIGITS}](?:[ .\-]?[\d{_HAN_DIGITS}]){{6,30}}|[{_CIRCLED}](?: ?[{_CIRCLED}]){{6,18}}")
_NUMERAL = re.compile(f"[{_HAN_DIGITS}]{{2}}|[{_CIRCLED}]{{7}}")


@dataclass(frozen=True, slots=True)
class View:
    """``text``: folded, without hidden characters. ``digits``: the same with long runs of numerals as digits.

    ``origin[i]``: where character i stands in the string as given. Both strings are of one length.
    """

    text: str
    digits: str
    origin: Sequence[int]


def view_of(text: str) -> View:
    """The view of a string as given."""
    kept: Sequence[int] = range(len(text))
    if not text.isascii():
        for mark, narrow in _COMMON:
            text = text.replace(mark, narrow)
        if _INVISIBLE.search(text):
            kept, text = _visible(text)
        if _RARE.search(text):
            text = text.translate(_FOLD)
        if has_traditional(text):
            text = simplify(text)
    digits = text
    if _NUMERAL.search(text):
        digits = _RUN.sub(lambda run: run.group().translate(_VALUES), text)
    return View(text, digits, kept)


def _visible(text: str) -> tuple[list[int], str]:
    """(places of the visible characters, those characters)."""
    kept: list[int] = []
    last = 0
    for match in _INVISIBLE.finditer(text):
        kept.extend(range(last, match.start()))
        last = match.end()
    kept.extend(range(last, len(text)))
    return kept, _INVISIBLE.sub("", text)
