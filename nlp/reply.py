"""Does a reply answer its letter? A likelihood that it answers another one, and the marks of an empty reply.

The likelihood compares letter and reply (``nlp.reply_pairs``: shared grams and words by their weight, meanings, places,
numbers) and is a logistic curve fitted on replies swapped with one of about the same time; a reply that says nothing
(留言已收悉) is neither. The marks are those that the rules name: 国办发〔2018〕123号 三(二) (答非所问、空洞说教), and
the phrases that offices are told to avoid (近期、尽快、即将: 乐清 网络问效).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from casework.domain.replies import ANSWERED, NONE, receipts, stage_of_text
from casework.domain.reply_words import COURTESY, EMPTY, HANDED, REFERRED
from nlp.dictionaries import either
from nlp.linear import MODELS, ModelError, read_card, sha256
from nlp.reply_pairs import NAMES, compare, side
from nlp.reply_terms import Terms, read
from nlp.term_weights import Floats, hashes_of, word_set
from nlp.text import normalise, simplify
from nlp.words import segmenter

TASK = "reply"
_EMPTY = re.compile(either(EMPTY))
_PASSED = re.compile(either((*HANDED, *REFERRED)))
_RULE = re.compile(
    r"《[^》]{2,40}》|第[一二三四五六七八九十百\d]{1,5}条|〔\d{4}〕\d{1,4}号|依据|根据.{2,20}(?:规定|办法|条例|法)"
)
_FACT = re.compile(r"\d|[一二三四五六七八九十]{1,3}[月日号]|经(?:核实|调查|查|现场)|现场(?:查看|核查|检查)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_COURTESY = re.compile(either(COURTESY))
_LEAST = 20
_ANSWERED = 40
"""Characters beside courtesy and passing on from which a reply is taken to say something itself."""
_SHOWN = 5


@cache
def load_model(models: Path = MODELS) -> tuple[Terms, Floats]:
    """Tables and weights. ModelError: missing, damaged or of another version."""
    card = read_card(models, TASK)
    path = models / TASK / "main.npz"
    entry = card.get("heads", {}).get("main", {})
    if not path.is_file():
        raise ModelError(path, TASK, "the model file is missing")
    if sha256(path) != entry.get("sha256"):
        raise ModelError(path, TASK, "the model file is damaged: its SHA-256 is not the one of its card")
    if entry.get("features") != list(NAMES):
        raise ModelError(path, TASK, "made for another version of the comparison")
    try:
        return Terms.load(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(path, TASK, f"the model file cannot be read ({error})") from None


def mismatch(title: str, text: str, reply: str) -> float:
    """0…1: how likely the reply answers another letter, where half of all replies did."""
    terms, weights = load_model()
    cutter = segmenter()
    letter, head, answer = (side(read(part, cutter), terms) for part in (f"{title}\n{text}", title or text, reply))
    score = float(compare(letter, head, answer) @ weights[:-1] + weights[-1])
    return 1 / (1 + exp(max(min(score, 500.0), -500.0)))


def foreign_words(letter: str, reply: str) -> list[str]:
    """The words of the reply that weigh most and that the letter does not have, at most _SHOWN."""
    terms, _ = load_model()
    cutter = segmenter()
    own = word_set(normalise(letter), cutter)
    found = sorted(word for word in word_set(normalise(reply), cutter) - own if not word.isascii())
    weight = dict(zip(found, (float(terms.words.weights(hashes_of((word,)))[0]) for word in found), strict=True))
    known = [word for word in found if int(terms.words.places(hashes_of((word,)))[0]) >= 0]
    return sorted(known, key=lambda word: (-weight[word], word))[:_SHOWN]


def check(line: Mapping[str, Any]) -> dict[str, Any]:
    """``{"id", "mismatch", "findings": [{"kind", "words"}]}`` of ``{"id", "title", "text", "reply"}``.

    ``mismatch`` 0…1: how likely the reply answers another letter. Kinds: off_topic (words: what the reply speaks of
    and the letter does not), empty_phrase, passed_on (the phrases), receipt (nothing but that it was received or handed
    on: the clauses), no_rule, no_fact (the sentence where one was to be expected), too_short. A reply that is missing
    or has neither letter nor digit is one finding, no_reply (words: what stands there); it answers no letter, so that
    ``mismatch`` is 0.
    ValueError: ``text`` or ``reply`` is no string.
    """
    title, text, reply = (line.get(name) or "" for name in ("title", "text", "reply"))
    for name, value in (("title", title), ("text", text), ("reply", reply)):
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a string, found {type(value).__name__}")
    if not any(char.isalnum() for char in reply):
        return {"id": line.get("id"), "mismatch": 0.0, "findings": [{"kind": "no_reply", "words": reply.strip()}]}
    likely = mismatch(title, text, reply)
    findings = list(_findings(reply))
    if likely > 0.5:
        findings.insert(0, {"kind": "off_topic", "words": "、".join(foreign_words(f"{title}\n{text}", reply))})
    return {"id": line.get("id"), "mismatch": round(likely, 4), "findings": findings}


def _findings(reply: str) -> Iterator[dict[str, str]]:
    plain = simplify(reply)  # one for one: what is found there stands at the same place of the reply
    for word in dict.fromkeys(reply[found.start() : found.end()] for found in _EMPTY.finditer(plain)):
        yield {"kind": "empty_phrase", "words": word}
    yield from _marks(plain)


def _marks(reply: str) -> Iterator[dict[str, str]]:
    said = [sentence.strip() for sentence in _SENTENCE.findall(reply)]
    own = [sentence for sentence in said if not _COURTESY.search(sentence) and not _PASSED.search(sentence)]
    if sum(map(len, own)) < _ANSWERED:
        for word in dict.fromkeys(_PASSED.findall(reply)):
            yield {"kind": "passed_on", "words": word}
    if stage_of_text(reply) not in (ANSWERED, NONE):
        yield {"kind": "receipt", "words": "；".join(receipts(reply))}
    main = max(own or said, key=len, default="")
    if not _RULE.search(reply):
        yield {"kind": "no_rule", "words": main}
    if not _FACT.search(reply):
        yield {"kind": "no_fact", "words": main}
    if len(reply.strip()) < _LEAST:
        yield {"kind": "too_short", "words": reply.strip()}
