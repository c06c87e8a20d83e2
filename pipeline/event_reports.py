"""``huiying report special``: an event's paper from the store. Only masked text goes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from casework.domain.matching import REPORT
from casework.domain.times import SHANGHAI
from casework.ports import CaseFilter, PostRecord
from pipeline.errors import CallError
from pipeline.reports import is_report, judged, shares

if TYPE_CHECKING:
    from pipeline.papers.paper import Paper
    from pipeline.papers.special import EventFacts, Said
    from pipeline.wiring import Context

SHOWN = 5
"""Opinions of each sort."""


def paper_of(context: Context, id_: str, flash: bool, now: datetime) -> Paper:
    """专报, or with ``flash`` 快报, of event ``id_``. Raises CallError where there is none to be made.

    An event with a report of wrongdoing in it has none: the unit reported might read it (信访工作条例 第三十条).
    """
    from pipeline.papers.special import flash_paper, special_paper

    event = context.store.get_events([id_]).get(id_)
    if event is None:
        raise CallError(f"{id_}: no such event; huiying search or /events gives the ids")
    records = list(context.store.get_posts(list(event.posts)).values())
    cases = [case for case in context.store.list_cases(CaseFilter()) if case.petition_kind == REPORT]
    hidden = {post for case in cases for post in case.posts}
    if any(is_report(one) or one.post.id in hidden for one in records):
        raise CallError(f"{id_}: a 检举控告, or what may be one, is in it; it has no paper that goes round")
    if not records:
        raise CallError(f"{id_}: its posts are kept no longer; there is nothing to write")
    facts = _facts(context, id_, event.title, event.heat_at(now), records)
    return flash_paper(facts, now) if flash else special_paper(facts, now)


def _facts(context: Context, id_: str, title: str, heat: float, records: Sequence[PostRecord]) -> EventFacts:
    from pipeline.papers.figures import SENTIMENT_LABELS
    from pipeline.papers.special import EventFacts

    mask = context.masker.of_case().mask_text
    ordered = sorted(records, key=lambda record: (record.post.published_at, record.post.id))
    said = [_said(record, mask(record.post.text)) for record in ordered]
    news = {record.post.id for record in ordered if record.post.kind == "news"}
    days = {one.post: f"{one.at.astimezone(SHANGHAI):%m月%d日}" for one in said}
    return EventFacts(
        id=id_,
        title=mask(title),
        office=context.office.name,
        heat=heat,
        posts=tuple(one.post for one in said),
        first=said[0],
        last=said[-1].at,
        sources=shares(ordered, {one.post: one.source for one in said}, {one.source: one.source for one in said}),
        days=shares(ordered, days, {day: day for day in days.values()}),
        sentiments=shares(*judged(ordered, "sentiment"), SENTIMENT_LABELS),
        media=tuple(one for one in said if one.post in news)[:SHOWN],
        people=tuple(one for one in said if one.post not in news)[:SHOWN],
    )


def _said(record: PostRecord, text: str) -> Said:
    from pipeline.papers.special import Said

    post = record.post
    return Said(post.id, text, post.source, post.url or "", post.published_at)
