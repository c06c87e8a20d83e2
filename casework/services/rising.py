"""预警: a topic of a hot list that concerns the office and rises fast is told at once, not when somebody looks.

The reader of the list marks the rise (label ``rise``), which is a new revision of the topic's post; where opening gives
that post a case, an alarm of its own goes to the review desk, once a topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from casework.domain.alarm import Finding
from casework.domain.case import Case
from casework.domain.post import Post
from casework.records import Opened, PostRecord

RISE = "rise"
KIND = "alarm"


def risen(records: Iterable[PostRecord], decided: Iterable[Opened], case_of: Callable[[str], Case]) -> list[Finding]:
    """What is to be told of these posts, each with what opening decided; ``case_of``: id → the case that speaks now."""
    told = []
    for record, done in zip(records, decided, strict=True):
        if record.post.labels.get(RISE) and done.case is not None:
            case = case_of(done.case)
            if not case.ended:
                told.append(_finding(record.post, case))
    return told


def _finding(post: Post, case: Case) -> Finding:
    state = post.labels[RISE]
    facts = {
        "case_id": case.id,
        "title": case.title,
        "state": state,
        "reason": f"话题在热搜榜上{state}：{course(post)}",
        "link": f"/cases/{case.id}",
        "action": "请立即研判是否回应，需要回应的抓紧核实情况。",
    }
    return Finding(f"topic:{post.id}", state, facts, kind=KIND)


def course(post: Post) -> str:
    """Where a topic stands on its list and stood at best, in words; empty for a post of no list."""
    extra = post.extra
    names = {"rank": "现第{}名", "heat": "热度{}", "best_rank": "最好第{}名", "peak_heat": "最高热度{}"}
    return "，".join(name.format(extra[key]) for key, name in names.items() if key in extra)


def trail(post: Post) -> tuple[str, ...]:
    """The course so far, a point each: ``11-24 11:10 #25 150000`` (moment, rank, heat)."""
    return tuple(point for point in str(post.extra.get("trail") or "").split("; ") if point)
