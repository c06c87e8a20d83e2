"""Where a name ends that begins at a given place: by the tagger, by characters usual in names, by what follows.

What may be a name is asked of the tagger: 老人高龄补贴 and 业主和居民 begin like names and are none.
"""

from __future__ import annotations

import re

from nlp.dictionaries import either, word_list
from nlp.tagging import is_word, tagger

HAN = r"[㐀-䶿一-鿿]"
COMPOUND = frozenset(name for name in word_list("surnames") if len(name) > 1)
_SINGLE = "".join(name for name in word_list("surnames") if len(name) == 1)
SURNAMES = frozenset(_SINGLE)
_NOT_FIRST, _NOT_SECOND = frozenset(word_list("not_given_first")), frozenset(word_list("not_given"))
_WORDS = frozenset(word_list("not_names"))
_ALSO_WORDS = frozenset("和来都应成全保解从向于连时官明单相方关平水党费计路代易万过安宁强盛高温余车房石山金")
"""Surnames that are mostly words: where the cue is weak, the tagger must call what follows a name."""
_FUNCTION = frozenset("和来都应成全保解从于连时官明单相关")
_CALLED = either(word_list("forms_of_address"))
HEAD = rf"(?={either(COMPOUND)}|[{_SINGLE}]){HAN}{{1,2}}"
EDGE = re.compile(r"[^㐀-䶿一-鿿]|男|女|身份证|电话|手机|今年|现年|家住|住|系|$")
_TITLES = frozenset(word_list("titles"))
TITLE = re.compile(_CALLED)
_AFTER = frozenset("的在于是把被说去到从向对跟和与及多已也曾又将给因等态")
_ALL_HAN = re.compile(rf"{HAN}{{2,4}}")
_GIVEN = frozenset(word_list("given"))
_HOME = ("家的", "家里")
WINDOW = 8
LONGEST = 4
_LEAD = 6


def end_of_name(text: str, start: int, strong: bool) -> int | None:
    """Where a name that begins at ``start`` ends; None: no name begins there."""
    if text[start + 1 : start + 3] in _TITLES:
        return None  # 刘大妈, 杨书记
    low = max(0, start - _LEAD)
    at, tokens = low, []
    for word, tag in tagger()(text[low : start + WINDOW]):
        if at >= start:
            tokens.append((word, tag))
        elif at + len(word) > start:
            tokens = list(tagger()(text[start : start + WINDOW]))  # the tagger cut across the beginning
            break
        at += len(word)
    if not tokens:
        return None
    size = _typical(text, start, strong) or _size(tokens, text, start, strong) or _by_form(text, start, strong)
    name = text[start : start + size]
    if size < 2 or name in _WORDS or name[:2] in _WORDS or "某" in name or name[1:] in _TITLES:
        return None
    if text.startswith("月", start + size) and size == LONGEST - 2 and EDGE.match(text, start + size + 1):
        return start + size + 1  # 田冰月,男
    return start + size


def _typical(text: str, start: int, strong: bool) -> int:
    """Characters of a name whose given part is of characters usual in names, and which ends there; 0: none.

    With a compound surname, which is no word, any given part will do.
    """
    surname = 2 if text[start : start + 2] in COMPOUND else 1
    told = surname == 2 and not is_word(text[start : start + 3])
    for size in (surname + 2, surname + 1):
        name = text[start : start + size]
        given = name[surname:]
        if (
            len(name) < size
            or not _ALL_HAN.fullmatch(name)
            or given[-1] in _AFTER
            or not _ends(text, start + size)
            or is_word(name)
        ):
            continue
        if not (told or all(char in _GIVEN for char in given)):
            continue
        if told or strong or (name[0] not in _FUNCTION and (len(given) > 1 or name[0] not in _ALSO_WORDS)):
            return size
    return 0


def of_kin(text: str, start: int) -> int | None:
    """Where the name behind 我妻子 ends: no word, a character usual in names in it, and something that ends it."""
    surname = 2 if text[start : start + 2] in COMPOUND else 1
    for size in (surname + 2, surname + 1):
        name = text[start : start + size]
        given = name[surname:]
        if (
            len(name) < size
            or not _ALL_HAN.fullmatch(name)
            or name[0] in _FUNCTION
            or not _ends(text, start + size)
            or is_word(name)
        ):
            continue
        if given[-1] in _AFTER | _NOT_SECOND or name[:2] in _WORDS or (len(given) > 1 and is_word(name[:2])):
            continue
        if not _GIVEN.isdisjoint(given):
            return start + size
    return None


def usual(name: str) -> bool:
    """Whether a name has three characters, both given ones usual in names: what must follow a weak cue (一楼)."""
    return len(name) == LONGEST - 1 and name[0] not in _FUNCTION and _GIVEN.issuperset(name[1:])


