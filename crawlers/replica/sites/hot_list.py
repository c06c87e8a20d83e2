"""Weibo's hot list (``side/hotSearch``, ``formats.md`` 2.2): ranks from the posts, an advertisement, a pinned topic."""

from __future__ import annotations

import json
from typing import Any

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment


class HotListSite:
    """Each post is a topic: ``extra.rank`` (none: the platform pinned it), ``counts.views`` its heat."""

    source = "weibo_hot"
    hosts: tuple[str, ...] = ("weibo.com",)

    def __init__(self, posts: list[Post]) -> None:
        self._pinned = [post for post in posts if _rank(post) is None][:1]
        self._posts = sorted((post for post in posts if _rank(post) is not None), key=lambda post: _rank(post) or 0)

    def answer(self, ask: Ask) -> Answer:
        """The list as it stands now."""
        if ask.path != "/ajax/side/hotSearch":
            return NOT_FOUND
        rows = [_row(post) for post in self._posts]
        rows.insert(min(3, len(rows)), {"word": "示例推广", "note": "示例推广", "is_ad": 1, "num": 0})
        data: dict[str, Any] = {"realtime": rows}
        if self._pinned:
            data["hotgov"] = {**_row(self._pinned[0]), "icon_desc": "热"}
        return Answer(
            json.dumps({"ok": 1, "data": data}, ensure_ascii=False).encode(), "application/json; charset=utf-8"
        )


def _rank(post: Post) -> int | None:
    rank = (post.get("extra") or {}).get("rank")
    return int(rank) if rank is not None else None


def _row(post: Post) -> dict[str, Any]:
    word, rank = str(post.get("title") or ""), _rank(post)
    row = {
        "word": word,
        "note": word,
        "word_scheme": f"#{word}#",
        "num": (post.get("counts") or {}).get("views", 0),
        "label_name": (post.get("labels") or {}).get("flag", ""),
        "onboard_time": int(moment(post).timestamp()),
        "category": "社会",
    }
    return row if rank is None else {**row, "realpos": rank, "rank": rank - 1}
