"""What became of a case's posts at their sources: deleted, back again, edited; told in words with the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.domain.errors import DomainError
from casework.domain.post import DELETED_AS, WAS_DELETED
from casework.domain.times import full_time, parse_time, show_time
from casework.records import PostRecord

EDITED = {"title": "标题", "text": "正文", "published_at": "发布时间", "place": "地点", "labels": "分类"}
"""Fields whose change is an edit at the source. A reply is an answer, and ``truncated`` says how much was shown."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """One thing that happened to a post at its source.

    ``what``: ``deleted`` (and still away since ``at``), ``back`` (away from ``at`` to ``until``), ``edited`` (seen
    ``at``). ``fields``: what an edit changed. ``sign``: by what the deletion was told.
    """

    post: str
    what: str
    at: datetime
    until: datetime | None = None
    fields: tuple[str, ...] = ()
    sign: str = ""

    def to_json(self) -> dict[str, object]:
        """As ``case show --json`` gives it, times in +08:00."""
        until = show_time(self.until) if self.until is not None else None
        return {
            "post": self.post,
            "what": self.what,
            "at": show_time(self.at),
            "until": until,
            "fields": list(self.fields),
        }

    def words(self) -> str:
        """As a person reads it, without the post."""
        at = full_time(self.at)
        if self.what == "deleted":
            return f"来源已删除（{at} 发现{'：' + self.sign if self.sign else ''}）"
        if self.what == "back":
            return f"曾从来源消失（{at} 发现，{full_time(self.until) if self.until else ''} 恢复）"
        return f"来源已修改（{at} 发现，改动：{'、'.join(EDITED[name] for name in self.fields)}）"


def source_changes(records: Iterable[PostRecord]) -> list[SourceChange]:
    """Everything that happened to these posts at their sources, in the order of the posts, then of time."""
    found: list[SourceChange] = []
    for record in records:
        found += sorted([*_edits(record), *_absences(record)], key=lambda change: change.at)
    return found


def _edits(record: PostRecord) -> Iterable[SourceChange]:
    for old in record.revisions:
        fields = tuple(name for name in EDITED if name in old.fields)
        if fields:
            yield SourceChange(record.post.id, "edited", old.until, fields=fields)


def _absences(record: PostRecord) -> Iterable[SourceChange]:
    post = record.post
    for span in str(post.extra.get(WAS_DELETED) or "").split("; "):
        since, until = (_time(part) for part in (*span.split("/"), "")[:2])
        if since is not None and until is not None:
            yield SourceChange(post.id, "back", since, until)
    away = _time(post.deleted_at)
    if away is not None:
        yield SourceChange(post.id, "deleted", away, sign=str(post.extra.get(DELETED_AS) or ""))


def _time(text: str | None) -> datetime | None:
    """A time that a line of some source wrote into ``extra``, which nothing has checked; None where it is none."""
    try:
        return parse_time(text) if text else None
    except DomainError:
        return None
