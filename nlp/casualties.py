"""Deaths, injuries and losses that a text reports: exact figures, with what must not be counted left out.

Not counted: drills, works of fiction, sayings (笑死), other events and other years, figures that the text itself
calls false. All patterns are bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.numbers import NUMBER, number

_PERSON = r"(?:人|名|位|个人|例|条人命)"
_ABOUT = (
    r"(?:已有|已经有|已|至少有?|约有?|大约|超过|超|逾|共有?|共计|达到?|有|为|了|仍有|累计|上升[到至]|升至"
    r"|增至|增加[到至]|是|:|\s){0,4}"
)
_BETWEEN = r"[^,。;!?,;!?\n\d、]{0,12}?"
_DEAD = r"(?:死亡|遇难|身亡|丧生|罹难|殉职|遇害|牺牲|丧命|溺亡|坠亡|不幸去世|死(?![机角心党磕路活]))"
_HURT = r"(?:受伤|重伤|轻伤|烧伤|烫伤|砸伤|摔伤|送医|入院|住院|中毒|负伤|(?<!死)伤(?![心感脑不亡害残口]))"
_ANY = re.compile(r"死|亡|伤|难|丧生|害|殉职|牺牲|丧命|去世|送医|入院|住院|中毒|损失")
_SENTENCE = re.compile(r"[^。!?!?;;\n]+")
_SHORT = re.compile(rf"(?P<dead>{NUMBER})人?死[,、]?(?P<hurt>{NUMBER})人?伤")
_FORWARD = {
    "deaths": re.compile(rf"(?P<n>{NUMBER}){_PERSON}{_BETWEEN}{_DEAD}|致(?P<m>{NUMBER})死"),
    "injured": re.compile(rf"(?P<n>{NUMBER}){_PERSON}{_BETWEEN}{_HURT}|[致死亡、,](?P<m>{NUMBER})伤"),
}
_BACKWARD = {
    "deaths": re.compile(rf"{_DEAD}(?:人数|者)?{_ABOUT}(?P<n>{NUMBER}){_PERSON}"),
    "injured": re.compile(rf"{_HURT}(?:人数|者|人员)?{_ABOUT}(?P<n>{NUMBER}){_PERSON}"),
}
_LOSS = re.compile(rf"(?:经济|财产)损失{_ABOUT}(?P<n>{NUMBER})元")
_PART = re.compile(r"其中|包括|含")
_YEAR = re.compile(r"(?:19|20)\d\d年")


@dataclass(slots=True)
class Casualties:
    """``deaths``, ``injured``: persons, None where the text does not say. ``loss``: yuan. ``signals``: the words."""

    deaths: int | None = None
    injured: int | None = None
    loss: float | None = None
    signals: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether any person died or was injured, or a loss was named."""
        return bool(self.deaths or self.injured or self.loss)


def any_of(words: Sequence[str], text: str) -> str | None:
    """The first of ``words`` that stands in ``text``, or None."""
    return next((word for word in words if word in text), None)


def read_casualties(text: str, settings: Mapping[str, Any], year: int | None = None) -> Casualties:
    """Figures of the event that ``text`` speaks of. ``settings``: severity.yml. ``year``: of publication, if known."""
    found = Casualties()
    if not _ANY.search(text):
        return found
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if _ANY.search(sentence) and not left_out(sentence, settings, year):
            _read_sentence(sentence, settings, found)
    return found


def left_out(sentence: str, settings: Mapping[str, Any], year: int | None) -> bool:
    """Whether the figures of a sentence are of something unreal, of another event, or called false by the text."""
    if any_of(settings["unreal"], sentence) or any_of(settings["elsewhere"], sentence):
        return True
    if any_of(settings["denied"], sentence) and not any_of(("更正", "实为", "核实"), sentence):
        return True
    years = {int(found.group()[:4]) for found in _YEAR.finditer(sentence)}
    return year is not None and bool(years) and year not in years


def _read_sentence(sentence: str, settings: Mapping[str, Any], found: Casualties) -> None:
    for word in settings["sayings"]:
        if word in sentence:
            sentence = sentence.replace(word, "")
    if denied := any_of(settings["denied"], sentence):
        # "网传5人死亡不实,实为3人死亡": only what follows the correction counts.
        sentence = sentence.split(denied, 1)[1]
        for mark in ("实为", "更正", "核实"):
            sentence = sentence.rsplit(mark, 1)[-1]
    _negations(sentence, settings, found)
    for name in ("deaths", "injured"):
        values = _values(sentence, name, found.signals)
        if values:
            _keep(found, name, values, any_of(settings["corrected"], sentence) is not None)
    for match in _LOSS.finditer(sentence):
        value = number(match["n"])
        if value is not None:
            found.loss = max(found.loss or 0.0, value)
            found.signals.append(match.group())


def _negations(sentence: str, settings: Mapping[str, Any], found: Casualties) -> None:
    for key, names in (
        ("none_hurt", ("deaths", "injured")),
        ("none_dead", ("deaths",)),
        ("none_injured", ("injured",)),
    ):
        word = any_of(settings[key], sentence)
        if word:
            found.signals.append(word)
            for name in names:
                if getattr(found, name) is None:
                    setattr(found, name, 0)


def _values(sentence: str, name: str, signals: list[str]) -> list[int]:
    """Figures of ``name`` in the order of the sentence; a part of a figure (其中3人重伤) is not another figure."""
    spans: list[tuple[int, int]] = []
    covered = bytearray(len(sentence))
    short = _SHORT.search(sentence)
    if short:
        value = number(short["dead" if name == "deaths" else "hurt"])
        if value is not None:
            signals.append(short.group())
            return [int(value)]
    for pattern in (_FORWARD[name], _BACKWARD[name]):
        for match in pattern.finditer(sentence):
            value = number(match["n"] or match.groupdict().get("m") or "")
            start, end = match.span()
            if value is None or 1 in covered[start:end] or (spans and _is_part(sentence, start)):
                continue
            covered[start:end] = b"\x01" * (end - start)
            spans.append((start, int(value)))
            signals.append(match.group())
    return [value for _, value in sorted(spans)]


def _is_part(sentence: str, start: int) -> bool:
    return _PART.search(sentence, max(0, start - 6), start) is not None


def _keep(found: Casualties, name: str, values: list[int], corrected: bool) -> None:
    """重伤2人、轻伤5人 add up; a later sentence with a newer figure replaces, another one never lowers."""
    if name == "injured" and len(values) > 1 and not corrected:
        value = sum(values)
    else:
        value = values[-1] if corrected else max(values)
    before = getattr(found, name)
    setattr(found, name, value if before is None or corrected else max(before, value))
