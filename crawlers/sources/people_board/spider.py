"""人民网领导留言板, by its unsigned form interface (``formats.md`` 1.1). The signed one is not used."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from crawlers.base.message_board import MessageBoardSpider
from crawlers.dates import from_epoch
from crawlers.source_interfaces import Forum
from crawlers.text import from_fragment
from crawlers.to_post import Item

_SITE = "https://liuyan.people.com.cn"
_CUT_AT = 100
"""The list shows this many characters of a message, then three dots."""
_USED = frozenset(
    [
        "tid",
        "subject",
        "content",
        "dateline",
        "threadsCheckTime",
        "stateInfo",
        "nickName",
        "forumName",
        "typeName",
        "domainName",
        "favNum",
        "fid",
        "answerContent",
        "answerDateline",
        "answerOrganization",
        "gradeLevel",
        "gradeManner",
        "gradeSpeed",
    ]
)


class Spider(MessageBoardSpider):
    """One row is one message with the answer, if any. Dropped: user id, IP, place of the IP, device."""

    name = "people_board"

    @override
    def endpoint(self) -> str:
        return f"{_SITE}/threads/queryThreadsList"

    @override
    def form(self, forum: Forum, cursor: str) -> dict[str, str]:
        return {"fid": str(forum.fid), "state": "1", "lastItem": cursor}

    @override
    def referer(self, forum: Forum) -> str:
        return f"{_SITE}/threads/list?fid={forum.fid}"

    @override
    def cursor(self, row: dict[str, Any]) -> str:
        return str(int(row["tid"]))

    @override
    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key in _USED}

    @override
    def item(self, row: dict[str, Any], forum: Forum) -> Item:
        tid = str(int(row["tid"]))
        shown = row.get("forumName") or ""
        if forum.name not in shown:
            self.log.info("board %d is called %s, not %s", forum.fid, shown, forum.name)
        content = row["content"] or ""
        published = from_epoch(row["dateline"])
        return Item(
            native_id=tid,
            url=f"{_SITE}/threads/content?tid={tid}",
            title=from_fragment(row.get("subject") or "") or None,
            text=from_fragment(content),
            published=published if published is not None else str(row["dateline"] or ""),
            author=row.get("nickName"),
            place=shown or None,
            labels={"domain": row.get("domainName"), "type": row.get("typeName")},
            reply=_reply(row),
            extra={
                "state": row.get("stateInfo"),
                "favourites": row.get("favNum"),
                "grade": row.get("gradeLevel"),
                "grade_manner": row.get("gradeManner"),
                "grade_speed": row.get("gradeSpeed"),
            },
            truncated=len(content) >= _CUT_AT and content.endswith(("...", "…")),
        )


def _reply(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row.get("answerContent"):
        return None
    return {
        "organisation": row.get("answerOrganization"),
        "text": from_fragment(row["answerContent"]),
        "at": from_epoch(row.get("answerDateline")),
        "state": row.get("stateInfo"),
    }
