"""The six kinds of public opinion that 国办发〔2016〕80号 tells apart, by rules, for the way it is answered.

建设性意见 (say what was taken up), 实际困难 (say what is done), 重大问题 (publish the inquiry), 不了解情况 (explain),
错误看法 (correct), 虚假信息 (answer and hand over). The first rule that holds decides.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.casualty_scope import any_of
from nlp.datasets import Recipe
from nlp.grave_matters import weighty_words
from nlp.labelling.scoring import score_of_rule

NEEDS = ("message_type", "petition_kind", "severity", "rumour", "sentiment")
HEADS: tuple[Recipe, ...] = ()
_RUMOUR = 0.8
_SURE = 0.6


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"label", "score", "rule"} per post; ``rule`` decided, and ``score`` is how often it was right on labelled
    letters (nlp.labelling.scoring; of ``rumour`` it is that field's score). Unsure where that was counted on too few
    letters or was mostly wrong (``_unsure_disposition`` of the batch's values)."""
    words = batch.settings["topics"]["disposition"]
    out, doubtful = [], []
    for at in range(len(batch)):
        label, rule, word = _judge(batch, at, words)
        score, sure = score_of_rule(rule)
        if rule == "rumour":
            score = batch.values["rumour"][at]["score"]
            sure = score >= _RUMOUR
        if word:
            batch.evidence[at]["disposition"] = [word]
        out.append({"label": label, "score": round(score, 4), "rule": rule})
        doubtful.append(not sure)
    batch.values["_unsure_disposition"] = doubtful
    return out


def _judge(batch: Batch, at: int, words: Any) -> tuple[str, str, str | None]:
    """(label, rule that decided, the word that did, if one)."""
    text, message = batch.raw(at), batch.kinds[at] in ("message", "hotline")
    type_, level = batch.values["message_type"][at], batch.values["severity"][at]["level"]
    if level != "none":
        return "重大问题", "severity", None
    if batch.values["petition_kind"][at]["label"] == "检举控告":
        return "重大问题", "report", None
    if not message:
        false, rumour = any_of(words["虚假信息"], text), batch.values["rumour"][at]["score"]
        if rumour >= _RUMOUR or (false and rumour >= 0.5):
            return "虚假信息", "rumour", false
        if type_["score"] < _SURE:
            return _of_chatter(batch, at, words)
    if type_["label"] in ("建言", "感谢"):
        return "建设性意见", "proposal", None
    weighty = weighty_words(batch.features.titles[at], batch.features.texts[at]) if message else []
    if weighty:
        return "重大问题", "grave_words", weighty[0]
    if type_["label"] == "咨询":
        return "不了解情况", "question", any_of(words["不了解情况"], text)
    if not message:
        return _of_chatter(batch, at, words)
    return "实际困难", "difficulty", any_of(words["实际困难"], text)


def _of_chatter(batch: Batch, at: int, words: Any) -> tuple[str, str, str | None]:
    """A post that asks an authority for nothing: no letter of the kind was counted, so a person should look."""
    text, feeling = batch.raw(at), batch.values["sentiment"][at]["label"]
    wrong = any_of(words["错误看法"], text)
    if wrong and feeling != "positive":
        return "错误看法", "wrong_view", wrong
    if feeling != "negative":
        return "建设性意见", "calm_talk", None
    return "实际困难", "angry_talk", any_of(words["实际困难"], text)
