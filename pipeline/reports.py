"""``huiying report``: figures of a day from the store, into a paper. Only masked text goes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.matching import REPORT
from casework.domain.times import SHANGHAI, parse_day
from casework.ports import CaseFilter, PostRecord, SearchFilter
from pipeline.errors import CallError

if TYPE_CHECKING:
    from pipeline.papers.figures import Count, DailyFigures, DepartmentDay, OverdueItem, TopEvent
    from pipeline.wiring import Context

KINDS = ("daily", "weekly", "monthly", "scorecard", "notice", "special")
"""Papers that this version writes."""
MOST_POSTS = 100_000
TOP = 10


def day_of(text: str | None, now: datetime) -> date:
    """The day asked for; the day of ``now`` in +08:00 where none was."""
    if text is None:
        return now.astimezone(SHANGHAI).date()
    try:
        return parse_day(text)
    except DomainError as error:
        raise CallError(f"--date: {error}") from None


def write(context: Context, kind: str, day: date, now: datetime, out: Path) -> None:
    """Write the paper ``kind`` of the day, week or month that ``day`` is in to ``out``; its suffix decides the form."""
    from pipeline.papers.daily import daily_paper
    from pipeline.papers.paper import write as put

    if kind == "daily":
        put(replace(daily_paper(daily_figures(context, day, now)), at=now), out)
    else:
        from pipeline.period_reports import paper_of

        put(paper_of(context, kind, day, now), out)


def write_special(context: Context, event: str, flash: bool, now: datetime, out: Path) -> None:
    """Write an event's paper to ``out``; see ``event_reports.paper_of``."""
    from pipeline.event_reports import paper_of
    from pipeline.papers.paper import write as put

    put(paper_of(context, event, flash, now), out)


def write_notice(context: Context, kind: str, case: str, now: datetime, out: Path) -> None:
    """Write the paper ``kind`` of one case to ``out``; see ``notices.paper_of``."""
    from pipeline.notices import paper_of
    from pipeline.papers.paper import write as put

    put(paper_of(context, kind, case, now), out)


