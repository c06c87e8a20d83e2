"""Patterns for what is written in words: addresses below the street, a child's school and class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.dictionaries import either, word_list
from nlp.tagging import tagger

Span = tuple[int, int]

_HAN = r"[㐀-䶿一-鿿]"
_N = r"[\d一二三四五六七八九十百零〇甲乙丙丁A-Za-z]"
_BLOCK = r"(?:号楼|栋|幢|座|#楼|#)"
_DOOR = r"(?:号楼|号院|单元|栋|幢|座|层|楼|室|户|门|房|号|#楼|#)"
_MORE = re.compile(
    rf"[,、 ]?(?:{_N}{{1,6}}(?:-{_N}{{1,5}}){{0,3}}{_DOOR}"
    r"|[东西南北中]{1,2}(?:户|门|单元)|(?<!\d)\d{3,4}(?!\d|[元年人名万块平米%]))"
)
_ROAD = re.compile(
    rf"(?:路|街|大道|巷|弄|胡同|里)(?:[东西南北中]段)?(?:{_N}{{1,6}}(?:-\d{{1,4}})?号(?!线|台风|文)(?:院|楼)?(?!线)|\d{{1,5}}弄(?:\d{{1,4}}号)?)"
)
_ESTATE = re.compile(
    rf"(?:{either(word_list('estates'))})[,、 ]?"
    rf"(?:{_N}{{1,4}}(?:{_BLOCK}|单元)|#?\d{{1,3}}-\d{{1,3}}-\d{{2,4}}|\d{{3,4}}室)"
)
_VILLAGE = re.compile(
    rf"(?:村|庄|屯|寨|社区|大队|坪|岭|湾|冲)[,、 ]?第?{_N}{{1,4}}(?:组|队|社|村民小组|小组)(?:{_N}{{1,5}}号)?"
    rf"|(?:村|屯|庄|寨){_N}{{1,5}}号(?!线)"
)
_BLOCKS = re.compile(
    rf"(?<!{_N}){_N}{{1,4}}{_BLOCK}(?=[,、 ]?{_N}{{1,3}}单元|\d{{3,4}}(?:室|号|的|业主|房|住户|[,。 ;]|$))"
)
_DOORS = re.compile(rf"(?<={_HAN}{_HAN})\d{{1,2}}-\d{{1,2}}-(?!19\d\d|20[012]\d)\d{{3,4}}(?!\d|-|年)")
_MAY_BE = re.compile(r"[号栋幢座室组队社弄#]|单元|\d-\d")
_ADMIN = re.compile(
    rf"[^㐀-䶿一-鿿\w]|市(?!场|民)|(?<![小社园景校])区(?={_HAN}{{2}})|县(?={_HAN}{{2}})|镇(?![东西南北](?:路|街|大街|大道|段|头|边|"
    rf"区|村))|街道办事处|街道(?!{_N})|省|乡(?={_HAN}{{2}})"
)
_BACK = 14
_BREAKS = frozenset(word_list("address_breaks"))
_JOINS = frozenset("和与及或")
_ROAD_END = re.compile(r"路|街|大道|巷|弄|胡同|里|小区|花园|家园|城|苑|府|村|庄|屯|寨|社区")
_SIDE = re.compile(r"[东西南北中一二三四五六七八九十]{0,2}")

_CLASS = re.compile(
    r"(?:[一二三四五六七八九1-9]年级|[初高][一二三123]|[小中大]班(?=[\d一二三四五六七八九十(]))"
    r"[ ]?\(?[\d一二三四五六七八九十]{0,3}\)?[ ]?班(?!级|里都|主任都)"
    r"|[一二三四五六七八九1-9]年级(?=[的学就上读,。、 ]|$)"
    r"|(?<![\d一二三四五六七八九十年月日])[一二三四五六七八九1-9]?\([\d一二三四五六七八九十]{1,3}\)班"
    r"|[小中大][一二三四五六七八九1-9]班|20\d\d级\(?[\d一二三四五六七八九十]{1,3}\)?班"
)
_SCHOOL = re.compile(rf"(?:{either(word_list('schools'))})[的 ,就读上念]{{0,3}}$")
_SCHOOL_STOP = re.compile(
    r"[^㐀-䶿一-鿿]|[在是于读上的到从省县区镇乡]|市(?![一二三四五六七八九十]{1,2}[中小])|今年|孩子|我家|女儿|儿子"
)
_SCHOOL_BACK = 18
_CLASS_ALONE = re.compile(r"(?:年级|[初高][一二三123]|级).*班|\(.*班")


def find_addresses(text: str) -> Iterator[Span]:
    """What stands below street or township: road and number, estate and building, village and group."""
    if not _MAY_BE.search(text):
        return
    reach = 0
    patterns = (_ROAD, _ESTATE, _VILLAGE, _BLOCKS, _DOORS)
    found = sorted((match.start(), match.end()) for pattern in patterns for match in pattern.finditer(text))
    for begin, end in found:
        if begin < reach:
            continue
        start = max(_start_of_name(text, begin), reach)
        while more := _MORE.match(text, end):
            end = more.end()
        if following := _next_part(text, end):
            end = following
        reach = end
        yield start, end


def _start_of_name(text: str, at: int) -> int:
    """Where the name of a road or estate that ends at ``at`` begins: behind the nearest division, verb or particle."""
    low = start = max(0, at - _BACK)
    for match in _ADMIN.finditer(text, low, at):
        if match.end() < at or not match.group().isalnum():
            start = match.end()
    place, left = start, ""
    for word, tag in tagger()(text[start:at]):
        end = place + len(word)
        named = len(word) > 1 and word not in _BREAKS and _ROAD_END.match(text, at) and _SIDE.fullmatch(text, end, at)
        if _breaks(word, tag, left) and not named and not (tag == "d" and end >= at - 1):
            start = end
        place, left = end, word
    return min(start, at)


def _breaks(word: str, tag: str, left: str) -> bool:
    """Whether a name of a place begins only behind ``word``; 和 in 万和城 joins nothing."""
    if word in _JOINS:
        return len(left) != 1
    if word == "经":
        return False  # 经三路
    return word in _BREAKS or (tag[:1] in "vpruy" and len(word) > 1) or tag in ("uj", "ul", "p")


def _next_part(text: str, end: int) -> int | None:
    """An estate that follows a road and number without a break (经三路8号示例小区3号楼): its end, else None."""
    window = text[end : end + 16]
    match = _ESTATE.search(window)
    if match is None or re.search(r"[^㐀-䶿一-鿿A-Za-z0-9]", window[: match.start()]):
        return None
    last = end + match.end()
    while more := _MORE.match(text, last):
        last = more.end()
    return last


def find_school_classes(text: str) -> Iterator[Span]:
    """School and class of a child: the class with the school's name where that stands right before it."""
    if "班" not in text and "年级" not in text:
        return
    for match in _CLASS.finditer(text):
        low = max(0, match.start() - _SCHOOL_BACK)
        school = _SCHOOL.search(text, low, match.start())
        start = match.start()
        if school:
            start = low
            for stop in _SCHOOL_STOP.finditer(text, low, school.end()):
                start = stop.end() if stop.end() <= school.start() else start
            if start == school.start() and "班" not in match.group():
                continue  # 小学一年级 names no school
        elif not _CLASS_ALONE.search(match.group()):
            continue
        yield start, match.end()
