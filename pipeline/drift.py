"""Whether what comes in still is what the models were made for: the last days beside the days before them.

* ``labels``: shares of every label then and now, and ``distance``: half the sum of the differences (total variation,
  0…1);
* ``unknown_words``: share of words that stood in none of the texts the features were made of;
* ``calibration``: the errors that the scores promise (1 − mean score) beside the share of posts that people corrected.
  People correct what they see, so the second is a lower bound: above the first, the scores are too sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from casework.domain.times import show_time
from casework.ports import SearchFilter
from casework.records import PostRecord
from nlp import classifiers
from pipeline import corrections
from pipeline.wiring import Context

MOST = 20_000
"""Posts looked at of each time, the newest."""


def drift(context: Context, days: int, now: datetime) -> dict[str, Any]:
    """The report of the ``days`` before ``now`` against as many before them."""
    middle = now - timedelta(days=days)
    late = _assessed(context, middle, now)
    early = _assessed(context, middle - timedelta(days=days), middle)
    return {
        "since": show_time(middle),
        "until": show_time(now),
        "posts": {"before": len(early), "now": len(late)},
        "labels": {task: _shares(task, early, late) for task in classifiers.names() if _labels(task, early + late)},
        "unknown_words": {"before": unknown_words(early), "now": unknown_words(late)},
        "calibration": _calibration(context, late),
    }


def _assessed(context: Context, since: datetime, until: datetime) -> list[PostRecord]:
    records = context.store.recent_posts(SearchFilter(since=since, until=until), MOST)
    return [record for record in records if record.assessment is not None]


def _labels(task: str, records: Sequence[PostRecord]) -> list[str]:
    values = [record.assessment.value.get(task) for record in records if record.assessment]
    return [str(value["label"]) for value in values if isinstance(value, dict) and value.get("label")]


def _shares(task: str, early: Sequence[PostRecord], late: Sequence[PostRecord]) -> dict[str, Any]:
    before, after = Counter(_labels(task, early)), Counter(_labels(task, late))
    sizes = max(1, before.total()), max(1, after.total())
    shares = {
        label: {"before": round(before[label] / sizes[0], 4), "now": round(after[label] / sizes[1], 4)}
        for label in sorted(before | after)
    }
    distance = sum(abs(pair["now"] - pair["before"]) for pair in shares.values()) / 2
    return {"shares": shares, "distance": round(distance, 4) if before and after else None}


def unknown_words(records: Sequence[PostRecord]) -> float | None:
    """Share of words, 0…1, that no text of the features' data had; None without words."""
    from nlp.features import Extractor
    from nlp.linear import MODELS, load_idf
    from nlp.words import segmenter

    idf = load_idf(MODELS).word
    features = Extractor(segmenter()).extract([(record.post.title or "", record.post.text) for record in records], ())
    if not len(features.word_bucket):
        return None
    # A word that stood in no text has the greatest idf there is.
    return round(float((idf[features.word_bucket] >= idf.max()).mean()), 4)


def _calibration(context: Context, records: Sequence[PostRecord]) -> dict[str, Any]:
    known = {record.post.id: record for record in records}
    wrong = Counter(
        task for task, _ in {(one.task, one.post) for one in corrections.corrections(context) if _is_wrong(one, known)}
    )
    found = {}
    for task in classifiers.names():
        scores = [
            float(value["score"])
            for record in records
            if record.assessment and isinstance(value := record.assessment.value.get(task), dict) and "score" in value
        ]
        if scores:
            promised = 1 - sum(scores) / len(scores)
            found[task] = {"promised_errors": round(promised, 4), "corrected": round(wrong[task] / len(scores), 4)}
    return found


def _is_wrong(one: corrections.Correction, known: dict[str, PostRecord]) -> bool:
    return one.post in known and one.label != one.was
