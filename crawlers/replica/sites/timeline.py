"""m.weibo.cn's cards (``formats.md`` 2.1)."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any

from casework.domain.times import SHANGHAI
from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment, newest_first, number
from crawlers.weibo import bid_to_mid

_PAGE = 10
_LONG = 140
_SIGN = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,8}\]")
_TOPIC = re.compile(r"#[^#\n]{1,40}#")


_MID_EPOCH = 515483463
"""Unix second of mid 0; checked against created_at of real cards in tests/unit/crawlers/test_real_pages.py."""


def time_of_mid(mid: int) -> datetime:
    """When the post with this mid was sent, to the second: a mid holds its time in the bits above the 22nd.

    For data sets that keep the mid and not the time.
    """
    return datetime.fromtimestamp((mid >> 22) + _MID_EPOCH, SHANGHAI)


class TimelineSite:
    """All posts lie in the time line of the account that is asked first; others have nothing."""

    source = "weibo"
    hosts: tuple[str, ...] = ("m.weibo.cn",)

    def __init__(self, posts: list[Post]) -> None:
        ordered = newest_first(posts)
        self._pinned = [post for post in ordered if (post.get("extra") or {}).get("pinned")]
        # What the account's line leaves out though it is there: taken off the line, or shown to some readers only.
        self._posts = [
            post for post in ordered if post not in self._pinned and not (post.get("extra") or {}).get("unlisted")
        ]
        self._by_id = {str(post["native_id"]): post for post in ordered}
        self._uid: str | None = None

    def answer(self, ask: Ask) -> Answer:
        """Pages of cards behind ``since_id``; the last page carries none. Long texts by mid, single posts by bid."""
        if ask.path == "/statuses/extend":
            return self._long(ask.query.get("id", ""))
        if ask.path == "/statuses/show":
            return self._single(ask.query.get("id", ""))
        if ask.path != "/api/container/getIndex":
            return NOT_FOUND
        uid = ask.query.get("value") or ask.query.get("containerid", "")[6:]
        self._uid = self._uid or uid
        if uid != self._uid:
            return _json({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
        start = self._start(ask.query.get("since_id"))
        shown = self._posts[start : start + _PAGE]
        cards = [_card(post) for post in (self._pinned if start == 0 else [])] + [_card(post) for post in shown]
        if not cards:
            return _json({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
        info: dict[str, Any] = {"containerid": f"107603{uid}", "total": len(self._posts) + len(self._pinned)}
        if start + _PAGE < len(self._posts):
            info["since_id"] = number(shown[-1])
        return _json({"ok": 1, "data": {"cardlistInfo": info, "cards": cards}})

    def _start(self, since: str | None) -> int:
        if not since:
            return 0
        places = [place for place, post in enumerate(self._posts) if str(post["native_id"]) == since]
        return places[0] + 1 if places else len(self._posts)

    def _long(self, native_id: str) -> Answer:
        post = self._by_id.get(native_id)
        if post is None:
            return _json({"ok": 0, "msg": "打开失败"})
        return _json({"ok": 1, "data": {"ok": 1, "longTextContent": _markup(post["text"])}})

    def _single(self, bid: str) -> Answer:
        try:
            post = self._by_id.get(str(bid_to_mid(bid)))
        except ValueError:
            post = None
        if post is None:
            return _json({"ok": 0, "errno": "20101", "msg": "微博不存在或暂无查看权限!"})
        return _json({"ok": 1, "data": {**_card(post)["mblog"], "text": _markup(post["text"]), "isLongText": False}})


def _json(value: dict[str, Any]) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def _card(post: Post) -> dict[str, Any]:
    text, counts, extra = post["text"], post.get("counts") or {}, post.get("extra") or {}
    native_id = str(number(post))
    is_long = len(text) > _LONG
    blog: dict[str, Any] = {
        "id": native_id,
        "mid": native_id,
        "created_at": moment(post).strftime("%a %b %d %H:%M:%S %z %Y"),
        "text": _shortened(native_id, text) if is_long else _markup(text),
        "textLength": len(text),
        "isLongText": is_long,
        # Dropped by the spider: invented values of the kinds that the real cards carry.
        "source": "示例手机客户端",
        "user": {"id": 1000000001, "screen_name": post.get("author"), "gender": "m", "followers_count": 321},
        "reposts_count": counts.get("reposts", "转发"),
        "comments_count": counts.get("comments", "评论"),
        "attitudes_count": counts.get("likes", "赞"),
    }
    if post.get("place"):
        blog["region_name"] = post["place"]
    if extra.get("pinned"):
        blog |= {"title": {"text": "置顶", "base_color": 1}, "isTop": 1}
    if extra.get("edits"):
        blog["edit_count"] = extra["edits"]
    if extra.get("retweet_of") or extra.get("retweet_deleted"):
        blog["retweeted_status"] = _original(extra)
    return {"card_type": 9, "itemid": f"107603_-_{native_id}", "mblog": blog}


def _original(extra: dict[str, Any]) -> dict[str, Any]:
    if extra.get("retweet_deleted"):
        text = "抱歉，此微博已被作者删除。查看帮助：网页链接"
        return {"id": str(extra.get("retweet_of") or ""), "text": text, "user": None, "deleted": "1"}
    user = {"id": 1000000002, "screen_name": "示例用户"}
    return {"id": str(extra["retweet_of"]), "text": _markup(str(extra.get("retweet_text", ""))), "user": user}


def _shortened(native_id: str, text: str) -> str:
    return f'{_markup(text[:_LONG])} ...<a href="/status/{native_id}">全文</a>'


def _markup(text: str) -> str:
    """Signs as pictures, topics as links, line ends as breaks: as the site writes them."""
    markup = html.escape(text, quote=False)
    markup = _TOPIC.sub(lambda m: f'<a href="/search"><span class="surl-text">{m.group()}</span></a>', markup)
    markup = _SIGN.sub(lambda m: f'<span class="url-icon"><img alt={m.group()} src="x.png"></span>', markup)
    return markup.replace("\n", "<br />")
