"""Numbers of persons with what became of them: 3人死亡, 死亡人数升至5人, 司机身亡, and how each is said.

Tokens are walked once, left to right. A number waits for the first outcome in its clause; an outcome without a
number before it takes the one right behind it; one with neither has the persons named last (两人中毒,送医后死亡).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.casualty_tokens import BOTH, DEAD, HURT, OTHER, OUTCOMES, Token, tokens
from nlp.dictionaries import either, word_list

_BEHIND = re.compile(
    rf"(?:{either(word_list('persons'))}|人数|总数|数字|数|者|病例|人次){{0,2}}(?:已经|已有|已|至少有?|约有?|大约|超过?|逾|共有?|共计|"
    rf"累计|总共|达到?|高达|有|为|了|仍有|上升[到至为]|"
    r"升[到至为]|增[至加为]|增加[到至为]|更新为|更正为?|修正为?|变为|是|:|\s|仅|由原来的|已由|已从|从|由|亦|也|的|人数|昨[日天]|今[日天]|前一日|最终|最后|定格|锁定|停留|在){0,6}"
)
_ONE = re.compile(rf"(?:{either(word_list('one_person'))})(?![们家])")
_SOME = re.compile(either(word_list("persons")))
_TO = re.compile(r"(?:更正为|更正|修正为|更新为|升至|增至|上升到|上升至|上升为|变为|实为|应为)$")
_RELATION = re.compile(r"(?:从|由)?.{0,12}(?:升|增|更|修正|上升|变)")
_ALL = re.compile(r"均|全|都|皆|悉数|全都|无一|双双")
_NOUNS = ("死者", "伤者", "伤员", "遗体", "尸体", "遇难者", "罹难者")
_ALONE = ("身亡", "溺亡", "坠亡", "殉职", "丧命", "毙命", "不治", "溺毙", "罹难")
"""Said of one person where no number stands (保安触电身亡); 死亡 and 遇难 leave it open."""
_BARE = 2
_REACH = 24
_MOVED = re.compile(r"伤者|伤员|重伤|抢救无效|不治")
_RANK = {DEAD: 3, BOTH: 2, HURT: 2, OTHER: 1}


@dataclass(slots=True)
class Group:
    """``value`` persons (None: the text does not say how many) who are ``kind``, with what the sentence says of it.

    ``newer``/``older``: a correction or an earlier report; ``adds``: further ones; ``part``: of a figure before it;
    ``behind``: the number stood behind the outcome; ``moved``: they were counted as injured before; ``degree``: how
    badly; ``inside``: in brackets.
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
    moved: bool = False
    behind: bool = False


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    found = None
    for match in matches:
        found = match
    return found


