"""Level and category of an emergency, by rules from the figures that a text reports.

Sources: 生产安全事故报告和调查处理条例 第三条 (deaths 30/10/3; injured 100/50/10;
loss 1亿/5000万/1000万; 以上 includes the number);
突发事件应对法 第三条 (社会安全 has no levels). No emergency: ``none``. An emergency of which the text gives no figures:
``null``, "to review at once".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.casualties import Casualties, any_of, left_out, read_casualties
from nlp.datasets import Recipe

NEEDS: tuple[str, ...] = ()
HEADS: tuple[Recipe, ...] = ()
_SENTENCE = re.compile(r"[^。!?!?;;\n]+")
_SIGNALS = 5
_NEAR = 24


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"level", "category", "deaths", "injured", "signals"} per post."""
    settings = batch.settings["severity"]
    gist = re.compile("|".join(re.escape(w) for words in settings["categories"].values() for w in words) + "|[死亡伤]")
    return [judge_text(batch.raw(at), settings, _year(post), gist) for at, post in enumerate(batch.posts)]


def judge_text(text: str, settings: Mapping[str, Any], year: int | None, gist: re.Pattern[str]) -> dict[str, Any]:
    """The value for one text. ``gist`` is a quick look: without a match there is no emergency."""
    nothing: dict[str, Any] = {"level": "none", "category": None, "deaths": None, "injured": None, "signals": []}
    if not gist.search(text):
        return nothing
    head = _SENTENCE.search(text)
    if head and any_of(("演练", "演习", "桌面推演"), head.group()):
        return nothing
    found = read_casualties(text, settings, year)
    category, word = _category(text, settings, year, found)
    if category is None and not found.any:
        return nothing
    if category is None:
        category = "事故灾难" if found.deaths or found.injured else None
    signals = [*([word] if word else []), *found.signals]
    vulnerable = any_of(settings["vulnerable"], text)
    if vulnerable:
        signals.append(vulnerable)
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
    if found.deaths is None and found.injured is None and found.loss is None:
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
    text: str, settings: Mapping[str, Any], year: int | None, found: Casualties
) -> tuple[str | None, str | None]:
    """The category with its word, of a sentence that says it happened; (None, None): nothing happened."""
    hurt = found.any or found.deaths is not None or found.injured is not None
    for category, words in settings["categories"].items():
        for match in _SENTENCE.finditer(text):
            sentence = match.group()
            word = any_of(words, sentence)
            if word is None or left_out(sentence, settings, year):
                continue
            at = sentence.index(word)
            around = sentence[max(0, at - _NEAR) : at + len(word) + _NEAR]
            if hurt or (any_of(settings["happened"], around) and not any_of(settings["feared"], around)):
                return category, word
    return None, None


def _year(post: Mapping[str, Any]) -> int | None:
    published = post.get("published_at")
    digits = published[:4] if isinstance(published, str) else ""
    return int(digits) if digits.isdigit() else None
