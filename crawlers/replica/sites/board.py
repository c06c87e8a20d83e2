"""The message board's form interface (``formats.md`` 1.1)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, moment, number

_PAGE = 10
_CUT_AT = 100
_TYPE_IDS = {"投诉": 2, "投诉/求助": 2, "建言": 1, "咨询": 3, "求助": 4, "感谢": 5}
_DOMAIN_IDS = {"治安": 1, "政务": 2, "企业": 4, "旅游": 5, "交通": 6, "城建": 7}


class BoardSite:
    """All posts lie on the board that is asked first; other boards are empty."""

    source = "people_board"
    hosts: tuple[str, ...] = ("liuyan.people.com.cn",)

    def __init__(self, posts: list[Post]) -> None:
        self._rows = sorted((_row(post) for post in posts), key=lambda row: -int(row["tid"]))
        self._fid: str | None = None

    def answer(self, ask: Ask) -> Answer:
        """A page of at most 10 rows below the cursor, served as text/html as the site does."""
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
        rows = [{**row, "fid": int(fid)} for row in self._rows if row["tid"] < below] if fid == self._fid else []
        return _json({"result": "success", "responseData": rows[:_PAGE], "success": True})


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
