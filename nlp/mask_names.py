"""Names where letters give them: after a cue, before 先生 and the like, with sex or number behind, as a signature.

Where a name ends is told by ``mask_name_ends``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.dictionaries import either, word_list
from nlp.mask_name_ends import (
    COMPOUND,
    EDGE,
    HAN,
    HEAD,
    LONGEST,
    SURNAMES,
    TITLE,
    WINDOW,
    end_of_name,
    of_kin,
    untold,
    usual,
)

Span = tuple[int, int]
_STRONG = frozenset(word_list("name_cues_sure"))
_SELF = frozenset(("本人", "我是", "我系"))
_CAREFUL = frozenset(word_list("name_cues_careful"))
_CUE = re.compile(either([*word_list("name_cues"), *_STRONG, *_SELF, *_CAREFUL, "叫", "妇女儿", "一家叫"]))
_NO_CUE = ("妇女儿", "一家叫")
_THEN = re.compile(r"(?:姓名|名字)?(?:是|叫做|叫)?(?P<mark>:)?[!。,]?\s{0,3}")
_SEXED = re.compile(r"[,、( ]{1,2}[男女][,、。;)\s]")
_NUMBERED = re.compile(
    r"[:,( ]{1,2}(?:(?:联系)?电话|手机|身份证|联系方式|联系)?(?:号码?)?:? ?(?:1[3-9]\d|\d{6}|[(\[【]?0\d{2,3}[-)\]】 ])"
)
_PERSON = re.compile(r"(?:今年|现年)\d{1,3}岁|,(?:家住|现住|住(?!院|宅|房)|房号|身份证|户籍|\d{1,3}岁)")
"""What is said of a person right behind the name."""
_BRACKETED = re.compile(r"\d\((?=[㐀-䶿一-鿿]{2,4}\))")
_SIGNED = re.compile(rf"(?:^|\n)\s{{0,8}}(?={HEAD}{HAN}{{0,2}}\s{{0,8}}(?:\n|$|\d{{4}}[年.-]|1[3-9]\d{{9}}))")
_DOTTED = re.compile(rf"{HAN}{{2,8}}(?:[·•‧・]{HAN}{{2,8}}?(?=[^㐀-䶿一-鿿]|$)){{1,2}}")
"""Names as those of Uygurs are written: 阿依古丽·买买提."""
_ALSO = re.compile(rf"[、和与及](?={HEAD})")
_SOFT = re.compile(r"(?:姓名|名字)?(?:是|叫做|叫)? ?")
_BEFORE_TITLE = frozenset("向找给与和为叫是系")
_WHOSE, _KIN = frozenset("我她他子"), frozenset("子夫妻公婆亲妈爸弟哥姐妹儿女孙侄媳婿叔伯姑舅")


def find_names(text: str) -> Iterator[Span]:
    """Names in ``text``: those behind a cue, those before a title, sex or number, signatures; with those listed on."""
    for start, end in (*_behind_cues(text), *_before(text), *_signatures(text)):
        while end:
            yield start, end
            also = _ALSO.match(text, end)
            start = also.end() if also else end
            end = (end_of_name(text, start, False) if also else None) or 0


def _behind_cues(text: str) -> Iterator[Span]:
    for cue in _CUE.finditer(text):
        word = cue.group()
        then = _THEN.match(text, cue.end())
        if word in _NO_CUE or then is None:
            continue
        start = then.end()
        if then.end() > then.start() and not then["mark"] and word not in _STRONG and not _SOFT.fullmatch(then.group()):
            continue
        if dotted := _DOTTED.match(text, start):
            yield dotted.span()
            continue
        if text[start : start + 1] not in SURNAMES and text[start : start + 2] not in COMPOUND:
            continue
        end = end_of_name(text, start, word in _STRONG or then["mark"] is not None or _told_so(text, start))
        if not end and text[cue.start() - 1 : cue.start()] in _WHOSE and word[-1] in _KIN:
            end = of_kin(text, start)
        if (
            end
            and not (word in _SELF and not EDGE.match(text, end))
            and (word not in _CAREFUL or usual(text[start:end]))
        ):
            yield start, end


def _told_so(text: str, start: int) -> bool:
    """Whether a sex, a number, an age or a dwelling behind says that what stands at ``start`` is a person."""
    return any(p.match(text, start + size) for size in (2, 3, 4) for p in (_SEXED, _NUMBERED, _PERSON))


def _before(text: str) -> Iterator[Span]:
    """Names right before 先生, a sex or a number, and those in brackets behind a number."""
    for title in TITLE.finditer(text):
        yield from _backwards(text, title.start(), True)
    if "男" in text or "女" in text:
        for sex in _SEXED.finditer(text):
            yield from _backwards(text, sex.start(), False)
    for number in _NUMBERED.finditer(text):
        yield from _backwards(text, number.start(), False)
    for bracket in _BRACKETED.finditer(text):
        end = end_of_name(text, bracket.end(), True)
        if end:
            yield bracket.end(), end


def _backwards(text: str, end: int, title: bool) -> Iterator[Span]:
    """A name that ends at ``end``: before it stands no Han character, or (before a title) a word like 找 or 是."""
    for size in (3, 2, LONGEST):
        start = end - size
        if start < 0 or (text[start] not in SURNAMES and text[start : start + 2] not in COMPOUND):
            continue
        before = text[start - 1 : start]
        bounded = not re.match(HAN, before) or (
            title and (before in _BEFORE_TITLE or text[start - 2 : start] == "联系")
        )
        if bounded and (end_of_name(text, start, not title) == end or (title and untold(text, start, size))):
            yield start, end
            return


def _signatures(text: str) -> Iterator[Span]:
    if "\n" not in text and len(text) > WINDOW:
        return
    for match in _SIGNED.finditer(text):
        end = end_of_name(text, match.end(), False)
        if end:
            yield match.end(), end
