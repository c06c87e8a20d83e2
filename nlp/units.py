"""Organisations named in a text: the office's departments by id, others by the pattern of their names.

The office's names are found by an automaton; where one name holds another the longest at a place wins. Other names
end in a suffix (物业公司, 派出所, 村委会) and are read backwards from it to the nearest break, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.dictionaries import either, word_list

# The unit of a person: 示例镇(党委)(副)书记 names 示例镇.
_OF_PERSON = (
    r"(?:镇|乡|(?<![镇乡])村|街道|县|区|市|站|所|校|厂|社区|委|办)"
    rf"(?=村?(?:党委|党支部|支部|党总支|人大|政府)?副?(?:{either(word_list('offices'))}))"
)
_SUFFIX = re.compile(f"(?P<body>{either(word_list('bodies'))}|{_OF_PERSON})|(?P<firm>{either(word_list('firms'))})")
# 和 ends a name, 和谐社区 goes on.
_STOP = re.compile(rf"[^\w()()·]|(?!和[谐平顺睦美]|都昌)(?:{either(word_list('unit_stops'))})")
_EDGES = "()·0123456789"
_NO_NAME = frozenset(["v", "d", "c", "p", "r", "t", "ad", "y", "l", "z", "i"])
_NO_NAME_SHORT = frozenset(["c", "p", "r", "t", "u", "d"])
_SHORT_LEADS = frozenset("上能走给使做开买进去来连经受归照过案牵哎致报替帮拉惹")
_MANY = frozenset(["很多", "许多", "好多", "多个", "多家", "多所", "数名", "数家", "众多"])
_COUNTED = frozenset("个家所级座间位名类种次条项")
_NO_OFFICE = re.compile(r"[布格残骗饭僵败破赌牌棋副官]局$")
"""Words that only end like an office."""
_BEGINS = re.compile(r"^(?:经(?![开济纬贸信管适侦])|受|知|打|转|么|前原|现(?!代)|被|系|由)")
"""What hangs before a name and is no word of it."""
_PLACES = re.compile(r"^(?:[a-z]\d{0,2}[市县区州]|[一-鿿]{2,3}?(?:[省市县]|(?<![小社校园])区)|[全各]?[省市县区])+")
_NAMED_BY_PLACE = frozenset(["医院", "大学", "学院", "中学", "化工厂"])
"""Firms that a place names: 示例县医院 is one hospital, 示例县物业 none of many."""
_KINDS = frozenset(["普惠", "普惠性", "公办", "民办", "私立", "农村", "乡村", "中小", "直属", "普通", "各", "很多"])
_GOVERNED = re.compile(r"(?:[省市县区镇乡州旗盟国委道村办级]|人民)$")
"""What stands before 政府 where one government is meant: its place, a committee beside it."""
_BRIEF = frozenset(["学校", "小学", "中学", "幼儿园", "物业", "开发商", "医院", "酒店", "超市", "工厂"])
_NO_OWN = frozenset(["v", "vn", "a", "an", "ad", "d", "t", "f"])
_OF_SCHOOLS = frozenset(["实验", "培训", "进修", "示范", "发展", "实践", "训练", "教育"])
"""Words (by their tags) after which 学校 or 物业 names none: 走读学校, 选址物业."""
_VAGUE = frozenset(["政府", "员会", "中心"])
_GENERIC = frozenset(word_list("unit_generic"))
_AREAS = frozenset("省市县区镇乡村")
"""Tags of the segmenter; it calls 县 by the tag of odd single characters."""
_DATE = re.compile(r"^[\d年月日号]+(?=[^\d年月日号])")
_ASKED = re.compile(r"(?:请|望|盼|求|希望|要求|建议|向|到|给|找)(?!.*(?:查|究|惩|控告|举报|问责))[^,，、。]{0,6}$")
_TO_ACT = re.compile(
    r"[^,，、。]{0,8}?(?:查|介入|处理|举报|反映|投诉|控告|信访|关注|做主|立案|核实|追究|督办|监督|督促)"
)
_ENDS_PLACE = re.compile(r"[省市县区镇乡村]$|街道$|社区$")
_LONGEST = 18
_SHORTEST = 3
_TOO_COMMON = frozenset(word_list("not_units"))


@dataclass(frozen=True, slots=True)
class Found:
    """A unit at ``start``…``end`` of the text searched. ``value``: the department's id, or the name as written."""

    value: str
    start: int
    end: int
    body: bool
    department: bool


