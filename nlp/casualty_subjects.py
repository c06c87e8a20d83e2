"""Whom an outcome without a number of its own is said of:司机身亡; 两人中毒,送医后死亡; 两个工友被砸,已经住院.

It is said of the person named before it in its clause, of the number that met no outcome yet, or of those named last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.casualty_persons import ONE
from nlp.casualty_tokens import BOTH, DEAD, HURT, OTHER, Token, tokens
from nlp.casualty_view import view
from nlp.dictionaries import either, word_list

REACH = 24
"""Characters over which a number waits for its outcome."""
SOME = re.compile(either(word_list("persons")))
_HAVE = re.compile(r"(?:有|载|载着|容纳|住着?|涉及|约|共|员工|职工)$")
_MORE = re.compile(r"[也另还并]|后座|副驾|旁边|同车")
_ALL = re.compile(r"身上|均|全|都|皆|悉数|全都|无一|双双")
_BODIES = ("遗体", "尸体")
_PEOPLE = ("死者", "伤者", "伤员", "遇难者", "罹难者")
_ALONE = ("身亡", "溺亡", "坠亡", "殉职", "丧命", "毙命", "不治", "溺毙", "罹难")
"""Said of one person where no number stands (保安触电身亡); 死亡 and 遇难 leave it open."""
_ME = re.compile(r"我(?![们家市县区镇村局国校院厂司方省州院乡队单处所站爸妈爷奶哥姐弟妹叔舅姑姨])")
_LIMB = re.compile(r"[^,]{0,3}(?:手|臂|腿|脚|踝|腕|膝|腰|肋|骨|肩|椎)[^,]{0,4}(?:骨折|骨裂|断|脱臼)")
"""Of one person, even where the sentence names nobody (letters leave out 我)."""
_BARE = 2
_MOVED = re.compile(r"伤者|伤员|重伤|抢救无效|不治")
_NEAR = 6
"""Groups before the missing among which a figure is looked for that they are added to."""
_LOST = re.compile(r"失联|失踪|下落不明|失去联系")
_RANK = {DEAD: 3, BOTH: 2, HURT: 2, OTHER: 1}


@dataclass(slots=True)
class Group:
    """``value`` persons (None: the text does not say how many) who are ``kind``, with what the sentence says of it.

    ``newer``/``older``: a correction or an earlier report; ``adds``: further ones; ``part``: of a figure before it;
    ``behind``: the number stood behind the outcome; ``moved``: they were counted as injured before; ``degree``: how
    badly; ``inside``: in brackets; ``least``: of 数十 and the like, how many they surely are;
    ``light``: none of them badly; ``unsaid``: no number and no person stands with it; ``lost``: they were missing
    until they were found dead.
    """

    kind: str
    value: int | None
    start: int
    end: int
    inside: bool = False
    part: bool = False
    total: bool = False
    adds: bool = False
    newer: bool = False
    older: bool = False
    rumour: bool = False
    official: bool = False
    degree: bool = False
    weak: bool = False
    ill: bool = False
    moved: bool = False
    behind: bool = False
    least: int = 0
    unsaid: bool = False
    single: bool = False
    light: bool = False
    lost: bool = False


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    found = None
    for match in matches:
        found = match
    return found


class Said:
    """A sentence with what was found in it so far: ``groups``; ``none``: kinds that it says there are none of."""

    def __init__(self, sentence: str, year: int | None) -> None:
        self.sentence = sentence = view(sentence)
        self.tokens = [t for t in tokens(sentence, year) if t.kind != "skip"]
        self.groups: list[Group] = []
        self.none: set[str] = set()
        self.pending: Token | None = None
        self.loose: Token | None = None
        self.last: Group | None = None
        self.clause = 0
        self.marks: set[str] = set()
        self.tense = self.source = ""
        self.unreal = False
        self.caused: bool | None = None
        self.away = False

    def _without_number(self, token: Token) -> None:
        low = max(self.clause, token.start - 2 * REACH)
        clause = self.sentence[low : token.start]
        one = _last(ONE.finditer(self.sentence, low, token.start))
        last = self.last
        if self.source == "rumour" and len(token.word) == 1 and last is not None and not last.rumour:
            return  # 别再传"死了一片": of nobody told before
        same = last is not None and last.end >= self.clause
        everyone = _ALL.search(clause) is not None
        if last is not None and (same or self._goes_over(last, token, one is None, everyone or len(clause) < _BARE)):
            self._raise(last, token)
        elif (
            self.loose is not None
            and token.kind in (DEAD, HURT)
            and ((everyone and self.loose.value != 1) or (not one and self._goes_with(token)))
        ):
            self._add(token, self.loose.value, self.loose.start, token.end, False, self.loose.least)
            self.loose = None
        elif token.kind in (DEAD, HURT):
            self._single(token, one)

    def _goes_with(self, token: Token) -> bool:
        """Whether an outcome in a clause without persons is that of the number before: 两个工友被砸,已经住院."""
        loose = self.loose
        if loose is not None and self.last is not None and self.last.start >= loose.end:
            return False  # others were told of since
        if (
            loose is None
            or len(token.word) == 1
            or token.start - loose.end > 2 * REACH
            or SOME.search(self.sentence, self.clause, token.start)
        ):
            return False
        return not _HAVE.search(self.sentence[max(0, loose.start - 3) : loose.start])

    @staticmethod
    def _goes_over(last: Group, token: Token, nobody: bool, everyone: bool) -> bool:
        """Whether the persons of the clause before are meant: 两人中毒,送医后死亡; 救出6人,均受伤."""
        if token.kind == DEAD:
            return nobody and last.kind in (HURT, OTHER) and token.word not in _PEOPLE
        return everyone and last.kind == OTHER and token.kind == HURT

    def _single(self, token: Token, one: re.Match[str] | None) -> None:
        if len(token.word) == 1 or token.word in _PEOPLE:
            return  # 死 or 伤 alone says nothing without a number: 去死, 路都走死了
        if token.word in _BODIES:
            one = None if self.last else self._person_before(token)
            if one is None:
                return
        low = max(self.clause, token.start - REACH)
        if one is None and (token.kind == DEAD or not SOME.search(self.sentence, low, token.start)):
            one = self._person_before(token)
        last = self.last
        known = last is not None and last.kind == token.kind
        if known and last and one:
            known = last.unsaid or not self._another(last, one, token)
            if last.unsaid:
                last.value, last.unsaid = self._how_many(token), False
        if not known and token.kind == HURT and len(self.groups) > 1 and self._rest(*self.groups[-2:]):
            return
        if not known:
            self._add_single(token, one)

    def _add_single(self, token: Token, one: re.Match[str] | None) -> None:
        if one is not None:
            self._add(token, self._how_many(token), one.start(), token.end, token.inside)
        else:
            told = token.kind == HURT and not token.ill
            myself = told and _ME.search(self.sentence, self.last.end if self.last else 0, token.start)
            limb = told and _LIMB.match(token.word) and not SOME.search(self.sentence)
            one_person = token.word in _ALONE or myself or limb
            self._add(token, 1 if one_person else None, token.start, token.end, token.inside)
        if self.last is not None:
            self.last.single = one is not None
            self.last.unsaid = self.last.value is None

    def _another(self, last: Group, one: re.Match[str], token: Token) -> bool:
        """Whether ``one`` is somebody else than ``last``: 女儿头上缝了五针,妈妈小腿骨折."""
        if one.start() < last.end:
            return False
        named = last.single and one.group() not in self.sentence[last.start : last.end]
        return named or _MORE.search(self.sentence, max(self.clause, token.start - REACH), token.end) is not None

    @staticmethod
    def _rest(hurt: Group, dead: Group) -> bool:
        """三人中毒,2人死亡,村民仍在抢救: the dead were of those before."""
        both = hurt.kind == HURT and dead.kind == DEAD and not hurt.part and (hurt.value or 0) > (dead.value or 0)
        dead.part = dead.part or both
        return both

    def _how_many(self, token: Token) -> int:
        """公公和儿子都受了重伤 are two; else one."""
        clause = self.sentence[max(self.clause, token.start - 2 * REACH) : token.start]
        return max(1, len(ONE.findall(clause))) if _ALL.search(clause + token.word) else 1

    def _person_before(self, token: Token) -> re.Match[str] | None:
        low = max(0, token.start - REACH - 12)
        if token.kind == HURT and self.last is not None:
            low = max(low, self.last.end)
        return _last(ONE.finditer(self.sentence, low, token.start))

    def _raise(self, group: Group, token: Token) -> None:
        """The same persons, for whom it came worse: the worst outcome counts."""
        if _RANK[token.kind] > _RANK[group.kind]:
            if group.kind == HURT and token.kind == DEAD and _MOVED.search(self.sentence[group.start : token.end]):
                group.moved = group.adds = True
            if group.kind == OTHER and token.kind == DEAD and _LOST.search(self.sentence, group.start, token.end):
                group.newer = group.newer or any(g.newer for g in self.groups[-_NEAR:] if g.kind == DEAD)
                group.older = False
                group.adds = group.lost = True  # 9人遇难,失联3人已找到,均无生命体征: three more
            group.kind, group.end = token.kind, token.end
            if group.value is None and self._person_before(token) and token.word != "死者":
                group.value = 1
        group.weak, group.ill = group.weak and token.weak, group.ill and token.ill
        group.light = group.light and token.kind == HURT and (token.light or token.weak)
        group.newer = group.newer or self.tense == "update"
        if token.degree is False and group.kind == HURT and token.kind == HURT:
            group.degree = False

    def _add(self, token: Token, value: int | None, start: int, end: int, inside: bool, least: int = 0) -> None:
        text = self.sentence
        moved = token.kind == DEAD and _MOVED.search(text[start:end]) is not None
        group = Group(
            token.kind,
            value,
            start,
            end,
            inside=inside,
            part="part" in self.marks,
            total="total" in self.marks,
            adds=token.kind == DEAD and ("more" in self.marks or moved),
            newer=self.tense == "update",
            older=self.tense == "old",
            rumour=self.source == "rumour",
            official=self.source == "official",
            degree=token.degree,
            weak=token.weak,
            ill=token.ill,
            moved=moved,
            least=least,
            light=token.light or (token.kind == HURT and "轻" in text[max(0, token.start - 3) : token.start]),
        )
        self.last = group
        self.marks -= {"part", "total", "more"}
        if not (self.unreal or self.away):
            self.groups.append(group)
