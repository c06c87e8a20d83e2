"""Does a reply answer its letter? A likelihood that it answers another one, and the marks of an empty reply.

The likelihood compares letter and reply (tf-idf cosines over characters and words) and is made a probability by a
logistic curve fitted on swapped replies. The marks are those that the rules name: 国办发〔2018〕123号 三(二)
(答非所问、空洞说教) and the phrases that offices are told to avoid (近期、尽快、即将: 乐清 网络问效).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import exp
from typing import Any

from nlp.dictionaries import either, word_list
from nlp.features import Extractor
from nlp.linear import MODELS, load_idf
from nlp.words import segmenter

_SLOPE, _MIDDLE = 79.0, 0.046
"""Of the logistic curve: fitted on letters with their own and with a neighbour's reply."""
_EMPTY = re.compile(either(word_list("reply_empty")))
_PASSED = re.compile(either(word_list("reply_passed_on")))
_RULE = re.compile(
    r"《[^》]{2,40}》|第[一二三四五六七八九十百\d]{1,5}条|〔\d{4}〕\d{1,4}号|依据|根据.{2,20}(?:规定|办法|条例|法)"
)
_FACT = re.compile(r"\d|[一二三四五六七八九十]{1,3}[月日号]|经(?:核实|调查|查|现场)|现场(?:查看|核查|检查)")
_LEAST = 20


@cache
def _extractor() -> Extractor:
    return Extractor(segmenter(), load_idf(MODELS))


def similarity(title: str, text: str, reply: str) -> float:
    """0…1: the mean of three cosines, letter with reply over characters and over words, title with reply."""
    letter = f"{title} {text}"
    features = _extractor().extract([("", letter), ("", reply), ("", title or text)], ("char", "word"))
    char, word = features.views["char"], features.views["word"]
    pairs = ((char[0], char[1]), (word[0], word[1]), (char[2], char[1]))
    return sum(float((left @ right.T).sum()) for left, right in pairs) / len(pairs)


def check(line: Mapping[str, Any]) -> dict[str, Any]:
    """``{"id", "mismatch", "findings": [{"kind", "words"}]}`` of ``{"id", "title", "text", "reply"}``.

    ``mismatch`` 0…1: how likely the reply answers another letter; kinds: off_topic, empty_phrase, no_rule, no_fact,
    passed_on, too_short. ValueError: ``text`` or ``reply`` is no string.
    """
    title, text, reply = (line.get(name) or "" for name in ("title", "text", "reply"))
    for name, value in (("title", title), ("text", text), ("reply", reply)):
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a string, found {type(value).__name__}")
    close = similarity(title, text, reply)
    mismatch = 1 / (1 + exp(_SLOPE * (close - _MIDDLE)))
    findings = list(_findings(reply))
    if mismatch > 0.5:
        findings.insert(0, {"kind": "off_topic", "words": ""})
    return {"id": line.get("id"), "mismatch": round(mismatch, 4), "findings": findings}


def _findings(reply: str) -> list[dict[str, str]]:
    found = [{"kind": "empty_phrase", "words": word} for word in dict.fromkeys(_EMPTY.findall(reply))]
    found += [{"kind": "passed_on", "words": word} for word in dict.fromkeys(_PASSED.findall(reply))]
    if not _RULE.search(reply):
        found.append({"kind": "no_rule", "words": ""})
    if not _FACT.search(reply):
        found.append({"kind": "no_fact", "words": ""})
    if len(reply.strip()) < _LEAST:
        found.append({"kind": "too_short", "words": reply.strip()})
    return found
