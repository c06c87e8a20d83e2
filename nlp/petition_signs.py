"""Signs by which an accusation of officials is told from other complaints: counted, weighed by training.

No single word decides: 举报 of a shop, or 不作为 of an office, is an ordinary complaint. What tells is who is named
near what is said to be wrong, and what the title says. The weights come from letters labelled by people
(docs/how-to/labelling.md); the counts below are all that is asked of a text beside the text head.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import exp, log1p
from typing import Any

from nlp.dictionaries import either, word_list

NAMES = (
    "wrong",
    "people",
    "bodies",
    "firms",
    "inquiry",
    "wrong_by_office",
    "wrong_density",
    "people_density",
    "firms_density",
    "near_density",
    "title_wrong",
    "title_people",
    "title_bodies",
    "title_firms",
    "title_reports",
    "title_wrong_of_office",
    "title_reports_office",
    "title_reports_firm",
    "title_wrong_of_people",
    "many_near",
    "title_firm_alone",
)
"""Names of the signs, in their order. Counts are ln(1 + n), densities per hundred characters."""

_READ = 1500
"""Characters of a text that are read: letters say in their first page whom they accuse."""
_SHORT = 60
_BEFORE, _AFTER = 22, 10
_MANY = 2
_WRONG, _PEOPLE, _BODIES, _FIRMS, _INQUIRY = (
    re.compile(either(word_list(f"signs_{name}"))) for name in ("wrong", "people", "bodies", "firms", "inquiry")
)
_REPORTS = re.compile("举报|检举|控告|揭发|实名|状告|控诉")
_ADDRESSED = re.compile(r"(?:请|望|盼|求|希望|尊敬的|敬爱的|向|找|感谢|麻烦|恳请|相信)[^,，、]{0,6}$")
_SENTENCE = re.compile(r"[^。!?！？;；\n]+")


def signs(title: str, text: str) -> list[float]:
    """The values of NAMES for one letter."""
    read = text[:_READ]
    hundreds = max(_SHORT, len(read)) / 100
    wrong, people, bodies, firms, inquiry = (_count(p, read) for p in (_WRONG, _PEOPLE, _BODIES, _FIRMS, _INQUIRY))
    near = sum(_near(match.group()) for match in _SENTENCE.finditer(read))
    counts = [log1p(value) for value in (wrong, people, bodies, firms, inquiry, near)]
    densities = [value / hundreds for value in (wrong, people, firms, near)]
    return [*counts, *densities, *_of_title(title, near)]


def _of_title(title: str, near: int) -> list[float]:
    wrong, people, bodies, firms = (min(_count(p, title), 2) for p in (_WRONG, _PEOPLE, _BODIES, _FIRMS))
    reports = _REPORTS.search(title) is not None
    office = people > 0 or bodies > 0
    flags = (
        wrong > 0 and office,
        reports and office,
        reports and firms > 0 and not people,
        people > 0 and wrong > 0,
        near > _MANY,
        firms > 0 and not office,
    )
    return [*map(float, (wrong, people, bodies, firms, min(_count(_REPORTS, title), 1))), *map(float, flags)]


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _near(sentence: str) -> int:
    """Words of wrongdoing that have an office or its holder beside them."""
    found = 0
    for match in _WRONG.finditer(sentence):
        window = sentence[max(0, match.start() - _BEFORE) : match.end() + _AFTER]
        found += _stands_in(_PEOPLE, window) or _stands_in(_BODIES, window)
    return found


def _stands_in(pattern: re.Pattern[str], window: str) -> bool:
    """Whether an office or its holder stands there who is not merely asked for help."""
    return any(not _ADDRESSED.search(window[: match.start()]) for match in pattern.finditer(window))


def names_office(values: Sequence[float]) -> bool:
    """Whether ``values`` of ``signs`` tell of an office or its holder at all; without one nobody is accused."""
    told = dict(zip(NAMES, values, strict=True))
    return any(told[name] > 0 for name in ("people", "bodies", "title_people", "title_bodies"))


def wrong_words(text: str, limit: int = 3) -> list[str]:
    """The words of wrongdoing said of an office or its holder, each once, in the order of the text."""
    words: list[str] = []
    for sentence in _SENTENCE.finditer(text):
        if _near(sentence.group()):
            words += [match.group() for match in _WRONG.finditer(sentence.group())]
    return list(dict.fromkeys(words))[:limit]


def score(values: Sequence[float], decision: float, card: Mapping[str, Any]) -> float:
    """Probability (0…1) that a letter accuses officials.

    ``values``: of ``signs``; ``decision``: the text head's; ``card``: what training stored under ``signs``, with
    ``weights`` and ``mean`` for NAMES and then the decision, and ``bias``. A logistic curve.
    """
    total = float(card["bias"])
    for value, mean, weight in zip([*values, decision], card["mean"], card["weights"], strict=True):
        total += (value - mean) * weight
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
