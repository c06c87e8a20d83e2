"""研判: posts without an assessment of their present revision get one. A refused post stays and is found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casework.domain.assessment import Assessment
from casework.ports import Assessor, PostRecord, PostStore

BATCH = 500


@dataclass(slots=True)
class AssessCounts:
    """in = done + refused."""

    done: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, int]:
        """The contract's counts."""
        return {"in": self.done + self.refused, "done": self.done, "refused": self.refused}


def assess(store: PostStore, assessor: Assessor) -> AssessCounts:
    """Judge all unassessed posts of the store; each batch is written before the next is read."""
    counts = AssessCounts()
    for batch in store.unassessed(BATCH):
        store.put_assessments(_judged(batch, assessor, counts))
    return counts


def _judged(batch: list[PostRecord], assessor: Assessor, counts: AssessCounts) -> dict[str, tuple[Assessment, str]]:
    found: dict[str, tuple[Assessment, str]] = {}
    judged = assessor.judge([{"id": record.post.id, **record.post.to_json()} for record in batch])
    for record, answer in zip(batch, judged, strict=True):
        value = answer.value
        if "error" in value:
            counts.refused += 1
            kind = str(value["error"]["kind"])
            counts.reasons[kind] = counts.reasons.get(kind, 0) + 1
            continue
        counts.done += 1
        kept: dict[str, Any] = {key: item for key, item in value.items() if key != "id"}
        found[record.post.id] = (Assessment(kept, record.revision), answer.words)
    return found
