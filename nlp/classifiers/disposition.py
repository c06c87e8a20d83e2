"""The six kinds of public opinion that 国办发〔2016〕80号 tells apart, by rules, for the way it is answered.

建设性意见 (say what was taken up), 实际困难 (say what is done), 重大问题 (publish the inquiry), 不了解情况 (explain),
错误看法 (correct), 虚假信息 (answer and hand over). The first rule that holds decides.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.casualty_scope import any_of
from nlp.datasets import Recipe
from nlp.grave_matters import weighty_words

NEEDS = ("message_type", "petition_kind", "severity", "rumour", "sentiment")
HEADS: tuple[Recipe, ...] = ()
_RUMOUR = 0.8
_SURE = 0.6


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"label", "score"} per post."""
    words = batch.settings["topics"]["disposition"]
    return [_judge(batch, at, words) for at in range(len(batch))]


def _judge(batch: Batch, at: int, words: Any) -> dict[str, Any]:
    text, kind = batch.raw(at), batch.kinds[at]
    message = kind in ("message", "hotline")
    type_ = batch.values["message_type"][at]
    level = batch.values["severity"][at]["level"]
    rumour = batch.values["rumour"][at]["score"]

    def answer(label: str, score: float, word: str | None = None) -> dict[str, Any]:
        if word:
            batch.evidence[at]["disposition"] = [word]
        return {"label": label, "score": round(score, 4)}

    if level != "none" or batch.values["petition_kind"][at]["label"] == "检举控告":
        return answer("重大问题", 0.85)
    false = any_of(words["虚假信息"], text)
    if not message and (rumour >= _RUMOUR or (false and rumour >= 0.5)):
        return answer("虚假信息", max(rumour, 0.5), false)
    if not message and type_["score"] < _SURE:
        return _of_chatter(batch, at, words, answer)
    if type_["label"] in ("建言", "感谢"):
        return answer("建设性意见", type_["score"])
    weighty = weighty_words(batch.features.titles[at], batch.features.texts[at]) if message else []
    if weighty:
        return answer("重大问题", 0.7, weighty[0])
    if type_["label"] == "咨询":
        return answer("不了解情况", type_["score"], any_of(words["不了解情况"], text))
    if not message:
        return _of_chatter(batch, at, words, answer)
    return answer("实际困难", 0.75, any_of(words["实际困难"], text))


def _of_chatter(batch: Batch, at: int, words: Any, answer: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A post that asks an authority for nothing: low scores, so that no threshold opens a case for it."""
    text = batch.raw(at)
    feeling = batch.values["sentiment"][at]["label"]
    wrong = any_of(words["错误看法"], text)
    if wrong and feeling != "positive":
        return answer("错误看法", 0.55, wrong)
    if feeling != "negative":
        return answer("建设性意见", 0.2)
    return answer("实际困难", 0.4, any_of(words["实际困难"], text))
