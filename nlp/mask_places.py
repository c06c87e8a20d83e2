"""Patterns for what is written in words: addresses below the street, names in letters, a child's school and class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.dictionaries import either, word_list

Span = tuple[int, int]

_HAN = r"[㐀-䶿一-鿿]"
_N = r"[\d一二三四五六七八九十百零〇甲乙丙丁A-Za-z]"
_BLOCK = r"(?:号楼|栋|幢|座|#楼|#)"
_DOOR = r"(?:号楼|号院|单元|栋|幢|座|层|楼|室|户|门|房|号|#)"
_MORE = re.compile(
    rf"[,、 ]?(?:{_N}{{1,6}}(?:-{_N}{{1,5}}){{0,3}}{_DOOR}"
    r"|[东西南北中]{1,2}(?:户|门|单元)|\d{3,4}(?!\d|[元年人名万块平米%]))"
)
_ROAD = re.compile(
    rf"(?:路|街|大道|巷|弄|胡同|里)(?:[东西南北中]段)?{_N}{{1,6}}(?:-\d{{1,4}})?号(?!线|台风|文)(?:院|楼)?(?!线)"
)
_ESTATE = re.compile(
    rf"(?:{either(word_list('estates'))})[,、 ]?"
    rf"(?:{_N}{{1,4}}(?:{_BLOCK}|单元)|\d{{1,3}}-\d{{1,3}}-\d{{2,4}}|\d{{3,4}}室)"
)
_VILLAGE = re.compile(
    rf"(?:村|庄|屯|寨|社区|大队)[,、 ]?第?{_N}{{1,4}}(?:组|队|社|村民小组|小组)(?:{_N}{{1,5}}号)?"
    rf"|村{_N}{{1,5}}号(?!线)"
)
_BLOCKS = re.compile(rf"(?<!{_N}){_N}{{1,4}}{_BLOCK}(?=[,、 ]?{_N}{{1,3}}单元)")
_BREAK = re.compile(
    rf"[^㐀-䶿一-鿿\w]|市(?!场)|区(?={_HAN}{{2}})|镇(?![东西南北])|{either(word_list('address_breaks'))}"
)
_BACK = 14

_CLASS = re.compile(
    r"(?:[一二三四五六七八九1-9]年级|[初高][一二三123]|[小中大]班(?=[\d一二三四五六七八九十(]))"
    r"[ ]?\(?[\d一二三四五六七八九十]{0,3}\)?[ ]?班"
    r"|[一二三四五六七八九1-9]年级(?=[的学就上读,。、 ]|$)"
    r"|(?<![\d一二三四五六七八九十年月日])[一二三四五六七八九1-9]?\([\d一二三四五六七八九十]{1,3}\)班"
    r"|[小中大][一二三四五六七八九1-9]班"
)
_SCHOOL = re.compile(rf"(?:{either(word_list('schools'))})[的 ,就读上念]{{0,3}}$")
_SCHOOL_STOP = re.compile(r"[^㐀-䶿一-鿿]|[在是于读上的到从省市县区镇乡]")
_SCHOOL_BACK = 18

_COMPOUND = [name for name in word_list("surnames") if len(name) > 1]
_SINGLE = "".join(name for name in word_list("surnames") if len(name) == 1)
_PERSON = (
    rf"(?P<n>(?:{either(_COMPOUND)}|[{_SINGLE}])(?![{''.join(word_list('not_given_first'))}]){_HAN}"
    rf"(?:(?![{''.join(word_list('not_given'))}]){_HAN})?)"
)
_CALLED = either(word_list("forms_of_address"))
_CUED = re.compile(rf"(?:(?:{either(word_list('name_cues'))})[叫是::]{{0,2}} ?|敬礼[!。 ]{{0,2}}\s{{0,3}}){_PERSON}")
_SELF = re.compile(
    rf"(?:本人|我是|我系)[:,]? ?{_PERSON}(?=[,。、;\s(]|男|女|身份证|电话|手机|今年|现年|系|是|家住|住|$)"
)
_SEXED = re.compile(rf"(?<!{_HAN}){_PERSON}(?=[,、( ]{{1,2}}[男女][,、。;)\s])")
_TITLED = re.compile(rf"(?:(?<!{_HAN})|(?<=[向找给与和为叫])|(?<=联系)){_PERSON}(?={_CALLED})")
_MAY_BE_TITLED = re.compile(_CALLED)
_SIGNED = re.compile(rf"(?:^|\n)\s{{0,8}}{_PERSON}\s{{0,8}}(?=\n|$|\d{{4}}[年.-]|1[3-9]\d{{9}})")
_NAMED = re.compile(rf"叫{_PERSON}(?=[,。、;\s(]|男|女|今年|电话|$)")
_WORDS = frozenset(word_list("not_names"))


def _start_of_name(text: str, at: int) -> int:
    """Where the name of a road or estate that ends at ``at`` begins: after the nearest break before it."""
    low = max(0, at - _BACK)
    start = low
    for match in _BREAK.finditer(text, low, at):
        if match.end() < at or not match.group().isalnum():
            start = match.end()
    return start


def find_addresses(text: str) -> Iterator[Span]:
    """What stands below street or township: road and number, estate and building, village and group."""
    reach = 0
    patterns = (_ROAD, _ESTATE, _VILLAGE, _BLOCKS)
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
    for match in _CLASS.finditer(text):
        low = max(0, match.start() - _SCHOOL_BACK)
        school = _SCHOOL.search(text, low, match.start())
        start = match.start()
        if school:
            start = low
            for stop in _SCHOOL_STOP.finditer(text, low, school.start()):
                start = stop.end()
        elif not re.search(r"年级|[初高][一二三]|\(|[小中大][一二三四五六七八九]班", match.group()):
            continue
        yield start, match.end()


def find_names(text: str) -> Iterator[Span]:
    """Names where letters give them: after a cue, before 先生 and the like, with the sex, as a signature."""
    patterns = (_CUED, _SELF, _NAMED, _SEXED, *((_TITLED,) if _MAY_BE_TITLED.search(text) else ()), _SIGNED)
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span("n")
            name = text[start:end]
            if name[:2] in _WORDS or name in _WORDS or "某" in name:
                continue
            yield start, end
