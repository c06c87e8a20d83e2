"""The units of persons who are accused: 村支书 is of a 村委会, 镇长 of a 镇政府, a head teacher of a school.

``units.py`` finds names; a short accusation names an office holder instead. Whose unit is meant is still plain, and
信访工作条例 第三十条 keeps the letter from it: its name is given with its place where the text has it (示例村村委会),
bare (村委会) where it has not, and as the department's id where the office lists that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.dictionaries import either, word_list
from nlp.units import Found

_HOLDER = either(word_list("offices"))
_OFFICER = r"(?:的|原|前|现任|副|党委|党支部|党总支|党组|总支|后勤|财务)*"
_BARE: tuple[tuple[str, str], ...] = (
    (
        r"(?<!包)村(?:两委|支两委|委会|委|支部|里的干部|支书|书记|主任|副主任|长|干部|会计|官|妇女主任|民兵连长)",
        "村委会",
    ),
    (r"(?<![村镇乡县党])(?:党支部书记|支部书记|支书)", "村委会"),
    (r"镇(?:党委|政府|人大|里|上的|长|书记|副书记|干部|领导|[一-鿿]{2,3}办(?:主任)?|工作人员)|副镇长", "镇政府"),
    (r"乡(?:党委|政府|人大|里|长|书记|副书记|干部|领导|工作人员)|副乡长", "乡政府"),
    (r"街道(?:办事处|办|党工委|书记|主任|副主任|干部|领导|工作人员|[一-鿿]{2,3}办)", "街道办"),
    (
        rf"居委会|居委|社区(?:居委会)?(?=(?:党委|党支部|党总支|支部)?副?(?:{_HOLDER}|网格员|会计|两委|把|发的))",
        "社区居委会",
    ),
    (r"法院|法官|审判长|审判员|执行局", "法院"),
    (r"检察院|检察官", "检察院"),
    (r"派出所(?:[^,。]{0,4}?(?:民警|警察|辅警|干警))?", "派出所"),
    (r"公安局|公安|民警|警察|辅警|协警|刑警|干警|户籍科|经侦|治安大队", "公安局"),
    (r"交警", "交警"),
    (r"城管", "城管"),
    (r"(?<!民办)(?<!私立)(?<!民营)(?:学校|中学|小学)?副?校长|学校(?=书记|领导|会计|后勤)", "学校"),
    (
        r"(?:医院|卫生院)(?=副?院长|[一-鿿]{0,3}科(?:室)?主任|领导|书记)|科室?主任(?=[^,。]{0,6}(?:药|钢板|耗材|器械))",
        "医院",
    ),
    (r"卫生院", "卫生院"),
    (r"县委", "县委"),
    (r"市委", "市委"),
    (r"区委", "区委"),
    (r"副?县长", "县政府"),
    (r"副?区长", "区政府"),
    (r"副?市长", "市政府"),
)
"""What says that somebody is of a unit, and the unit."""
_GENERAL = frozenset(word_list("plain_general"))
"""Words for many offices or for none: nobody's name."""
_GOVERNMENTS = frozenset(name for _, name in _BARE if name.endswith("政府"))
"""Governments: 区长 behind 示例区 is of that one."""
_OFFICES = re.compile(
    either(word for word in word_list("plain_offices") if word not in _GENERAL)
    + r"|[一-鿿]{2,4}(?<![邮饭结布格骗])局(?=的人)"
)
_PERSONS = re.compile("|".join(f"(?P<u{at}>{pattern})" for at, (pattern, _) in enumerate(_BARE)))
_OF_FIRM = re.compile(rf"{_OFFICER}(?:校长|院长|书记|主任|领导|科长|会计|园长|馆长|总经理|董事长|[一-鿿]{{1,4}}科主任)")
_PRIVATE = re.compile("私立|民办|民营|培训|驾校|诊所|酒店|饭店|超市|健身|俱乐部|药店|物业|幼儿园")
_PUBLIC_FIRM = re.compile(
    "国有|国资|城投|交投|建投|水务|自来水|供水|供电|电力|电网|燃气|热力|烟草|粮|盐业|石油|石化|移动|电信|联通|铁路|公交|地铁|银行|信用社|农商"
)
_SERVES = re.compile("(?:学校|小学|中学|大学|学院|医院)$")
_AREA = {
    "村": "村委会",
    "镇": "政府",
    "乡": "政府",
    "街道": "办",
    "社区": "居委会",
    "县": "政府",
    "区": "政府",
    "市": "政府",
}
"""What follows the name of a place where the unit that governs it is meant."""


def with_persons(text: str, found: Sequence[Found], ids: dict[str, str]) -> list[Found]:
    """``found`` (of ``UnitFinder``) with the units of persons, each of them a body; in the order of the text.

    ``ids``: name → department id. A place that stands for its unit (示例镇 of 示例镇书记) becomes that unit; public
    schools, hospitals and state firms whose officers are named become bodies.
    """
    named = [_governing(_as_body(text, unit), ids) for unit in found]
    taken = bytearray(len(text))
    for unit in named:
        taken[unit.start : unit.end] = b"\x01" * (unit.end - unit.start)
    bare = [unit for unit in _bare(text, ids) if 1 not in taken[unit.start : unit.end]]
    ends = {unit.end for unit in named if unit.body}
    bare = [unit for unit in bare if not (unit.start in ends and unit.value in _GOVERNMENTS)]
    bare = [unit for unit in bare if not any(_says(other, unit.value) for other in named if other.body)]
    return sorted([*named, *bare], key=lambda unit: unit.start)


def _says(named: Found, bare: str) -> bool:
    """Whether a unit named in full is the one that a bare word means."""
    return named.value.endswith(bare)


def _as_body(text: str, unit: Found) -> Found:
    if unit.body or _PRIVATE.search(unit.value) or not _OF_FIRM.match(text[unit.end : unit.end + 16]):
        return unit
    public = _SERVES.search(unit.value) or _PUBLIC_FIRM.search(unit.value)
    return replace(unit, body=True) if public else unit


def _governing(unit: Found, ids: dict[str, str]) -> Found:
    if unit.department or not unit.body:
        return unit
    for ending, office in _AREA.items():
        if unit.value.endswith(ending):
            names = (unit.value + office, f"{unit.value}人民政府" if office == "政府" else f"{unit.value}办事处")
            known = next((ids[name] for name in names if name in ids), None)
            return replace(unit, value=known or names[0], department=known is not None)
    return unit


def _bare(text: str, ids: dict[str, str]) -> Iterator[Found]:
    for match in _PERSONS.finditer(text):
        name = _BARE[int((match.lastgroup or "u0")[1:])][1]
        yield _of(name, match.start(), match.end(), ids)
    for match in _OFFICES.finditer(text):
        if not any(re.fullmatch(pattern, match.group()) for pattern, _ in _BARE):
            yield _of(match.group(), match.start(), match.end(), ids)


def _of(name: str, start: int, end: int, ids: dict[str, str]) -> Found:
    known = ids.get(name)
    return Found(known or name, start, end, True, known is not None)
