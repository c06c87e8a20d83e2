"""Persons as a sentence names them: one person without a number (司机, 工人黄某, 小刘), and lists of persons.

A list counts all it names: 一对夫妻和他们6岁的女儿 are 3, 司机及两名乘客 are 3, 我和四个工友 are 5. Bounded patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from nlp.dictionaries import either, word_list
from nlp.numbers import NUMBER, number

_NO_NAMES = frozenset("时万方路段常左白文安康龙毛牛孔成车金钱余")
"""Surnames that are words behind 老 or 小 (小时, 老路)."""
_FAMILIES = "".join(name for name in word_list("surnames") if len(name) == 1)
_SURNAMES = "".join(name for name in _FAMILIES if name not in _NO_NAMES)
_UNNAMED = rf"[{_FAMILIES}欧上司][阳官徒]?某(?:某|[\u4e00-\u9fff](?=[在因被从的,、)不]))?"
_STYLED = (
    rf"[{_SURNAMES}](?:姐|哥|叔|婶|姨|嫂|伯|大爷|大妈|大姐|大哥|师傅|阿姨|奶奶|爷爷|老师|女士|先生|主任|队长|老板)"
)
_NAME = rf"(?:{_UNNAMED}|{_STYLED}|[老小][{_SURNAMES}](?![板子家区店车狗猫]))"
_SINGLE = rf"(?:(?:{either(word_list('one_person'))})(?![们家])|{_NAME})"
_THAT = rf"[那这该](?:个|名|位)?[^,。、;\d]{{0,6}}?(?:{either(word_list('persons'))})"
_TELLS = r"(?:介绍|表示|告诉|回忆|称|说|报警|目睹|看到|确认|诊断|宣布|宣告|证实)"
_MATE = r"(?<=[,、;])(?:工友|同学|同事|同伴|朋友|伙伴|同乡|亲戚|堂亲)(?=[也则还被却]|当场|$)"
ONE = re.compile(rf"(?:{_SINGLE}|{_THAT}|{_MATE})(?![^,。、;]{{0,4}}{_TELLS})")
"""One person, who is not only quoted."""

_PAIR = (
    rf"(?:一对|这对|那对|双胞胎)?(?:年轻|年迈|老年|中年|小|老)?(?:{either(word_list('pairs'))})(?:俩|二人|两人|2人)?"
)
_AGE = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})多?(?:岁|周岁|个多?月)(?:多|大)?"
_OF = (
    rf"(?:他们|她们|他|她|其|我们|我|自己|{_AGE}|年仅|刚满月|刚出生|年幼|年迈|未成年|怀孕|"
    rf"同行|同车|随行|家|的|车上|路过|邻家|隔壁|对门|楼上|楼下|邻床|邻座|前面|后面|后座|后排|副驾驶?|位上|座上|车后|旁边|身边|另外|另|其他|其余|同村|同班|同寝|同行){{0,5}}"
)
_FILL = r"[^,。、;:!?()\d死伤亡难害失获送救受和与及跟同带被致因□]{0,10}?"
_COUNTED = rf"{NUMBER}(?:名|位|个(?!小时|月|多)|口|人(?!民))"
_ITEM = rf"{_OF}(?:{_COUNTED}(?!中){_FILL}|{_PAIR}|(?:{_SINGLE}){{1,3}}|我(?=[还也都在被受正现均]))"
_JOIN = r"(?:、|和|与|及其?|以及|跟|还有|连同|加上|同|带着)"
_BETWEEN = re.compile(_JOIN)
_ITEM_NUMBER = re.compile(rf"{_OF}(?P<n>{NUMBER})(?:名|位|个|口|人)")
_ITEM_PAIR = re.compile(rf"{_OF}{_PAIR}")
_MAY_LIST = re.compile(r"[、和与及跟同]|还有|加上|带着")
HELPERS = re.compile(r"医生|护士|民警|消防员|警察|辅警|大夫|队员")
"""Those who help: with the injured in one clause they are not injured themselves."""


@dataclass(frozen=True, slots=True)
class Persons:
    """``count`` persons named at ``start``…``end``."""

    count: int
    start: int
    end: int


@cache
def _list() -> re.Pattern[str]:
    """Long to compile, so not before the first text that may hold a list."""
    return re.compile(rf"(?:我(?=[和与跟同、])|{_ITEM})(?:{_JOIN}{_ITEM}){{1,6}}")


_CROWD = re.compile(
    r"(?:老师|教师|教职工|店员|服务员|员工|职工|学生|护士|医生|保安|工人|顾客|行人|路人|邻居|快递员|家长|居民|村民|游客|乘客|群众|市民|商户|工作人员|陪护|家属|护工)"
)


def lists_of(sentence: str) -> Iterator[Persons]:
    """Lists of two and more items, with their sum."""
    if not _MAY_LIST.search(sentence):
        return
    for match in _list().finditer(sentence):
        items = _BETWEEN.split(match.group())
        counts = [_count(item) for item in items]
        if len(items) == 2 and (counts[0] or 0) > 2 and _CROWD.fullmatch(items[1]) and "、" not in match.group():
            counts[1] = 0  # 43名学生和老师: both are among the 43
        if None not in counts:
            yield Persons(sum(count or 0 for count in counts), match.start(), match.end())


def _count(item: str) -> int | None:
    numbered = _ITEM_NUMBER.match(item)
    if numbered:
        value = number(numbered["n"])
        return None if value is None else int(value)
    return 2 if _ITEM_PAIR.match(item) else 1
