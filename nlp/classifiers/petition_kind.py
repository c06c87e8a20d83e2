"""The three legal kinds of a petition, by rules (信访工作条例 第二十九至三十一条).

检举控告 is wrongdoing (违纪违法, 职务犯罪) of an official body or of its staff: it leaves the ordinary flow and never
reaches the unit accused (第三十条). 举报 of a firm or of a private person is 申诉求决. A complaint that an authority is
slow or does nothing is 申诉求决 too. 建议意见 are proposals and praise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.datasets import Recipe
from nlp.dictionaries import either, word_list

NEEDS = ("message_type",)
HEADS: tuple[Recipe, ...] = ()
ACCUSING = "检举控告"
_SENTENCE = re.compile(r"[^。!?!?;;\n]+")
_WINDOW = 26
_BEFORE, _AFTER = 30, 16
"""Characters before and after a word of wrongdoing in which its official must stand."""
_ADDRESSED = re.compile(r"(?:请|望|盼|求|希望|尊敬的|敬爱的|向|找|感谢|麻烦|恳请|相信)[^,、]{0,8}$")


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled word lists of topics.yml."""

    grave: re.Pattern[str]
    official: re.Pattern[str]
    never: re.Pattern[str]
    reports: re.Pattern[str]
    acts: re.Pattern[str]


def compile_rules(settings: Mapping[str, Any]) -> Rules:
    """Rules of ``topics.yml: petition_kind``."""

    officials = either(settings["officials"])
    return Rules(
        grave=re.compile(either(settings["grave"])),
        official=re.compile(officials),
        never=re.compile(either(settings["never"])),
        reports=re.compile(either(settings["reports"])),
        # The official is the one who acts: official … act inside one clause.
        acts=re.compile(rf"(?:{officials})[^,。;!?,;!?\n]{{0,{_WINDOW}}}?(?:{either(word_list('wrongful_acts'))})"),
    )


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post; the spans accused are kept in ``batch.values["_accusing"]``."""
    rules = compile_rules(batch.settings["topics"]["petition_kind"])
    out: list[Any] = []
    spans: list[list[tuple[int, int]]] = []
    for at, kind in enumerate(batch.values["message_type"]):
        text = batch.raw(at)
        accusing, words = accusations(text, rules, kind["label"])
        spans.append(accusing)
        if accusing:
            batch.evidence[at]["petition_kind"] = words[:3]
            score = min(0.97, 0.7 + 0.1 * len(accusing) + (0.1 if kind["label"] == "举报" else 0.0))
            out.append({"label": ACCUSING, "score": round(score, 4)})
        elif kind["label"] in ("建言", "感谢"):
            out.append({"label": "建议意见", "score": kind["score"]})
        else:
            out.append({"label": "申诉求决", "score": 0.95 if kind["label"] != "咨询" else 0.8})
    batch.values["_accusing"] = spans
    return out


def accusations(text: str, rules: Rules, kind: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Sentences of ``text`` that accuse an official body or its staff of wrongdoing, with the words that say so."""
    spans, words = [], []
    reported = kind == "举报" or rules.reports.search(text) is not None
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if rules.never.search(sentence):
            continue
        pair = _grave_act(sentence, rules)
        if pair:
            spans.append(match.span())
            words += pair
        elif reported and (act := rules.acts.search(sentence)):
            spans.append(match.span())
            words.append(act.group())
    if kind in ("建言", "感谢", "咨询") and not reported:
        return [], []
    return spans, list(dict.fromkeys(words))


def _grave_act(sentence: str, rules: Rules) -> list[str]:
    """A word of wrongdoing with the official near it, or nothing. Who is only asked for help is not accused."""
    for grave in rules.grave.finditer(sentence):
        low, high = max(0, grave.start() - _BEFORE), grave.end() + _AFTER
        for official in rules.official.finditer(sentence, low, min(high, len(sentence))):
            if not _ADDRESSED.search(sentence[max(0, official.start() - 12) : official.start()]):
                return [grave.group(), official.group()]
    return []
