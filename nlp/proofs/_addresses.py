"""Addresses made from the lists of divisions: the same for the same seed.

Forms as people write them: with and without the province, with and without the suffixes 省 and 市, with a street or
township, with road, number and estate behind. A form that leaves two places possible (西湖区 alone) is not made: what
it means is no question of the lists.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_ROADS = ("建设路", "人民路", "花园街", "解放大道", "中山路", "文化巷", "迎宾大道", "东风路", "长江路", "幸福街")
_ESTATES = ("", "", "阳光小区", "锦绣花园", "和谐家园", "世纪新城", "东方名苑")
_SUFFIX = re.compile(r"(?:特别行政区|自治区|省|市)$")
_PEOPLES = re.compile(r"(?:壮族|回族|维吾尔)+$")


@dataclass(frozen=True, slots=True)
class Address:
    """``code``: six digits of the county, of the city where the text names no county."""

    text: str
    code: str


def addresses(names: Mapping[str, str], seed: int, number: int) -> list[Address]:
    """``number`` addresses. ``names``: code (2, 4, 6 or 9 digits) → name, without the shells (市辖区)."""
    dice = random.Random(seed)
    shared = Counter(name for code, name in names.items() if len(code) == 6)
    counties = sorted(code for code in names if len(code) == 6 and code[:2] in names)
    streets: dict[str, list[str]] = {}
    for code, name in names.items():
        if len(code) == 9:
            streets.setdefault(code[:6], []).append(name)
    return [_address(dice, names, shared, streets, dice.choice(counties)) for _ in range(number)]


def _address(
    dice: random.Random, names: Mapping[str, str], shared: Counter[str], streets: Mapping[str, list[str]], code: str
) -> Address:
    province, city, county = names[code[:2]], names.get(code[:4], ""), names[code]
    short_province, short_city = _PEOPLES.sub("", _SUFFIX.sub("", province)), _SUFFIX.sub("", city)
    forms = [
        province + city + county,
        short_province + city + county,
        short_province + short_city + county,
        province + county if city else "",
        (city or province) + county,
        short_city + county if len(short_city) > 1 else "",
        county if shared[county] == 1 and len(county) > 2 else "",
    ]
    text = dice.choice([form for form in forms if form])
    if dice.random() < 0.4 and streets.get(code):
        text += dice.choice(streets[code]).removeprefix(county)
    if dice.random() < 0.8:
        text += f"{dice.choice(_ROADS)}{dice.randint(1, 399)}号{dice.choice(_ESTATES)}"
        text += f"{dice.randint(1, 30)}号楼{dice.randint(1, 5)}单元" if dice.random() < 0.5 else ""
    return Address(text, code)
