"""A board on Discuz (``formats.md`` 1.6): lists of threads, threads with posts, unit, state and waiting time."""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment, newest_first, number

_PAGE = 20
_BELOW = 10
"""Posts on one page of a thread."""


class DiscuzSite:
    """Each post is a thread; ``counts.comments`` other people wrote below it before its unit answered."""

    source = "xintongqiao"
    hosts: tuple[str, ...] = ("xtq.zynews.cn",)

    def __init__(self, posts: list[Post]) -> None:
        self._posts = newest_first(posts)
        self._by_tid = {str(number(post)): post for post in posts}

    def answer(self, ask: Ask) -> Answer:
        """A list page or a page of a thread."""
        if ask.path == "/wzpostlist.php":
            return self._list(int(ask.query.get("page") or 1))
        found = re.fullmatch(r"/thread-(\d+)-(\d+)-1\.html", ask.path)
        if found is None:
            return NOT_FOUND
        post = self._by_tid.get(found[1])
        if post is None:
            return _page('<div id="messagetext"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>')
        return _thread(post, int(found[2]))

    def _list(self, page: int) -> Answer:
        shown = self._posts[(page - 1) * _PAGE : page * _PAGE]
        rows = "".join(_row(post) for post in shown)
        more = page * _PAGE < len(self._posts)
        pager = f'<a class="nxt" href="wzpostlist.php?mod=list&amp;page={page + 1}">下一页</a>' if more else ""
        return _page(f'<div class="bm_c"><table>{rows}</table></div><div class="pg">{pager}</div>')


def _page(body: str) -> Answer:
    return Answer(f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode())


def _row(post: Post) -> str:
    tid, below, reply = number(post), _comments(post), post.get("reply") or {}
    last = reply.get("at") or post["published_at"]
    return (
        f'<tr><th class="new"><a href="thread-{tid}-1-1.html">{escape(post.get("title") or "")}</a></th>'
        f'<td class="num"><a>{below + bool(reply.get("text"))}</a><em>{tid % 97}</em></td>'
        f'<td class="by"><em>{escape(str(last))}</em></td></tr>'
    )


def _comments(post: Post) -> int:
    return int((post.get("counts") or {}).get("comments", 0))


def _thread(post: Post, page: int) -> Answer:
    reply, extra, sent = post.get("reply") or {}, post.get("extra") or {}, f"{moment(post):%Y-%m-%d %H:%M:%S}"
    entries = [_entry(post.get("author") or "示例网友", sent, post["text"])]
    entries += [_entry("示例跟帖人", sent, f"跟帖{place}") for place in range(_comments(post))]
    if reply.get("text"):
        at = moment({"published_at": reply.get("at") or post["published_at"]})
        entries.append(_entry(reply.get("organisation") or "", f"{at:%Y-%m-%d %H:%M:%S}", reply["text"]))
    pages = math.ceil(len(entries) / _BELOW)
    tid = number(post)
    pager = f'<a class="nxt" href="thread-{tid}-{page + 1}-1.html">下一页</a>' if page < pages else ""
    shown = "".join(
        f'<div id="post_{place}">{entry}</div>'
        for place, entry in enumerate(entries[(page - 1) * _BELOW : page * _BELOW], start=1)
    )
    return _page(
        f'<a id="thread_subject">{escape(post.get("title") or "")}</a>{_facts(reply, extra)}'
        f'<div id="postlist">{shown}</div><div class="pg">{pager}</div>'
    )


def _facts(reply: dict[str, Any], extra: dict[str, Any]) -> str:
    facts = {"受理单位：": reply.get("organisation"), "状态：": reply.get("state")}
    waited = extra.get("waiting_minutes")
    if waited is not None:
        facts["等待时间"] = f"{waited // 60}小时:{waited % 60}分钟"
    return "".join(f"<p>{name}{escape(str(value))}</p>" for name, value in facts.items() if value)


def _entry(author: str, sent: str, text: str) -> str:
    body = escape(text).replace("\n", "<br />")
    return (
        f'<table><tr><td><a class="xw1">{escape(author)}</a></td><td class="plc"><div class="pti"><div class="authi">'
        f'<em>发表于 {sent}</em></div></div><div class="pct"><table><tr><td class="t_f">{body}</td></tr></table></div>'
        "</td></tr></table>"
    )
