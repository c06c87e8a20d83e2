"""Numbers of persons with what became of them: 3人死亡, 死亡人数升至5人, 司机身亡, and how each is said.

Tokens are walked once, left to right. A number waits for the first outcome in its clause; an outcome without a
number before it takes the one right behind it; one with neither has the persons named last (两人中毒,送医后死亡).
"""

from __future__ import annotations

import re

from nlp.casualty_persons import HELPERS
from nlp.casualty_scope import CAUSE
from nlp.casualty_subjects import REACH, SOME, Group, Said
from nlp.casualty_tokens import BOTH, DEAD, HURT, OUTCOMES, Token, tokens
from nlp.dictionaries import either, word_list

_GROWN = r"(?:上升|增加|上调|下调|核减|调整)[到至为]|升[到至为]|增[到至加为]"
_TO_NOW = rf"{_GROWN}|更新[为成]|更正为?|修正为?|订正为|修订为|改为|变[为成]|实为|应为"
_BEHIND = re.compile(
    rf"(?:{either(word_list('persons'))}|人数|总数|数字|数|者|病例|人次){{0,2}}(?:已经|已有|已|至少有?|约有?|大约|超过?|逾|共有?|共计|"
    rf"累计|合计|总计|总共|达到?|高达|有|为|了|仍有|的?还有|我们|咱们|{_TO_NOW}|是|:|\s|仅|由原来的|已由|已从|从|由|亦|也|的|院的|人数|昨[日天]|今[日天]|"
    r"前一日|最终|最后|成|定格|锁定|停留|确认|核实|核定|初步|在|好){0,6}"
)
_TO = re.compile(rf"(?:{_TO_NOW})$")
_NOW_IS = re.compile(
    r"(?:到|截[至止]|现在|目前|如今|今[早晨天日]|刚刚|最新|一共|总共|总计).{0,12}(?:是|有|到|达|一共|总共|共)$|"
    r"(?:一共|总共|总计|已经是|现在是|已经有)$"
)
_DONE_TO = re.compile(r"[刺砍捅打撞砸炸压轧碾][伤死倒]")
_NOBODY_LEFT = re.compile(r"(?:无|没有?)一?[个名]?人?(?:能|得以)?(?:生还|幸免|幸存|活)")
_MISTAKEN = ("有误", "系误报", "误报", "不准确", "重复统计", "统计重复", "重复计")
_QUOTED = 10
"""Characters between a figure and the word that calls it mistaken."""
_SPARED = re.compile(r"[每回住救要拼半]了?$")
_TREAT = re.compile(r"送|抢救|救治|收治|伤者|伤员|医院|治疗")
_RELATION = re.compile(r"(?:从|由)?.{0,12}(?:升|增|更|修|上[升调]|下调|变|减|调|改|订正)")


