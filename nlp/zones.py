"""Short names of zones of a city: 经开区, 高新区, 航空港区. Within their city they name one place, elsewhere none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_LISTED = Path(__file__).with_name("dictionaries") / "zones.txt"
_KINDS = (
    (
        re.compile(r"高新?技术(?:产业)?(?:开发区|园区)$"),
        ("高新区", "高新技术产业开发区", "高新技术开发区", "高新开发区"),
    ),
    (re.compile(r"经济(?:技术)?开发区$"), ("经开区", "经济技术开发区", "经济开发区", "开发区", "技术开发区")),
    (re.compile(r"航空港经济综合实验区$"), ("航空港区", "航空港实验区", "航空港经济综合实验区", "航空港", "港区")),
    (re.compile(r"城乡一体化示范区$"), ("示范区", "城乡一体化示范区", "一体化示范区")),
    (re.compile(r"工业园区$"), ("工业园区",)),
    (re.compile(r"现代产业园区$"), ("产业园区", "现代产业园区")),
    (re.compile(r"管理区$"), ()),
    (re.compile(r"新区$"), ()),
    (re.compile(r"示范区$|聚集区$|化工园区$|创意园区$"), ()),
)


NEAR_ONLY = frozenset(("开发区", "技术开发区", "示范区", "港区", "航空港", "工业园区", "产业园区", "经济开发区"))
"""Words for any zone: they name one only right behind its city."""


def short_names(name: str, province: str, city: str) -> Iterator[str]:
    """Short names of the zone ``name``; nothing where it is none. ``province``, ``city``: without their suffixes."""
    for pattern, listed in _KINDS:
        if pattern.search(name):
            yield from (short for short in listed if short != name)
            break
    else:
        return
    for parent in (province + city, province, city + "市", city):
        rest = name.removeprefix(parent)
        if parent and rest != name and len(rest) > 3:
            yield rest
            yield rest.replace("高新技术产业开发区", "高新区").replace("经济技术开发区", "经开区")


def listed_zones() -> Iterator[tuple[str, str, bool]]:
    """(code of the county or city where it lies, name, whether the name is used within its city alone) of the zones
    that the list of divisions has not: a zone of several counties lies where its committee sits."""
    for line in _LISTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        code, *names = line.split()
        local = False
        for name in names:
            if name == "|":
                local = True
            else:
                yield code, name, local
