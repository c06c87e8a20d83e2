"""Weibo's official interface 2.0 (``formats.md`` 2.4): wants a key, counts calls, speaks in error codes."""

from __future__ import annotations

import json
from typing import Any

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment

_USER_LIMIT, _IP_LIMIT = 150, 1000
_LONG = 140
_OFFICE = {"id": 5000000001, "screen_name": "示例市发布", "gender": "m", "followers_count": 8000}
_PERSON = {"id": 5000000002, "screen_name": "示例网友", "gender": "f", "followers_count": 12}


class OpenApiSite:
    """Posts with ``extra.line`` own, mentions or home (default) lie in that time line, one page of 20 rows after
    another; posts with ``extra.comment_on`` are comments. ``extra.line`` search is found by any words.
    """

    source = "weibo_api"
    hosts: tuple[str, ...] = ("api.weibo.com",)
    page = 20

    def __init__(self, posts: list[Post]) -> None:
        self._posts = sorted(posts, key=_number, reverse=True)
        self._left = _USER_LIMIT

    def answer(self, ask: Ask) -> Answer:
        """An answer of the interface; every call but that for the limits costs one of the hour's."""
        interface = ask.path.removeprefix("/2/").removesuffix(".json")
        if not ask.key.startswith("OAuth2 "):
            return self.error(ask, 10006, "Source paramter (appkey) is missing.", 400)
        if interface == "account/rate_limit_status":
            return _json(self._limits())
        if self._left < 1:
            return self.error(ask, 10023, "User requests out of rate limit!", 403)
        self._left -= 1
        if interface == "statuses/show":
            return self._show(ask)
        if interface == "comments/show":
            rows = [post for post in self._posts if _extra(post).get("comment_on") == ask.query.get("id")]
            return self._rows("comments", rows, ask)
        line = {"user_timeline": "own", "mentions": "mentions", "home_timeline": "home", "topics": "search"}
        name = line.get(interface.split("/")[-1])
        if name is None:
            return NOT_FOUND
        return self._rows("statuses", [post for post in self._posts if _line(post) == name], ask)

    @staticmethod
    def error(ask: Ask, code: int, message: str, status: int) -> Answer:
        """The interface's own way to say no."""
        return _json({"request": ask.path, "error_code": code, "error": message}, status)

    def _limits(self) -> dict[str, Any]:
        own = {"api": "/statuses/update", "limit": 30, "limit_time_unit": "HOURS", "remaining_hits": 30}
        return {
            "api_rate_limits": [own],
            "ip_limit": _IP_LIMIT,
            "limit_time_unit": "HOURS",
            "remaining_ip_hits": _IP_LIMIT - 1,
            "remaining_user_hits": self._left,
            "reset_time_in_seconds": 1800,
            "user_limit": _USER_LIMIT,
        }

    def _rows(self, name: str, posts: list[Post], ask: Ask) -> Answer:
        below = int(ask.query.get("max_id") or 10**18)
        start = self.page * (int(ask.query.get("page") or 1) - 1)
        shown = [post for post in posts if _number(post) <= below][start : start + self.page]
        rows = [_comment(post) if name == "comments" else _status(post, self._talk(post)) for post in shown]
        return _json({name: rows, "total_number": len(posts), "next_cursor": 0, "previous_cursor": 0})

    def _talk(self, post: Post) -> int:
        comments = sum(_extra(other).get("comment_on") == post["native_id"] for other in self._posts)
        return comments or int((post.get("counts") or {}).get("comments", 0))

    def _show(self, ask: Ask) -> Answer:
        for post in self._posts:
            if post["native_id"] == ask.query.get("id"):
                return _json({**_status(post, 0), "longText": {"longTextContent": post["text"]}})
        return self.error(ask, 20101, "target weibo does not exist!", 400)


def _json(value: dict[str, Any], status: int = 200) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8", status=status)


def _extra(post: Post) -> dict[str, Any]:
    return post.get("extra") or {}


def _line(post: Post) -> str:
    extra = _extra(post)
    return "comments" if extra.get("comment_on") else str(extra.get("line") or "home")


def _number(post: Post) -> int:
    return int(str(post["native_id"]).removeprefix("c"))


def _status(post: Post, comments: int) -> dict[str, Any]:
    long, counts = len(post["text"]) > _LONG, post.get("counts") or {}
    user = _OFFICE if _line(post) == "own" else {**_PERSON, "screen_name": post.get("author")}
    return {
        "created_at": moment(post).strftime("%a %b %d %H:%M:%S %z %Y"),
        "id": _number(post),
        "mid": str(_number(post)),
        "text": post["text"][:_LONG] + "..." if long else post["text"],
        "isLongText": long,
        "truncated": False,
        "source": '<a href="https://weibo.example">示例手机</a>',
        "user": user,
        "reposts_count": counts.get("reposts", 0),
        "comments_count": comments,
        "attitudes_count": counts.get("likes", 0),
    }


def _comment(post: Post) -> dict[str, Any]:
    return {
        "created_at": moment(post).strftime("%a %b %d %H:%M:%S %z %Y"),
        "id": _number(post),
        "text": post["text"],
        "user": _OFFICE if _extra(post).get("by_office") else _PERSON,
        "status": {"id": int(_extra(post)["comment_on"]), "user": _OFFICE},
    }