class _Walk(Said):
    """One sentence, walked once."""

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
        if self.pending is not None and not self._goes_on(self.pending):
            self._nobody_left(self.pending)

    def _goes_on(self, token: Token) -> bool:
        """砍伤学生6名、老师1名: a number without outcome that goes on with the list before it. Whether it did."""
        if token.word.endswith(("人命", "性命", "命")) and not _SPARED.search(
            self.sentence[max(0, token.start - 2) : token.start]
        ):
            self._add(
                Token(DEAD, token.word, token.start, token.end), token.value, token.start, token.end, token.inside
            )
            return True
        last = self.last
        if last and token.value and self._is_newer(last, token):
            self.tense = "update"
            self._add(Token(last.kind, token.word, token.start, token.end), token.value, token.start, token.end, False)
            return True
        if last is None or not last.behind or last.value is None or not token.value:
            return False
        between = self.sentence[last.end : token.start]
        if between[:1] in ("、", "和", "及") and SOME.fullmatch(between[1:]):
            last.value, last.end = last.value + token.value, token.end
            return True
        return False

    def _nobody_left(self, token: Token) -> None:
        """无一人生还,机上132人: the number behind is theirs."""
        last = self.last
        if last is None or not last.unsaid or last.kind != DEAD or not token.value:
            return
        if _NOBODY_LEFT.search(self.sentence[last.start : last.end]):
            last.value, last.unsaid, last.end = token.value, False, token.end

    def _is_newer(self, last: Group, token: Token) -> bool:
        """Whether a number without outcome corrects the last figure: 更正为12人, 到今早已经是10个了."""
        if self.tense == "update" and _TO.search(self.sentence[max(0, token.start - 6) : token.start]):
            return True
        before = self.sentence[max(self.clause, token.start - 24) : token.start]
        grown = last.kind in (DEAD, HURT) and (last.value or 0) < (token.value or 0) and last.value is not None
        return grown and not token.listed and _NOW_IS.search(before) is not None

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
                self.loose, self.pending = (None if self._goes_on(self.pending) else self.pending), None
            self.clause = token.end
            self.marks -= {"more"}
        elif kind in ("part", "total", "more"):
            self.marks.add(kind)
        elif kind in ("update", "old"):
            self.tense = kind
            if token.word.startswith("实"):
                self.source = "official"  # 网传…,实际是…
        elif kind in ("rumour", "official"):
            self.source = kind
        elif kind == "deny":
            self._deny(token)
        elif kind == "hypo":
            self.unreal = True
        elif kind in ("past", "now"):
            self.away = kind == "past"

    def _deny(self, token: Token) -> None:
        """昨日通报的“6死9伤”有误,应为…: the figures right before are old ones, those behind are new."""
        told = token.word != "辟谣"  # what follows 谣言: is the rumour, what follows 辟谣: is not
        self.source = "rumour" if told and self.sentence[token.end : token.end + 1] == ":" else "official"
        if token.word not in _MISTAKEN:
            return
        end = token.start
        for group in reversed(self.groups):
            if group.older or end - group.end > _QUOTED:
                break
            group.older, group.newer, end = True, False, group.start
        self.tense = "update"

    def _is_caused(self) -> bool:
        """Whether the sentence says of what; looked for once, a sentence may say 没事 very often."""
        if self.caused is None:
            self.caused = CAUSE.search(self.sentence) is not None
        return self.caused

    def _none(self, token: Token) -> None:
        if self.unreal or self.away or (token.word == "没事" and not self._is_caused()):
            return
        of_dead = token.word == "死" or token.word.startswith(
            ("死亡", "遇难", "身亡", "丧生", "丧命", "罹难", "殒命", "遇险身亡", "死人", "出人命", "闹出人命")
        )
        if not of_dead or "受伤" in token.word:
            self.none.add(HURT)
        if (
            token.word.startswith(
                (
                    "死",
                    "遇难",
                    "身亡",
                    "丧生",
                    "丧命",
                    "罹难",
                    "殒命",
                    "遇险身亡",
                    "伤亡",
                    "砸",
                    "烧着",
                    "伤到",
                    "伤着",
                    "伤人",
                    "伤及",
                    "事",
                )
            )
            or "死亡" in token.word
            or token.word == "没事"
            or "人命" in token.word
        ):
            self.none.add(DEAD)
        self.pending = None

    def _outcome(self, token: Token, at: int) -> int:
        """Give ``token`` its number; the index of the next token to look at."""
        if self.pending is not None and token.start - self.pending.end > REACH:
            self.loose = self.pending = None
        if self.pending is not None and self.pending.listed:
            helps = HELPERS.search(self.pending.word) and _TREAT.search(token.word)
            if helps or self._behind(token, at)[0] is not None:
                self.pending = None
        elif self.pending is not None and _DONE_TO.search(token.word) and self._object(token, at):
            self.pending = None
        if self.pending is not None:
            number, self.pending = self.pending, None
            self._add(token, number.value, min(number.start, token.start), token.end, number.inside, number.least)
            return at
        behind, after = self._behind(token, at)
        if behind is not None:
            self._add(token, behind.value, token.start, behind.end, behind.inside, behind.least)
            counted = "人数" in self.sentence[token.end : behind.start]
            if self.last is not None:
                self.last.behind = True
                self.last.total = self.last.total or counted or any(t.kind == "total" for t in self.tokens[at:after])
            if after > at + 1 and self.last is not None:
                self.last.newer = True
            return after
        self._without_number(token)
        return at

    def _object(self, token: Token, at: int) -> bool:
        """一名男子刺伤三人: the number right behind says to whom it was done, that before by whom."""
        following = self.tokens[at] if at < len(self.tokens) else None
        return (
            following is not None
            and following.kind == "quant"
            and (
                following.start - token.end <= 1
                or SOME.fullmatch(self.sentence, token.end, following.start) is not None
            )
        )

    def _behind(self, token: Token, at: int) -> tuple[Token | None, int]:
        """The number right behind an outcome; of 由3人升至5人 the last. Second: the index behind it."""
        place, end, found = at, token.end, None
        while place < len(self.tokens):
            following = self.tokens[place]
            if following.kind in ("update", "total", "now") or following.word in (":", "还有"):
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


def groups_of(sentence: str, year: int | None) -> tuple[list[Group], set[str]]:
    """(what was counted, kinds of which the sentence says there are none); what is feared or long past is left out."""
    walk = _Walk(sentence, year)
    walk.run()
    counted = [group for group in walk.groups if group.kind in (DEAD, HURT, BOTH)]
    return counted, walk.none


def persons_of(sentence: str) -> int | None:
    """The number of persons that a sentence tells of and of no outcome: two of 两名工人没想到水会来."""
    said = tokens(sentence)
    numbers = [token.value for token in said if token.kind == "quant"]
    if len(numbers) != 1 or any(token.kind in (DEAD, HURT, BOTH) for token in said):
        return None
    return numbers[0] if (numbers[0] or 0) > 1 else None


def long_past(sentence: str, at: int, year: int | None) -> bool:
    """Whether what stands at ``at`` belongs to another time or place than that of the post (1976年唐山地震)."""
    away = False
    for token in tokens(sentence, year):
        if token.kind in ("past", "now") and (token.start < at or not away):
            away = token.kind == "past" if token.start < at else away
    return away
