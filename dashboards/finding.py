"""What the search page asks of the store, narrowed to what the person may see, and how the hits are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.domain.event import Event
from casework.domain.times import SHANGHAI
from casework.records import CaseFilter, PostPage, PostQuery, PostRecord, User
from dashboards import access, board
from pipeline.highlight import parts
from pipeline.wiring import Context

PAGE, EXPORTED, READ = 20, 5000, 300
"""Hits of a page; rows of an export; posts read to find events."""
READ_OF = 400
"""Characters of a text that are masked where only its beginning is shown."""
WHAT = {"posts": "帖文", "events": "事件", "cases": "案件", "answers": "答复"}
FIELDS = ("kind", "source", "severity", "sentiment", "board_domain", "message_type")
Chosen = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A hit: where it leads, the masked text around what was searched in pieces (text, whether it was searched)."""

    path: str | None
    pieces: tuple[tuple[str, bool], ...]
    facts: tuple[str, ...]


def day(text: str, after: int = 0) -> datetime | None:
    """The beginning in Beijing of a day written as 2026-11-24, ``after`` days later; None where it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SHANGHAI) + timedelta(days=after)
    except (ValueError, OverflowError):
        return None


def query_of(context: Context, user: User, chosen: Chosen) -> PostQuery:
    """The search as the store takes it: without reports where they are not shown, without the cases that the person
    must not find, in hits and in counts (信访工作条例 第三十条)."""
    words = chosen.get("q", "").strip()
    return PostQuery(
        query=words or None,
        **{name: chosen.get(name) or None for name in FIELDS},
        since=day(chosen.get("since", "")),
        until=day(chosen.get("until", ""), after=1),
        region=chosen.get("region") or None,
        reports=access.sees_reports(user, context.office),
        without_cases=board.hidden_cases(context, user, access.sees_reports(user, context.office)),
    )


def posts(context: Context, user: User, chosen: Chosen, offset: int, limit: int) -> PostPage:
    """One page of posts."""
    return context.store.find_posts(query_of(context, user, chosen), offset, limit)


def events(context: Context, user: User, chosen: Chosen, now: datetime) -> list[Event]:
    """Events of the newest READ posts found, the hottest first, of those that the person may see."""
    found = context.store.find_posts(query_of(context, user, chosen), 0, READ)
    ids = list(dict.fromkeys(record.event for record in found.records if record.event))
    known = [one for one in context.store.get_events(ids).values() if one.heat > 0]
    seen = board.seen_events(context, user, known)
    return sorted(seen, key=lambda one: (-one.heat_at(now), one.id))


def case_filter(what: str, chosen: Chosen) -> CaseFilter:
    """Cases by their title, or by the answer that was published."""
    words = chosen.get("q", "").strip() or None
    named = CaseFilter(severity=chosen.get("severity") or None, board_domain=chosen.get("board_domain") or None)
    return replace(named, words=words) if what == "cases" else replace(named, answer=words, states=PUBLISHED)


PUBLISHED = ("published", "closed", "archived")


def pieces(context: Context, text: str, words: str) -> tuple[tuple[str, bool], ...]:
    """A text masked, around the words searched, in pieces, each with whether it was searched."""
    before, found, after = parts(text[:READ_OF] if not words else text, words, context.masker)
    return ((before, False), (found, True), (after, False)) if found else ((before, False),)


def shown(context: Context, record: PostRecord, words: str) -> tuple[tuple[str, bool], ...]:
    """The post, as ``pieces``."""
    return pieces(context, f"{record.post.title or ''} {record.post.text}", words)


def row(context: Context, record: PostRecord, kinds: Mapping[str, str], values: Mapping[str, str]) -> list[Any]:
    """A line of the export, masked."""
    post, found = record.post, record.assessment.value if record.assessment else {}
    mask = context.masker.of_case().mask_text

    def label(name: str) -> str:
        given = str((found.get(name) or {}).get("label") or "")
        return values.get(given, given)

    regions = "、".join(one["path"] for one in found.get("regions", ()))
    named = [mask(post.title or ""), mask(post.text), kinds.get(post.kind, post.kind), post.source, post.url or ""]
    at = post.published_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    labels = [label(name) for name in ("board_domain", "message_type", "sentiment")]
    return [post.id, at, *named, *labels, regions, record.event or "", record.case or ""]


HEAD = (
    *("编号", "发布时间", "标题（脱敏）", "正文（脱敏）", "类别", "来源", "网址", "领域", "类型", "情感"),
    *("地点", "事件", "案件"),
)
