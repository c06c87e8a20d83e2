"""The three legal kinds of a petition (信访工作条例 第二十九至三十一条).

检举控告 is wrongdoing (违纪违法, 职务犯罪) of an official body or of its staff: it leaves the ordinary flow and never
reaches the unit accused (第三十条). 举报 of a firm or of a private person is 申诉求决. A complaint that an authority is
slow or does nothing is 申诉求决 too. 建议意见 are proposals and praise.

Whether a letter accuses is weighed from signs (nlp/petition_signs.py) and a text head, both trained on letters that
people labelled; whom it accuses is read from the sentences that name an office beside a wrong, by the office's words.
Under the border lies a band in which accusations are still met: there the field is unsure, and a person decides.
Short texts give the signs little to count; they are read by their grammar too (nlp/plain_accusations.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.datasets import Recipe
from nlp.dictionaries import either, word_list
from nlp.features import Extractor
from nlp.labelling.petition import ACCUSING, LABELS, decisions_apart, fit, training_samples
from nlp.petition_signs import names_office, score, signs, wrong_words
from nlp.plain_accusations import SURE, Plain, plain

NEEDS = ("message_type",)
HEADS = (Recipe("main", LABELS, training_samples, views=("char", "word", "title"), method="svc", cost=0.3),)
_SENTENCE = re.compile(r"[^。!?!?;;\n]+")
_BORDER = 0.5
_PLAINLY = 0.8
"""Score of a short plain accusation; of those in nlp/proofs/short_accusations.csv more than that share are such."""
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


def finish(data_path: Path, extractor: Extractor, models: Sequence[Path]) -> dict[str, Any]:
    """Entry ``signs`` of the card: weights of the signs and of the text head, trained after it, and the curve."""
    from nlp.train import Problem, matrix_of

    problem = Problem.of(HEADS[0], training_samples(data_path), extractor, data_path)
    solution, bias = problem.solve()

    def decide(posts: Sequence[tuple[str, str]]) -> Any:
        return (matrix_of(list(posts), HEADS[0].views, extractor) @ solution + bias)[:, 1]

    return {"signs": fit(data_path, decisions_apart(data_path, problem), decide)}


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post, 0.5 at the border.

    Kept in ``batch.values``: the spans accused in ``_accusing``, whether a post lies in the band under the border in
    ``_unsure_petition_kind``.
    """
    rules = compile_rules(batch.settings["topics"]["petition_kind"])
    card = batch.bank.cards["petition_kind"]["signs"]
    _, decisions = batch.head("petition_kind", "main")
    out: list[Any] = []
    spans: list[list[tuple[int, int]]] = []
    doubtful: list[bool] = []
    low = _from_border(float(card["band"]), float(card["threshold"]))
    for at, kind in enumerate(batch.values["message_type"]):
        values = signs(batch.features.titles[at], batch.features.texts[at])
        sure = _from_border(score(values, float(decisions[at, 1]), card), float(card["threshold"]))
        accusing: list[tuple[int, int]] = []
        if sure >= low and not names_office(values):
            sure = low / 2
        short = plain(batch.raw(at), doubted=sure >= low)
        sure = _with_plain(sure, low, short)
        doubtful.append(low <= sure < _BORDER)
        if doubtful[-1] and (words := list(short.words) or wrong_words(batch.raw(at))):
            batch.evidence[at]["petition_kind"] = words
        if sure >= _BORDER:
            accusing, words = _accused(batch.raw(at), rules, kind["label"], short)
            batch.evidence[at]["petition_kind"] = words[:3]
            out.append({"label": ACCUSING, "score": round(sure, 4)})
        elif kind["label"] in ("建言", "感谢"):
            out.append({"label": "建议意见", "score": round(min(kind["score"], 1 - sure), 4)})
        else:
            out.append({"label": "申诉求决", "score": round(1 - sure, 4)})
        spans.append(accusing)
    batch.values |= {"_accusing": spans, "_unsure_petition_kind": doubtful}
    return out


def _with_plain(sure: float, low: float, short: Plain) -> float:
    """The chance moved by what a short text says plainly: up to an accusation or into the band, down into the band
    where what it tells is news, a story, praise, a proposal or a question about rules."""
    band = (low + _BORDER) / 2
    if short.level == SURE:
        return max(sure, _PLAINLY)
    if short.level:
        return max(sure, band)
    return min(sure, band) if short.told else sure


def _from_border(probability: float, threshold: float) -> float:
    """The probability moved so that the border between the kinds lies at one half."""
    if probability >= threshold:
        return _BORDER + _BORDER * (probability - threshold) / (1 - threshold)
    return _BORDER * probability / threshold


def _accused(text: str, rules: Rules, kind: str, short: Plain) -> tuple[list[tuple[int, int]], list[str]]:
    """The sentences that name the accused, or the whole text where none does; the words of wrongdoing."""
    spans, words = accusations(text, rules, kind)
    spans, words = sorted({*spans, *short.spans}), list(dict.fromkeys([*words, *short.words]))
    return spans or [(0, len(text))], words or wrong_words(text)


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
    return spans, list(dict.fromkeys(words))


def _grave_act(sentence: str, rules: Rules) -> list[str]:
    """A word of wrongdoing with the official near it, or nothing. Who is only asked for help is not accused."""
    for grave in rules.grave.finditer(sentence):
        low, high = max(0, grave.start() - _BEFORE), grave.end() + _AFTER
        for official in rules.official.finditer(sentence, low, min(high, len(sentence))):
            if not _ADDRESSED.search(sentence[max(0, official.start() - 12) : official.start()]):
                return [grave.group(), official.group()]
    return []
