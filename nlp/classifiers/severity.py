"""Level and category of an emergency, by rules from the figures that a text reports.

Sources: 生产安全事故报告和调查处理条例 第三条 (deaths 30/10/3; injured 100/50/10;
loss 1亿/5000万/1000万; 以上 includes the number);
突发事件应对法 第三条 (社会安全 has no levels). No emergency: ``none``. An emergency of which the text gives no figures:
``null``, "to review at once".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.casualties import DENIED, GIST, Casualties, any_of, read_casualties, real_sentences
from nlp.casualty_groups import long_past
from nlp.datasets import Recipe
from nlp.dictionaries import either

NEEDS: tuple[str, ...] = ()
HEADS: tuple[Recipe, ...] = ()
_AFTERMATH = re.compile(r"医药费|赔偿|判决|鉴定|报销|低保|补助|医保|抚恤|保险")
"""Of figures without a word for what happened: they speak of what came long after."""
_SIGNALS = 5
_NEAR = 24


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"level", "category", "deaths", "injured", "signals"} per post."""
    reader = Reader(batch.settings["severity"])
    return [reader.judge(batch.raw(at), _year(post)) for at, post in enumerate(batch.posts)]


class Reader:
    """Reads texts by the settings of severity.yml."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        words = {word for listed in settings["categories"].values() for word in listed}
        self._gist = re.compile(f"{either(words)}|{GIST.pattern}")

    def judge(self, text: str, year: int | None) -> dict[str, Any]:
        """The value for one normalised text. ``year``: of publication, if known."""
        nothing: dict[str, Any] = {"level": "none", "category": None, "deaths": None, "injured": None, "signals": []}
        if not self._gist.search(text):
            return nothing
        settings = self._settings
        sentences = list(real_sentences(text, settings))
        found = read_casualties(text, sentences, year)
        hurt = found.any or found.deaths is not None or found.injured is not None
        category, word = _category(sentences, settings, year, hurt)
        counted = found.deaths is not None or found.injured is not None
        if category is None and (found.weak or not counted or _AFTERMATH.search(text)):
            return nothing
        category = category or "事故灾难"
        vulnerable = any_of(settings["vulnerable"], text)
        signals = [*([word] if word else []), *found.signals, *([vulnerable] if vulnerable else [])]
        return {
            "level": _level(found, category, settings),
            "category": category,
            "deaths": found.deaths,
            "injured": found.injured,
            "signals": list(dict.fromkeys(signals))[:_SIGNALS],
        }


def _level(found: Casualties, category: str | None, settings: Mapping[str, Any]) -> str | None:
    if category in settings["unlevelled"]:
        return None
    if not (found.deaths or found.injured or found.loss) and (
        found.vague or (found.deaths is None and found.injured is None)
    ):
        return None
    for row in settings["levels"]:
        reached = (
            (found.deaths or 0) >= row["deaths"],
            (found.injured or 0) >= row["injured"],
            (found.loss or 0) >= row["loss"] * 10_000,
        )
        if any(reached):
            return str(row["level"])
    return str(settings["lowest"])


def _category(
    sentences: Sequence[str], settings: Mapping[str, Any], year: int | None, hurt: bool
) -> tuple[str | None, str | None]:
    """The category with its word, of a sentence that says it happened; (None, None): nothing happened."""
    for category, words in settings["categories"].items():
        for sentence in sentences:
            word = any_of(words, sentence)
            if word is None or any_of(settings["elsewhere"], sentence):
                continue
            at = sentence.index(word)
            if long_past(sentence, at, year) or (not hurt and DENIED.search("".join(sentences))):
                continue
            around = sentence[max(0, at - _NEAR) : at + len(word) + _NEAR]
            if hurt or (any_of(settings["happened"], around) and not any_of(settings["feared"], around)):
                return category, word
    return None, None


def _year(post: Mapping[str, Any]) -> int | None:
    published = post.get("published_at")
    digits = published[:4] if isinstance(published, str) else ""
    return int(digits) if digits.isdigit() else None
