"""What the desk of the news office shows at a glance: the queue, what is due, what is hot, what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.departments import barring
from casework.domain.event import Event
from casework.domain.matching import REPORT
from casework.domain.times import SHANGHAI
from casework.records import CaseFilter, CasePage, PostRecord, SearchFilter, User
from casework.services.opening import HIDDEN_TITLE
from dashboards import access, reprints, words
from pipeline.wiring import Context

QUEUE, EVENTS, STREAM, DUE = 20, 10, 20, 200
"""How many of each are shown."""
SOON = timedelta(hours=24)
DAYS = 7
"""Days back within which an event must have a post."""
READ = 300
"""Events read of the store, which orders them by the heat of their last post; they are compared at one moment."""
ORDER = {"extraordinary": 0, "major": 1, "serious": 2, "ordinary": 3}
"""Levels, the gravest first; what has none stands behind them, what is not known yet before 一般."""
UNKNOWN = 2.5


@dataclass(frozen=True, slots=True)
class Due:
    """A limit that ends today, with its case."""

    case: Case
    clock: Clock
    at: datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """A post of the stream: masked, with its level, whether it is negative, its event's heat and its case."""

    id: str
    title: str
    kind: str
    source: str
    at: datetime
    severity: str | None
    negative: bool
    heat: float
    event: str | None
    case: str | None
    reprints: int


def page(context: Context, user: User, where: CaseFilter, limit: int, offset: int = 0) -> CasePage:
    """One page of the cases that pass and that ``user`` may see."""
    narrowed = access.list_filter(user, context.office, where)
    return CasePage((), 0, None) if narrowed is None else context.store.page_cases(narrowed, offset, limit)


def sums(context: Context, user: User, now: datetime) -> dict[str, int]:
    """What a person must know at once: cases that are late, due within a day, waiting for a decision."""

    def number(where: CaseFilter) -> int:
        return page(context, user, where, 1).total

    late = number(CaseFilter(overdue_at=now))
    soon = max(0, number(CaseFilter(due_before=now + SOON)) - late)
    return {"late": late, "soon": soon, "to_review": number(CaseFilter(state="to_review"))}


def departments(context: Context, now: datetime) -> list[tuple[str, str]]:
    """(id, name) of the departments that exist today."""
    day = now.astimezone(SHANGHAI).date()
    return [(id_, found.name) for id_, found in context.office.routing.departments.items() if found.alive(day)]


def hidden_cases(context: Context, user: User, reports: bool) -> tuple[str, ...]:
    """Cases whose posts ``user`` must not find: those that exclude his desk, and without ``reports`` every 检举控告,
    whatever is said of one of its posts alone (信访工作条例 第三十条)."""
    barred = tuple(sorted(barring(access.desk_of(user, context.office), context.office.routing.departments)))
    asked = [CaseFilter(excluding=barred)] if barred else []
    asked += [] if reports else [CaseFilter(petition_kind=REPORT)]
    return tuple(dict.fromkeys(case.id for where in asked for case in context.store.list_cases(where)))


def due_today(context: Context, user: User, now: datetime) -> list[tuple[str, list[Due]]]:
    """The limits that end before tomorrow, by the hour (14 时 …)."""
    local = now.astimezone(SHANGHAI)
    night = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Midnight itself is the end of today.
    found = page(context, user, CaseFilter(due_before=night + timedelta(seconds=1)), DUE)
    hours: dict[str, list[Due]] = {}
    for case in found.cases:
        clock = words.leading(case)
        if clock is None or clock.due is None or not now < clock.due <= night:
            continue
        at = clock.due.astimezone(SHANGHAI)
        hours.setdefault("24 时" if at == night else f"{at.hour} 时", []).append(Due(case, clock, at))
    return list(hours.items())


def hottest(context: Context, user: User, now: datetime, limit: int = EVENTS) -> list[Event]:
    """The hottest events that ``user`` may see. What is left of a merged one has no heat and is passed over."""
    found = context.store.hottest_events(now - timedelta(days=DAYS), READ)
    alive = sorted((one for one in found if one.heat > 0), key=lambda one: (-one.heat_at(now), one.id))
    shown: list[Event] = []
    for start in range(0, len(alive), limit):
        shown += seen_events(context, user, alive[start : start + limit])
        if len(shown) >= limit:
            break
    return shown[:limit]


def seen_events(context: Context, user: User, events: Sequence[Event]) -> list[Event]:
    """Those whose case ``user`` may see; of a report of wrongdoing only who sees reports hears at all."""
    cases = context.store.get_cases([one.case for one in events if one.case])
    kept = []
    for one in events:
        case = cases.get(one.case or "")
        hidden = one.title == HIDDEN_TITLE and not access.sees_reports(user, context.office)
        if not hidden and (case is None or access.visible(user, context.office, case)):
            kept.append(one)
    return kept


def seen_posts(context: Context, user: User, records: Sequence[PostRecord]) -> list[PostRecord]:
    """Posts that ``user`` may see: none of a case that he may not, none that may be a report which he does not see.

    What is not judged and decided yet may be a report that names his own desk: it waits.
    """
    cases = context.store.get_cases(list(dict.fromkeys(one.case for one in records if one.case)))
    reports = access.sees_reports(user, context.office)
    kept = []
    for one in records:
        case = cases.get(one.case or "")
        if case is not None and not access.visible(user, context.office, case):
            continue
        if one.decision is not None and (reports or not maybe_report(one)):
            kept.append(one)
    return kept


def maybe_report(record: PostRecord) -> bool:
    """Whether the post is a report of wrongdoing, or may be one as long as nobody has decided."""
    value: Any = record.assessment.value if record.assessment else {}
    kind = value.get("petition_kind") or {}
    return kind.get("label") == REPORT or "petition_kind" in value.get("unsure", ())


def stream(context: Context, user: User, now: datetime) -> list[Incoming]:
    """The newest posts, of one text and its reprints one; the gravest first, then by their event's heat, then time."""
    records = context.store.recent_posts(SearchFilter(until=now), 4 * STREAM)
    told = reprints.fold(seen_posts(context, user, records))[:STREAM]
    events = context.store.get_events([one.record.event for one in told if one.record.event])
    shown = [_incoming(context, one, events, now) for one in told]
    return sorted(shown, key=lambda one: (grave(one.severity), -one.heat, -one.at.timestamp(), one.id))


def grave(level: str | None) -> float:
    """The place of a level in a list that begins with the gravest. None: not known, to be looked at."""
    return UNKNOWN if level is None else ORDER.get(level, 9)


def _incoming(context: Context, told: reprints.Told, events: dict[str, Event], now: datetime) -> Incoming:
    record = told.record
    post, value = record.post, record.assessment.value if record.assessment else {}
    event = events.get(record.event or "")
    mood, severity = value.get("sentiment") or {}, value.get("severity") or {"level": "none"}
    text = (post.title or "").strip() or post.text.strip()
    return Incoming(
        id=post.id,
        title=context.masker.mask_text(" ".join(text.split()))[:80],
        kind=post.kind,
        source=post.source,
        at=post.published_at,
        severity=severity.get("level"),
        negative=mood.get("label") == "negative",
        heat=event.heat_at(now) if event else 0.0,
        event=event.id if event else None,
        case=record.case,
        reprints=len(told.reprints),
    )
