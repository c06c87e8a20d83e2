"""Organisations named in a text: the office's departments by id, others by the pattern of their names.

The office's names are found by an automaton; where one name holds another the longest at a place wins. Other names
end in a suffix (物业公司, 派出所, 村委会) and are read backwards from it to the nearest break, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FIRM = "有限责任公司|股份有限公司|有限公司|物业公司|公司|物业|集团|开发商|酒店|饭店|超市|商场|银行|支行|医院|学校|幼儿园|小学|中学|大学|学院|培训机构|培训中心|工厂|化工厂|驾校|诊所|药店|健身房|俱乐部"
_BODY = (
    "人民政府|政府|管理委员会|管委会|委员会|村委会|居委会|街道办事处|街道办|办事处|派出所|执法局|执法大队|执法队|公安局|公安分局|分局|管理局|监督局|"
    "交警大队|交警支队|大队|支队|中队|法院|检察院|局|信访办|村委|社区|管理处|管理所|监理站|服务中心|管理中心|党支部|卫健委|住建委|发改委|教委|国土所|司法所|财政所|税务所|卫生院"
)
_OFFICE = "书记|主任|镇长|乡长|村长|村主任|支书|区长|县长|市长|局长|所长|院长|校长|站长|队长|科长|处长|厅长|会计|干部|工作人员|领导|民警|城管|负责人"
# The unit of a person: 示例镇(党委)(副)书记 names 示例镇.
_OF_PERSON = (
    f"(?:镇|乡|村|街道|县|区|市|站|所|校|厂|社区|委|办)(?=(?:党委|党支部|支部|党总支|人大|政府)?副?(?:{_OFFICE}))"
)
_SUFFIX = re.compile(f"(?P<body>{_BODY}|{_OF_PERSON})|(?P<firm>{_FIRM})")
_STOP = re.compile(
    r"[^\w()()·]|[的了在由被让给向对找到去与和及跟从把将是因为说称请求望于]|关于|投诉|举报|感谢|表扬|反映|建议|咨询|希望|要求|我们|我|本人|检举|控告|揭发|实名|恳请|请问"
)
_LONGEST = 18
_SHORTEST = 3
_TOO_COMMON = frozenset(
    "小区物业公司 政府 公司 物业 物业公司 社区 集团 学校 医院 银行 局 大队 中队 支队 分局 派出所 村委会 居委会 委员会 法院 酒店 开发商 小学 中学 大学 学院 幼儿园 "
    "当地政府 地方政府 相关政府 有关政府 市政府 县政府 区政府 镇政府 小区物业 各级政府 人民政府 人民法院 该公司 本公司 这家公司 保险公司 有限公司 旅游公司 分公司 "
    "我公司 某公司 国家政府 一中学 新公司 贵公司 总公司 老物业 新物业 小区业委会 邮局 结局 布局 格局 大局 全局 大结局 饭局 出局 当局 骗局 僵局 残局 开局 时局 平局 败局 定局 破局".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A unit at ``start``…``end`` of the text searched. ``value``: the department's id, or the name as written."""

    value: str
    start: int
    end: int
    body: bool
    department: bool


class UnitFinder:
    """Finds units. ``names``: name or alias → department id; names under two characters are passed over."""

    def __init__(self, names: Mapping[str, str]) -> None:
        import ahocorasick

        self._names = {name.lower(): value for name, value in names.items() if len(name) >= 2}
        self._automaton = ahocorasick.Automaton()
        for name, value in self._names.items():
            self._automaton.add_word(name, (name, value))
        if self._names:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Found]:
        """Units in the order of the text, none inside another."""
        departments = self._departments(text)
        taken = [(found.start, found.end) for found in departments]
        others = [found for found in self._patterns(text) if not _overlaps(found, taken)]
        return sorted([*departments, *others], key=lambda found: found.start)

    def _departments(self, text: str) -> list[Found]:
        if not self._names:
            return []
        hits = [(end + 1 - len(name), end + 1, value) for end, (name, value) in self._automaton.iter(text)]
        kept: list[Found] = []
        for start, end, value in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if not any(start < found.end and found.start < end for found in kept):
                kept.append(Found(value, start, end, True, True))
        return kept

    def _patterns(self, text: str) -> Iterable[Found]:
        last = 0
        for match in _SUFFIX.finditer(text):
            begin = max(last, match.end() - _LONGEST)
            head = text[begin : match.start()]
            name = text[begin + _last_stop(head) : match.end()].strip("()()·0123456789")
            if len(name) < _SHORTEST or name in _TOO_COMMON:
                continue
            start = match.end() - len(name)
            last = match.end()
            yield Found(name, start, match.end(), match["body"] is not None, False)


def _last_stop(head: str) -> int:
    end = 0
    for stop in _STOP.finditer(head):
        end = stop.end()
    return end


def _overlaps(found: Found, taken: Iterable[tuple[int, int]]) -> bool:
    return any(found.start < end and start < found.end for start, end in taken)


def values(found: Iterable[Found], limit: int = 8) -> list[str]:
    """Values in order, each once, departments first."""
    ordered = sorted(found, key=lambda unit: (not unit.department, unit.start))
    return list(dict.fromkeys(unit.value for unit in ordered))[:limit]