class UnitFinder:
    """Finds units. ``names``: name or alias → department id; names under two characters are passed over.

    ``places``: names of towns and streets, inside which no name begins (来集镇 is not 集镇 after 来).
    """

    def __init__(self, names: Mapping[str, str], places: frozenset[str] = frozenset()) -> None:
        import ahocorasick
        import rjieba

        self._places = places
        self._tag = rjieba.Jieba().tag
        self._names = {name.lower(): value for name, value in names.items() if len(name) >= 2}
        self._automaton = ahocorasick.Automaton()
        for name, value in self._names.items():
            self._automaton.add_word(name, (name, value))
        if self._names:
            self._automaton.make_automaton()

    @property
    def ids(self) -> dict[str, str]:
        """Name or alias → department id."""
        return self._names

    def find(self, text: str) -> list[Found]:
        """Units in the order of the text, none inside another."""
        covered = bytearray(len(text))
        departments = self._departments(text, covered)
        others = [found for found in self._patterns(text) if 1 not in covered[found.start : found.end]]
        return sorted([*departments, *others], key=lambda found: found.start)

    def _departments(self, text: str, covered: bytearray) -> list[Found]:
        if not self._names:
            return []
        hits = [(end + 1 - len(name), end + 1, value) for end, (name, value) in self._automaton.iter(text)]
        kept: list[Found] = []
        for start, end, value in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if 1 not in covered[start:end]:
                covered[start:end] = b"\x01" * (end - start)
                kept.append(Found(value, start, end, True, True))
        return kept

    def _patterns(self, text: str) -> Iterable[Found]:
        last = 0
        for match in _SUFFIX.finditer(text):
            begin = max(last, match.end() - _LONGEST)
            head = text[begin : match.start()]
            name = _bare(self._without_lead(_bare(text[begin + _last_stop(head) : match.end()]), match.group()))
            if len(name) - len(match.group()) < _own(match) or len(name) < _SHORTEST or name in _TOO_COMMON:
                continue
            if _NO_OFFICE.search(name) or self._describes(name, match):
                # No name, but none that follows begins inside it.
                last = match.end()
                continue
            start = match.end() - len(name)
            last = match.end()
            yield Found(name, start, match.end(), match["body"] is not None, False)

    def _without_lead(self, name: str, suffix: str) -> str:
        """The name after its last word that no name has inside: a verb, an adverb, a pronoun (积极响应|政府)."""
        end = at = 0
        for word, tag in self._tag(name):
            at += len(word)
            if at > len(name) - len(suffix):
                break
            if _leads(word, tag) and not self._begins_place(name, at - len(word), at):
                end = at
        return _BEGINS.sub("", name[end:])

    def _begins_place(self, name: str, start: int, end: int) -> bool:
        """Whether a place begins with what stands at ``start``…``end`` or before it, and goes on behind."""
        starts = range(max(0, start - 2), start + 1)
        return any(name[low:high] in self._places for low in starts for high in range(end + 1, end + 6))

    def _describes(self, name: str, match: re.Match[str]) -> bool:
        """Whether what a name has before its suffix only tells of what kind it is (商品房|开发商, 普惠性|幼儿园).

        An office is named by what it does (教育|局): only 政府, 委员会 and 中心 are not.
        """
        if match["body"] is not None and match.group()[-2:] not in _VAGUE:
            return False
        own = name[: len(name) - len(match.group())]
        if match.group() == "政府" and not _GOVERNED.search(own):
            return True
        if match.group() in _BRIEF:
            word, tag = (self._tag(own) or [("", "")])[-1]
            if tag in _NO_OWN and len(word) > 1 and word not in _OF_SCHOOLS:
                return True
        bare = own
        if match["body"] is None and match.group() not in _NAMED_BY_PLACE:
            bare = _PLACES.sub("", own)
        # Of one place there is one 实验小学, but many 普惠性幼儿园.
        return all(word in (_GENERIC if bare == own else _KINDS) for word, _ in self._tag(bare))


def _leads(word: str, tag: str) -> bool:
    """Whether a word, by its part of speech, can only stand before a name."""
    if len(word) == 1:
        return (
            word in _SHORT_LEADS
            or (tag == "f" and word in "后内里时")
            or (tag in _NO_NAME_SHORT and word != "某")
            or (tag == "zg" and word not in _AREAS)
        )
    counts = tag == "m" and (word[0] in "一几" or word in _MANY or word[-1] in _COUNTED)
    return tag in _NO_NAME or counts


def _own(match: re.Match[str]) -> int:
    """Characters that a name has before its suffix, at least: 某派出所 is one, 新学校 and 该村 are none."""
    return 1 if match["body"] is not None and len(match.group()) >= _SHORTEST else 2


def _bare(name: str) -> str:
    """The name without what hangs over its edges: brackets that do not close, figures, a count of houses."""
    name = _DATE.sub("", name.strip(_EDGES))
    for opening, closing in ("()", "（）"):
        if (opening in name) != (closing in name):
            name = name.rpartition(opening)[2] if opening in name else name.rpartition(closing)[2]
    return name.strip(_EDGES)


def _last_stop(head: str) -> int:
    end = 0
    for stop in _STOP.finditer(head):
        end = stop.end()
    return end


def values(found: Iterable[Found], limit: int = 8) -> list[str]:
    """Values in order, each once, departments first. Of two names of which one ends with the other, the fuller one
    stands where what it has more is a place, the bare one where it is not."""
    ordered = sorted(found, key=lambda unit: (not unit.department, unit.start))
    named = list(dict.fromkeys(unit.value for unit in ordered))
    full = [name for name in named if not any(_instead(other, name) for other in named if other != name)]
    return full[:limit]


def asked_to_act(text: str, unit: Found) -> bool:
    """Whether the unit is asked to look into something (请纪委调查, 向监委举报): who is asked is not accused."""
    return bool(
        _ASKED.search(text[max(0, unit.start - 10) : unit.start]) and _TO_ACT.match(text[unit.end : unit.end + 14])
    )


def _instead(other: str, name: str) -> bool:
    """Whether ``other`` says the same unit better than ``name``."""
    if other.endswith(name):
        return _ENDS_PLACE.search(other[: -len(name)]) is not None
    return name.endswith(other) and _ENDS_PLACE.search(name[: -len(other)]) is None