def daily_figures(context: Context, day: date, now: datetime) -> DailyFigures:
    """What a daily report counts: posts published on ``day``, cases opened on it, what is late at its end (or now)."""
    since = datetime.combine(day, time(), SHANGHAI)
    return figures_of(context, gather(context, since, since + timedelta(days=1)), now)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Posts published and cases opened in [``since``, ``until``), ``cases`` of all time; no report of wrongdoing."""

    since: datetime
    until: datetime
    records: list[PostRecord]
    cases: list[Case]
    opened: list[Case]
    cut: bool


def gather(context: Context, since: datetime, until: datetime) -> Gathered:
    """Reports of wrongdoing are left out whole: a paper circulates, and the unit reported may read it
    (信访工作条例 第三十条).
    """
    found = context.store.recent_posts(SearchFilter(since=since, until=until), MOST_POSTS)
    every = list(context.store.list_cases(CaseFilter()))
    cases = [case for case in every if case.petition_kind != REPORT]
    hidden = {post for case in every if case.petition_kind == REPORT for post in case.posts}
    records = [record for record in found if not is_report(record) and record.post.id not in hidden]
    opened = [case for case in cases if case.opened_at is not None and since <= case.opened_at < until]
    return Gathered(since, until, records, cases, opened, len(found) >= MOST_POSTS)


def figures_of(context: Context, got: Gathered, now: datetime) -> DailyFigures:
    """The figures of what was gathered; lateness as at the end of the period, or now where that is earlier."""
    from pipeline.papers import figures

    records, opened = got.records, got.opened
    at = min(max(now, got.since), got.until)
    return figures.DailyFigures(
        date=got.since.date(),
        office=context.office.name,
        since=got.since,
        until=got.until,
        stages=_stages(records, opened),
        kinds=shares(records, {r.post.id: r.post.kind for r in records}, figures.KIND_LABELS),
        severities=shares(*judged(records, "severity"), figures.SEVERITY_LABELS),
        sentiments=shares(*judged(records, "sentiment"), figures.SENTIMENT_LABELS),
        events=_events(context, records, at),
        departments=_departments(context, opened, got.cases, at, got.since, got.until),
        overdue=_overdue(context, got.cases, at),
    )


def is_report(record: PostRecord) -> bool:
    """Whether a post is a report of wrongdoing, or may be one and no person has said that it is not."""
    judged = record.assessment
    return judged is not None and (judged.label("petition_kind") == REPORT or "petition_kind" in judged.unsure)


def _stages(records: Sequence[PostRecord], opened: Sequence[Case]) -> tuple[Count, ...]:
    from pipeline.papers.figures import Count

    ids = tuple(record.post.id for record in records)
    assessed = tuple(record.post.id for record in records if record.assessment is not None)
    events = tuple(sorted({record.event for record in records if record.event is not None}))
    return (
        Count("发布", len(ids), None, ids),
        Count("研判", len(assessed), len(ids), assessed),
        Count("事件", len(events), None, events, "个"),
        Count("立案", len(opened), None, tuple(case.id for case in opened), "件"),
    )


def judged(records: Sequence[PostRecord], name: str) -> tuple[list[PostRecord], dict[str, str]]:
    """The judged ones of ``records`` with the value of ``name`` of each (post id → value, ``unknown`` for none)."""
    found = [record for record in records if record.assessment is not None]
    values = {}
    for record in found:
        assert record.assessment is not None  # filtered above
        level = record.assessment.severity if name == "severity" else record.assessment.label(name)
        values[record.post.id] = level or "unknown"
    return found, values


def shares(records: Sequence[PostRecord], values: dict[str, str], labels: dict[str, str]) -> tuple[Count, ...]:
    """How many of ``records`` have each value, ``values`` being post id → value, in the order of ``labels``."""
    from pipeline.papers.figures import SEVERITY_UNKNOWN, Count

    numbers = Counter(values.values())
    order = [*labels, *sorted(set(numbers) - set(labels))]
    return tuple(
        Count(
            labels.get(value, SEVERITY_UNKNOWN),
            numbers[value],
            len(records),
            tuple(id_ for id_, found in values.items() if found == value),
        )
        for value in order
        if numbers[value]
    )


def _events(context: Context, records: Sequence[PostRecord], at: datetime) -> tuple[TopEvent, ...]:
    from pipeline.papers.figures import TopEvent

    posts: dict[str, list[str]] = {}
    for record in records:
        if record.event is not None and record.decision != "none":
            posts.setdefault(record.event, []).append(record.post.id)
    events = context.store.get_events(list(posts))
    hottest = sorted(events.values(), key=lambda event: (-event.heat_at(at), event.id))[:TOP]
    return tuple(
        TopEvent(event.title, len(posts[event.id]), event.heat_at(at), tuple(posts[event.id])) for event in hottest
    )


def _departments(
    context: Context, opened: Sequence[Case], cases: Sequence[Case], at: datetime, since: datetime, until: datetime
) -> tuple[DepartmentDay, ...]:
    from pipeline.papers.figures import DepartmentDay

    days = []
    for id_ in sorted({case.department for case in cases if case.department is not None}):
        mine = [case for case in cases if case.department == id_]
        day = DepartmentDay(
            context.office.department_name(id_),
            tuple(case.id for case in opened if case.department == id_),
            tuple(case.id for case in mine if case.overdue(at)),
            tuple(case.id for case in mine if case.due is not None and since <= case.due < until),
        )
        if day.opened or day.overdue or day.due_today:
            days.append(day)
    return tuple(days)


def _overdue(context: Context, cases: Sequence[Case], at: datetime) -> tuple[OverdueItem, ...]:
    from pipeline.papers.figures import OverdueItem

    items = []
    for case in cases:
        late = [clock for clock in case.running() if clock.late(at)]
        # The one that has been late longest speaks for the case.
        for clock in sorted(late, key=lambda clock: (str(clock.due), clock.key))[:1]:
            assert clock.due is not None  # a late clock has a due moment
            name = context.office.department_name(case.department)
            rule = clock.rule
            items.append(OverdueItem(case.id, case.title, name, rule.title, rule.reference, rule.basis, clock.due))
    return tuple(sorted(items, key=lambda item: (item.due, item.case_id)))
