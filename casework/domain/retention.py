"""How long data are kept, and what is left of a post when its time is over (个人信息保护法 第十九条, 第四十七条)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.domain.post import Post

SORTS = ("collected", "authors", "originals", "posts", "cases", "logs")
"""Sorts of data: raw lines; authors; original texts; posts; cases; files of logs."""
TEXTS = ("text", "title")
KEPT_LABELS = ("board_domain", "petition_topic", "message_type", "petition_kind", "sentiment", "emotion", "disposition")
Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Keep:
    """One sort is kept ``days`` calendar days; ``then`` is ``delete`` or ``anonymise``."""

    what: str
    days: int
    then: str
    reference: str

    def before(self, now: datetime) -> datetime:
        """What is of before this moment has been kept long enough."""
        return now - timedelta(days=self.days)


def without_author(post: Post) -> Post:
    """The post without who wrote it."""
    return replace(post, author=None)


def masked(post: Post, mask: Mask) -> Post:
    """The post without its author and address, its texts (and its answer's) masked."""
    reply = post.reply
    # The text first: it says of a name that it is one, and a title often has the name alone.
    text = mask(post.text)
    title = None if post.title is None else mask(post.title)
    if reply is not None and reply.text:
        reply = replace(reply, text=mask(reply.text))
    return replace(post, author=None, url=None, title=title, text=text, reply=reply)


def erased(post: Post) -> Post:
    """What statistics need of a post: its source, times, place and counts; nothing that it said."""
    return replace(post, author=None, url=None, title=None, text="", reply=None, extra={})


def masked_fields(fields: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """The fields of an older revision, masked as ``masked`` does."""
    kept = {name: value for name, value in fields.items() if name not in ("author", "url")}
    for name in TEXTS:
        if kept.get(name):
            kept[name] = mask(kept[name])
    reply = kept.get("reply")
    if reply and reply.get("text"):
        kept["reply"] = {**reply, "text": mask(reply["text"])}
    return kept


def bare_assessment(value: Mapping[str, Any]) -> dict[str, Any]:
    """An assessment without the words of its post: labels, severity, places and models stay for the statistics."""
    kept = {name: value[name] for name in (*KEPT_LABELS, "severity", "regions", "models") if name in value}
    return {**kept, "units": [], "accused": [], "terms": [], "evidence": {}}
