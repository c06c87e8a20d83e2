"""Judging anew: posts whose assessment names other models than those in force get a new one.

What people corrected is put right again afterwards. ``open`` then looks at these posts once more, as at a revised one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from casework.domain.assessment import BY_HAND, Assessment
from casework.records import PostRecord
from nlp.assessor import Assessor as NlpAssessor
from pipeline import corrections
from pipeline.wiring import Context

BATCH = 500
_BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


def reassess(context: Context) -> dict[str, int]:
    """in = done + kept + refused: judged anew, by the models in force already, and refused by them."""
    assessor = context.assessor
    assert isinstance(assessor, NlpAssessor)
    counts = {"in": 0, "done": 0, "kept": 0, "refused": 0}
    # The ids first: what is judged anew is no longer among the opened ones.
    ids = iter([known.id for known in context.store.grouped(_BEGINNING)])
    while part := list(islice(ids, BATCH)):
        records = context.store.get_posts(part)
        old = {id_: record for id_, record in records.items() if _is_old(record, assessor.versions)}
        counts["in"] += len(records)
        counts["kept"] += len(records) - len(old)
        done = _judged(context, old)
        counts["done"] += done
        counts["refused"] += len(old) - done
    context.store.refresh()
    return counts


def _is_old(record: PostRecord, versions: dict[str, str]) -> bool:
    """Whether another model judged any label; a label that a person gave is of no model."""
    if record.assessment is None:
        return False
    named: dict[str, Any] = dict(record.assessment.value.get("models", {}))
    return any(named.get(task) not in (version, BY_HAND) for task, version in versions.items())


def _judged(context: Context, records: dict[str, PostRecord]) -> int:
    answers = context.assessor.judge([{"id": id_, **record.post.to_json()} for id_, record in records.items()])
    found = {}
    for (id_, record), answer in zip(records.items(), answers, strict=True):
        if "error" not in answer.value:
            kept = {key: item for key, item in answer.value.items() if key != "id"}
            found[id_] = (Assessment(kept, record.revision), answer.words)
    context.store.put_assessments(found)
    context.store.refresh()
    corrections.put_right(context, context.store.get_posts(list(found)))
    return len(found)
