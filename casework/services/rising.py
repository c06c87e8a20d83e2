"""预警: a topic of a hot list that concerns the office and rises fast is told at once, not when somebody looks.

The reader of the list marks the rise (label ``rise``), which is a new revision of the topic's post; where opening gives
that post a case, an alarm of its own goes to the review desk, once a topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from casework.domain.alarm import Finding
from casework.domain.case import Case
from casework.domain.moves import STATES
from casework.domain.post import Post
from casework.domain.times import short_time
from casework.ports import NotFound, Store
from casework.records import Opened, PostRecord

RISE = "rise"
KIND, KIND_OVER = "alarm", "alarm_over"
TOPIC = "topic:"
"""What the ids of these alarms begin with; the id of the topic's post follows."""
OFF_LIST = timedelta(hours=6)
"""So long a topic was not seen on its list, and its alarm is over: lists are read every few minutes."""


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
    return Finding(f"{TOPIC}{post.id}", state, facts, kind=KIND)


def calmed(store: Store, now: datetime) -> Iterator[Finding]:
    """The end of each alarm of a topic that has left its list, is no longer marked as rising, or whose case has ended.

    An alarm that never ends is one that nobody heeds; a topic that rises again is told again.
    """
    raised = [alarm for alarm in store.list_alarms() if alarm.id.startswith(TOPIC) and alarm.state is not None]
    records = store.get_posts([alarm.id.removeprefix(TOPIC) for alarm in raised])
    for alarm in raised:
        record = records.get(alarm.id.removeprefix(TOPIC))
        why = _why_over(record, store, now)
        if why is not None:
            # As it was told: title and link of the case, masked then.
            last = alarm.notices[-1].facts if alarm.notices else {}
            facts = {name: last[name] for name in ("case_id", "title", "link") if name in last}
            yield Finding(alarm.id, None, {**facts, "reason": why}, kind=KIND, over=KIND_OVER)


def _why_over(record: PostRecord | None, store: Store, now: datetime) -> str | None:
    """Why the alarm of a topic is over, in words; None while it is not."""
    if record is None:
        return "该话题已不在库中"
    if not record.post.labels.get(RISE):
        return "话题不再快速上升"
    if now - record.post.collected_at >= OFF_LIST:
        return f"话题已离开热搜榜，最后一次在榜是{short_time(record.post.collected_at)}"
    try:
        case = store.get_case(record.case) if record.case else None
    except NotFound:
        return None
    if case is not None and case.ended and case.merged_into is None:
        return f"案件{STATES[case.state]}"
    return None


def course(post: Post) -> str:
    """Where a topic stands on its list and stood at best, in words; empty for a post of no list."""
    extra = post.extra
    names = {"rank": "现第{}名", "heat": "热度{}", "best_rank": "最好第{}名", "peak_heat": "最高热度{}"}
    return "，".join(name.format(extra[key]) for key, name in names.items() if key in extra)


def trail(post: Post) -> tuple[str, ...]:
    """The course so far, a point each: ``11-24 11:10 #25 150000`` (moment, rank, heat)."""
    return tuple(point for point in str(post.extra.get("trail") or "").split("; ") if point)
