"""``huiying source try``: the first items of a source as a run would take them; nothing is written or remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.adding.worker import look
from crawlers.run import check_allowed
from crawlers.source_folder import find_source
from crawlers.source_model import ArticlesSource

MOST = 10
_BEGINNING = 40
"""Characters of a text that are shown where it has no title."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item. ``missing``: what the page did not give (title, origin, author; "time of day" where it shows a day,
    "article.body" where the text was not at the place of source.yml)."""

    url: str | None
    published_at: str
    title: str | None
    begins: str
    origin: str | None
    length: int
    by: str | None
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The item as an object."""
        return {name: getattr(self, name) for name in self.__slots__} | {"missing": list(self.missing)}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source gave. ``state`` as in a run: done, stopped (the site said no), failed."""

    source: str
    state: str
    reason: str | None
    items: tuple[Shown, ...]
    refused: tuple[Mapping[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """The answer of ``--json``."""
        return {
            "source": self.source,
            "state": self.state,
            "reason": self.reason,
            "items": [item.to_json() for item in self.items],
            "refused": [dict(row) for row in self.refused],
        }


def try_source(
    name: str,
    now: datetime,
    base_url: str | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    most: int = MOST,
) -> Trial:
    """Walk as a run does until ``most`` items are there. Raises CollectError where the call or source.yml is wrong."""
    source = find_source(name, overrides, draft=True)
    check_allowed(source, base_url)
    answer = look(
        {"source": source.model_dump(mode="json"), "now": now.isoformat(), "base_url": base_url, "most": most}
    )
    # An answer that was on its way when the walk was stopped may have brought one more.
    has_place = isinstance(source, ArticlesSource) and bool(source.article.body)
    items = tuple(_shown(post, has_place) for post in answer["posts"][:most])
    refused = tuple(_refused(row) for row in answer["refused"][:most])
    state, reason = "done", answer["stopped"]
    if reason is not None:
        state = "stopped"
    elif answer["failed"]:
        state, reason = "failed", "the spider met an answer it has no word for; see the log"
    elif not items:
        state, reason = "failed", f"{answer['read']} rows read, none of them an item"
    return Trial(source.id, state, reason, items, refused)


def _shown(post: Mapping[str, Any], has_place: bool) -> Shown:
    extra = post.get("extra") or {}
    is_news = post["kind"] == "news"
    # A post on Weibo has no title, and a hot topic no author: only what the kind has can be missing.
    wanted = {"weibo": ("author",), "message": ("title",), "hotline": ()}.get(post["kind"], ("title", "author"))
    missing = [name for name in wanted if not post.get(name)]
    if not extra.get("origin") and is_news:
        missing.append("origin")
    if extra.get("time_shown") == "day":
        missing.append("time of day")
    if has_place and extra.get("by") != "rules":
        missing.append("article.body")
    if post.get("truncated"):
        missing.append("full text")
    return Shown(
        url=post.get("url"),
        published_at=post["published_at"],
        title=post.get("title"),
        begins=post["text"][:_BEGINNING],
        origin=extra.get("origin"),
        length=len(post["text"]),
        by=extra.get("by"),
        missing=tuple(missing),
    )


def _refused(row: Mapping[str, str]) -> dict[str, str]:
    try:
        raw = json.loads(row["raw"])
    except ValueError:
        raw = {}
    return {"reason": row["reason"], "url": str(raw.get("url") or "") if isinstance(raw, dict) else ""}