def _by_form(text: str, start: int, strong: bool) -> int:
    """Characters of a name that the tagger did not see: no word, and what follows ends it; 0: none."""
    surname = 2 if text[start : start + 2] in COMPOUND else 1
    common = text[start] in _ALSO_WORDS and not strong
    for size in (surname + 2, surname + 1):
        name = text[start : start + size]
        if (
            len(name) < size
            or not _ALL_HAN.fullmatch(name)
            or name[surname] in _NOT_FIRST
            or not _ends(text, start + size)
        ):
            continue
        if common and not _uncommon(name, surname, EDGE.match(text, start + size) is not None):
            continue
        if not (is_word(name) or (is_word(name[:2]) and not (strong and size > surname + 1))):
            return size if name[-1] not in _NOT_SECOND or name[-1] == "月" else size - 1 if size > surname + 1 else 0
    return 0


def _uncommon(name: str, surname: int, edge: bool) -> bool:
    """Whether a name with a surname that is mostly a word (方, 高) is one: what is behind it is no word."""
    given = name[surname:]
    if is_word(given) or is_word(name[:2]) or tagger()(given)[0][1][:1] in "vdpcr":
        return False
    return edge or (len(given) > 1 and name[0] not in _FUNCTION)


def untold(text: str, start: int, size: int) -> bool:
    """Whether what stands before 先生 is a name though the tagger saw none: no word, no common surname."""
    name = text[start : start + size]
    if name[0] in _ALSO_WORDS and not _GIVEN.issuperset(name[1:]):
        return False
    return not (is_word(name) or is_word(name[:2]) or name[1] in _NOT_FIRST) and bool(_ALL_HAN.fullmatch(name))


def _ends(text: str, at: int) -> bool:
    """Whether a name may end before ``at``: at a border or before a word like 的, 在, 于."""
    if text[at : at + 1] in _AFTER or text.startswith(_HOME, at):
        return True
    return EDGE.match(text, at) is not None or TITLE.match(text, at) is not None


def _size(tokens: list[tuple[str, str]], text: str, start: int, strong: bool) -> int:
    """Characters of the name at the head of ``tokens``; 0: none."""
    word, tag = tokens[0]
    surname = 2 if word[:2] in COMPOUND else 1
    if word[0] not in SURNAMES and surname == 1:
        return 0
    if len(word) > surname:
        if tag.startswith("nr") and len(word) <= 4:
            return _trimmed(word, surname, tokens, text, start)
        if not is_word(word) and word[0] not in _ALSO_WORDS:
            return _trimmed(word[:4], surname, tokens, text, start)
        return _plain(text, start, surname) if strong else 0
    follows = tokens[1][0] if len(tokens) > 1 else ""
    sure = tag.startswith("nr") or (word not in _ALSO_WORDS and tag[:1] not in "vpcurd")
    if not follows or follows[0] in _NOT_FIRST or not re.match(HAN, follows) or not (sure or strong):
        return 0
    if len(follows) == 2:
        given = tokens[1][1]
        if follows[1] in _NOT_SECOND:
            return surname + 1 if strong or given.startswith("nr") else 0
        return surname + 2 if strong or given[:1] in "na" or given.startswith("nr") else 0
    if len(follows) > 2:
        return 0
    third = tokens[2][0] if len(tokens) > 2 else ""
    return surname + 1 + (len(third) == 1 and _may_end(third, text, start + surname + 1))


def _trimmed(word: str, surname: int, tokens: list[tuple[str, str]], text: str, start: int) -> int:
    """马燕家 is 马燕; 王子/轩 is 王子轩."""
    size = len(word)
    while size > surname + 1 and word[size - 1] in _NOT_SECOND:
        if word[size - 1] == "月" and EDGE.match(text, start + size):
            break
        size -= 1
    if size > surname + 2:
        size = surname + 2
    third = tokens[1][0] if len(tokens) > 1 else ""
    if size == len(word) == surname + 1:
        if len(third) == 1 and _may_end(third, text, start + size):
            return size + 1
        if len(third) == 2 and (third[1] == "家" or third[1] in _AFTER) and third[0] not in _NOT_SECOND:
            return size + 1
    return size if word[surname] not in _NOT_FIRST else 0


def _may_end(char: str, text: str, at: int) -> bool:
    """Whether ``char`` at ``at`` is still of the name: no function word, and the name ends behind it."""
    return re.match(HAN, char) is not None and (char not in _NOT_SECOND or char == "月") and _ends(text, at + 1)


def _plain(text: str, start: int, surname: int) -> int:
    """A word of the dictionary that is a name here (姓名:高峰): only where it ends with a border."""
    for size in (surname + 2, surname + 1):
        if (
            _ALL_HAN.fullmatch(text, start, start + size)
            and EDGE.match(text, start + size)
            and text[start + size - 1] not in _NOT_SECOND
        ):
            return size
    return 0