class _Walk:
    """One sentence. ``groups`` collects what was found; ``none``: kinds that the sentence says there are none of."""

    def __init__(self, sentence: str, year: int | None) -> None:
        self.sentence = sentence
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
        self.away = False

    def run(self) -> None:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            at += 1
            if token.kind in OUTCOMES:
                at = self._outcome(token, at)
            elif token.kind == "quant":
                self._number(token)
            elif token.kind == "none":
                self._none(token)
            else:
                self._mark(token)
        if self.pending is not None:
            self._goes_on(self.pending)

    def _goes_on(self, token: Token) -> None:
        """砍伤学生6名、老师1名: a number without outcome that goes on with the list before it."""
        if token.word.endswith(("人命", "性命")):
            self._add(
                Token(DEAD, token.word, token.start, token.end), token.value, token.start, token.end, token.inside
            )
            return
        last = self.last
        if (
            last
            and token.value
            and self.tense == "update"
            and _TO.search(self.sentence[max(0, token.start - 6) : token.start])
        ):
            self._add(Token(last.kind, token.word, token.start, token.end), token.value, token.start, token.end, False)
            return
        if last is None or not last.behind or last.value is None or not token.value:
            return
        between = self.sentence[last.end : token.start]
        if between[:1] in ("、", "和", "及") and _SOME.fullmatch(between[1:]):
            last.value, last.end = last.value + token.value, token.end

    def _number(self, token: Token) -> None:
        """老两口和一个孙女 are three; else a number that met no outcome is put aside."""
        before = self.pending
        if before and before.value and token.value and self.sentence[before.end : token.start] in ("和", "与", "及"):
            token = Token("quant", before.word, before.start, token.end, before.value + token.value, token.inside)
        self.loose = before or self.loose
        self.pending = token

    def _mark(self, token: Token) -> None:
        kind = token.kind
        if kind == "stop":
            if self.pending is not None and not token.inside:
                self._goes_on(self.pending)
                self.loose, self.pending = self.pending, None
            self.clause = token.end
            self.marks -= {"more"}
        elif kind in ("part", "total", "more"):
            self.marks.add(kind)
        elif kind in ("update", "old"):
            self.tense = kind
        elif kind in ("rumour", "official"):
            self.source = kind
        elif kind == "deny":
            self.source = "rumour" if self.sentence[token.end : token.end + 1] == ":" else "official"
        elif kind == "hypo":
            self.unreal = True
        elif kind in ("past", "now"):
            self.away = kind == "past"

    def _none(self, token: Token) -> None:
        if self.unreal or self.away:
            return
        if not token.word.startswith(("死亡", "遇难", "身亡", "死人")) and token.word != "死":
            self.none.add(HURT)
        if token.word.startswith(("死", "遇难", "身亡", "伤亡", "砸", "烧着", "伤到", "伤着", "伤人", "事")):
            self.none.add(DEAD)
        self.pending = None

    def _outcome(self, token: Token, at: int) -> int:
        """Give ``token`` its number; the index of the next token to look at."""
        if self.pending is not None and token.start - self.pending.end > _REACH:
            self.loose = self.pending = None
        if self.pending is not None:
            number, self.pending = self.pending, None
            self._add(token, number.value, min(number.start, token.start), token.end, number.inside)
            return at
        behind, after = self._behind(token, at)
        if behind is not None:
            self._add(token, behind.value, token.start, behind.end, behind.inside)
            counted = "人数" in self.sentence[token.end : behind.start]
            if self.last is not None:
                self.last.behind = True
                self.last.total = self.last.total or counted or any(t.kind == "total" for t in self.tokens[at:after])
            if after > at + 1 and self.last is not None:
                self.last.newer = True
            return after
        self._without_number(token)
        return at

    def _behind(self, token: Token, at: int) -> tuple[Token | None, int]:
        """The number right behind an outcome; of 由3人升至5人 the last. Second: the index behind it."""
        place, end, found = at, token.end, None
        while place < len(self.tokens):
            following = self.tokens[place]
            if following.kind in ("update", "total", "now") or following.word == ":":
                place += 1
                continue
            if following.kind != "quant" or following.inside != token.inside:
                break
            between = self.sentence[end : following.start]
            if not _BEHIND.fullmatch(between) or (found is not None and not _RELATION.match(between)):
                break
            if any(t.kind == "update" for t in self.tokens[at:place]):
                self.tense = "update"
            found, end = following, following.end
            place += 1
        if found is None:
            return None, at
        return found, self.tokens.index(found, at) + 1

    def _without_number(self, token: Token) -> None:
        low = max(self.clause, token.start - 2 * _REACH)
        clause = self.sentence[low : token.start]
        one = _last(_ONE.finditer(self.sentence, low, token.start))
        last = self.last
        same = last is not None and last.end >= self.clause
        everyone = _ALL.search(clause) is not None
        if last is not None and (same or self._goes_over(last, token, one is None, everyone or len(clause) < _BARE)):
            self._raise(last, token)
        elif self.loose is not None and token.kind in (DEAD, HURT) and everyone:
            self._add(token, self.loose.value, self.loose.start, token.end, False)
            self.loose = None
        elif token.kind in (DEAD, HURT):
            self._single(token, one)

    @staticmethod
    def _goes_over(last: Group, token: Token, nobody: bool, everyone: bool) -> bool:
        """Whether the persons of the clause before are meant: 两人中毒,送医后死亡; 救出6人,均受伤."""
        if token.kind == DEAD:
            return nobody and last.kind in (HURT, OTHER)
        return everyone and last.kind == OTHER and token.kind == HURT

    def _single(self, token: Token, one: re.Match[str] | None) -> None:
        if len(token.word) == 1 or token.word in _NOUNS:
            return  # 死 or 伤 alone says nothing without a number: 去死, 路都走死了
        if one is None and token.kind == DEAD:
            one = self._person_before(token)
        known = self.last is not None and self.last.kind == token.kind
        if one is not None and not known:
            self._add(token, self._how_many(token), one.start(), token.end, token.inside)
        elif one is None and not known:
            self._add(token, 1 if token.word in _ALONE else None, token.start, token.end, token.inside)

    def _how_many(self, token: Token) -> int:
        """公公和儿子都受了重伤 are two; else one."""
        clause = self.sentence[max(self.clause, token.start - 2 * _REACH) : token.start]
        return max(1, len(_ONE.findall(clause))) if _ALL.search(clause + token.word) else 1

    def _person_before(self, token: Token) -> re.Match[str] | None:
        return _last(_ONE.finditer(self.sentence, max(0, token.start - _REACH - 6), token.start))

    def _raise(self, group: Group, token: Token) -> None:
        """The same persons, for whom it came worse: the worst outcome counts."""
        if _RANK[token.kind] > _RANK[group.kind]:
            if group.kind == HURT and token.kind == DEAD and _MOVED.search(self.sentence[group.start : token.end]):
                group.moved = group.adds = True
            group.kind, group.end = token.kind, token.end
            if group.value is None and self._person_before(token) and token.word != "死者":
                group.value = 1
        group.weak = group.weak and token.weak
        group.newer = group.newer or self.tense == "update"
        if token.degree is False and group.kind == HURT and token.kind == HURT:
            group.degree = False

    def _add(self, token: Token, value: int | None, start: int, end: int, inside: bool) -> None:
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
            moved=moved,
        )
        self.last = group
        self.marks -= {"part", "total", "more"}
        if not (self.unreal or self.away):
            self.groups.append(group)


def groups_of(sentence: str, year: int | None) -> tuple[list[Group], set[str]]:
    """(what was counted, kinds of which the sentence says there are none); what is feared or long past is left out."""
    walk = _Walk(sentence, year)
    walk.run()
    counted = [group for group in walk.groups if group.kind in (DEAD, HURT, BOTH)]
    return counted, walk.none


def long_past(sentence: str, at: int, year: int | None) -> bool:
    """Whether what stands at ``at`` belongs to another time or place than that of the post (1976年唐山地震)."""
    away = False
    for token in tokens(sentence, year):
        if token.kind in ("past", "now") and (token.start < at or not away):
            away = token.kind == "past" if token.start < at else away
    return away
