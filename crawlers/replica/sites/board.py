"""The message board: its form interface and dictionaries (``formats.md`` 1.1), its old pages of messages (1.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment, number

_PAGE = 10
NO_MESSAGE = Answer("<html><body><div class='error'>页面找不到了！</div></body></html>".encode())
_CUT_AT = 100
_TYPE_IDS = {"投诉": 2, "投诉/求助": 2, "建言": 1, "咨询": 3, "求助": 4, "感谢": 5}
_DOMAIN_IDS = {"治安": 1, "政务": 2, "企业": 4, "旅游": 5, "交通": 6, "城建": 7}


class BoardSite:
    """All posts lie on the board that is asked first; other boards are empty.

    ``boards`` (number → name and numbers below): posts lie on the boards that their ``place`` names, and
    ``/forum_data_….jsonp`` lists them. ``pages``: a message has its old page, not the empty shell of today.
    """

    source = "people_board"
    hosts: tuple[str, ...] = ("liuyan.people.com.cn",)

    boards: Mapping[int, tuple[str, Sequence[int]]] = {}
    pages = False

    def __init__(self, posts: list[Post]) -> None:
        self._by_tid = {str(number(post)): post for post in posts}
        self._rows = sorted((_row(post) for post in posts), key=lambda row: -int(row["tid"]))
        self._fid: str | None = None

    def answer(self, ask: Ask) -> Answer:
        """A page of at most 10 rows below the cursor, served as text/html as the site does."""
        if ask.path.startswith("/forum_data_") and self.boards:
            return self._dictionary()
        if ask.path == "/threads/content" and self.pages:
            post = self._by_tid.get(ask.query.get("tid", ""))
            return _page(post) if post is not None else NO_MESSAGE
        if ask.path == "/threads/content":
            return Answer(b'<!DOCTYPE html><html><body><div id="app"></div></body></html>')
        if ask.path != "/threads/queryThreadsList":
            return NOT_FOUND
        if ask.method != "POST":
            return Answer(b"<html><body>405</body></html>", status=405)
        fid, cursor = ask.form.get("fid", ""), ask.form.get("lastItem", "0")
        if not fid.isdigit() or not cursor.isdigit():
            return _json({"result": "error", "success": False, "responseData": []})
        self._fid = self._fid or fid
        below = int(cursor) or 10**18
        here = self._rows if fid == self._fid else []
        if self.boards:
            name = self.boards.get(int(fid), ("", ()))[0]
            here = [row for row in self._rows if name and row["forumName"] == name]
        rows = [{**row, "fid": int(fid)} for row in here if row["tid"] < below]
        return _json({"result": "success", "responseData": rows[:_PAGE], "success": True})

    def _dictionary(self) -> Answer:
        held = {
            str(fid): {"fid": fid, "name": name, "childIds": list(below), "topIds": []}
            for fid, (name, below) in self.boards.items()
        }
        return Answer(f"IndexForum({json.dumps(held, ensure_ascii=False)});".encode(), "application/javascript")


def _page(post: Post) -> Answer:
    """The old page: the whole message, the hand-over, and the answer below it."""
    reply, sent = post.get("reply") or {}, f"{moment(post):%Y-%m-%d %H:%M}"
    entry = "<li class='{2}'><h3><i class='red'>{0}</i></h3><p class='zoom'>{1}</p></li>"
    below = entry.format("认领交办", "您的留言已收到，已交有关单位。", "")
    if reply.get("text"):
        below += entry.format(escape(reply.get("organisation") or ""), _marked(reply["text"]), "reply")
    return Answer(
        f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><div class='path_2j'>领导留言板</div>"
        f"<div class='liuyan_box03 w1200 clearfix'><h2><b><span class='context-title-text'>"
        f"{escape(post.get('title') or '')}</span></b></h2><h3 class='grey2'><span>网友*** {sent}</span></h3>"
        f"<p class='zoom content'>{_marked(post['text'])}</p></div>"
        f"<div class='liuyan_box05 w1200 clearfix'><ul>{below}</ul></div></body></html>".encode()
    )


def _marked(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _json(value: dict[str, Any]) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), "text/html;charset=UTF-8")


def _row(post: Post) -> dict[str, Any]:
    text = post["text"]
    labels, reply, extra = post.get("labels") or {}, post.get("reply") or {}, post.get("extra") or {}
    answered = datetime.fromisoformat(reply["at"]) if reply.get("at") else None
    at = int(moment(post).timestamp())
    return {
        "tid": number(post),
        # Dropped by the spider: invented values of the kinds that the real rows carry.
        "userId": 1000000 + number(post) % 9000000,
        "ip": "192.0.2.*",
        "sourceName": "PC浏览器",
        "from": " 示例省 示例市",
        "userType": 0,
        "typeId": _TYPE_IDS.get(labels.get("type", ""), 0),
        "domainId": _DOMAIN_IDS.get(labels.get("domain", ""), 16),
        "topicId": 0,
        "nickName": post.get("author") or "网友***",
        "subject": post.get("title"),
        "content": text if len(text) <= _CUT_AT else text[:_CUT_AT] + "...",
        "dateline": at,
        "threadsCheckTime": at + 3600,
        "stateInfo": reply.get("state") or extra.get("state") or "待回复",
        "forumName": post.get("place"),
        "typeName": labels.get("type"),
        "domainName": labels.get("domain"),
        "answerContent": reply.get("text"),
        "answerOrganization": reply.get("organisation"),
        "answerDateline": int(answered.timestamp()) if answered else None,
        "favNum": extra.get("favourites") or 0,
        "threadState": 1,
    }
