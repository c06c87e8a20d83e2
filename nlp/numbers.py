"""Numbers as Chinese texts write them: digits, Chinese numerals, 十余, 数十, 近百, 至少3."""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS |= {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000, "百万": 1_000_000, "千万": 10_000_000}
_PAIR = 2
_ABOUT = ("一二", "两三", "二三", "三四", "三五", "四五", "五六", "六七", "七八", "八九")
_HAN = "".join([char for char in _DIGITS if char not in "俩仨"] + list(_UNITS))

NUMBER = (
    rf"(?:(?:(?<!附)(?<!最)(?<!邻)近|将近|接近)?(?:[数几上][十百千]|"
    rf"\d{{1,3}}(?:,\d{{3}}){{1,4}}(?:\.\d{{1,4}})?(?!\d)|\d{{1,12}}(?:\.\d{{1,4}})?|[{_HAN}]{{1,9}}|"
    rf"[俩仨])"
    r"(?:个(?=[万亿]))?(?:[百千]?万|亿)?(?:余|多|来|好几|几(?![十百千]))?[万亿]?)"
)
"""One number, for use inside a pattern. ``number`` gives its value."""

_NUMBER = re.compile(
    rf"(?P<near>近|将近|接近)?(?:(?P<some>[数几上])(?P<unit>[十百千])|(?P<digits>\d[\d,]*(?:\.\d+)?)|(?P<han>[{_HAN}俩仨]+))"
    r"(?:个?(?P<large>[百千]?万|亿))?(?:余|多|来|好几|几)?(?P<larger>[万亿])?"
)


def han_number(text: str) -> int:
    """The value of a Chinese numeral without 万 and 亿: 三十二 → 32, 一百零五 → 105, 二〇二四 → 2024.

    Two digits side by side say about (三四个, 二三十): the lower one counts.
    """
    if not any(char in _UNITS for char in text):
        if len(text) == _PAIR and text in _ABOUT:
            return _DIGITS[text[0]]
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = digit or _DIGITS[char]
        else:
            total += (digit or (1 if not total or _UNITS[char] == 10 else 0)) * _UNITS[char]
            digit = 0
    return total + digit


def number(text: str) -> float | None:
    """The value of what NUMBER matched; None when it is not a number.

    余 and 多 give the lower bound (十余 is 10), 数十 and 几十 are 20 (two at least), 上百 is 100; 近 says that the
    number is not reached: one below.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    if match["some"]:
        value: float = (1 if match["some"] == "上" else 2) * _UNITS[match["unit"]]
    elif match["digits"]:
        value = float(match["digits"].replace(",", ""))
    else:
        value = han_number(match["han"])
    for large in (match["large"], match["larger"]):
        value *= _LARGE.get(large or "", 1)
    return value - 1 if match["near"] else value
