"""人民网领导留言板, by its unsigned form interface (``formats.md`` 1.1). The signed one is not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy.http import Response
from typing_extensions import override

from crawlers.base.board_names import BoardName
from crawlers.base.message_board import MessageBoardSpider
from crawlers.base.spider import content_type
from crawlers.dates import from_epoch
from crawlers.encoding import decode
from crawlers.sources.people_board.detail import is_shell, read_detail
from crawlers.sources.people_board.dictionary import read_boards
from crawlers.text import from_fragment
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_interfaces import Forum

_SITE = "https://liuyan.people.com.cn"
_CUT_AT = 100
"""The list shows this many characters of a message, then three dots."""
_SURE = 40
"""So many characters have to be the same on the list and on the page: another message's page is not believed."""
_TRY_AGAIN = timedelta(days=7)
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
    def boards(self, text: str) -> dict[str, BoardName]:
        return read_boards(text)

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
    def board_name(self, row: dict[str, Any]) -> str:
        shown = row.get("forumName")
        return shown.strip() if isinstance(shown, str) else ""

    @override
    def above(self, native_id: str) -> str:
        return str(int(native_id) + 1)

    @override
    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key in _USED}

    @override
    def is_cut(self, row: dict[str, Any]) -> bool:
        return is_cut(row.get("content"))

    @override
    def no_details(self) -> None:
        self.log.info("the pages of single messages cannot be had; cut texts stay cut for %s", _TRY_AGAIN)
        self.collector.seen.notes["details_gone"] = self.collector.now.isoformat()

    @override
    def detail_url(self, row: dict[str, Any]) -> str | None:
        if not self.source.details or not is_cut(row.get("content")) or not str(row.get("tid")).isdigit():
            return None
        gone = self.collector.seen.notes.get("details_gone")
        if gone and self.collector.now - datetime.fromisoformat(gone) < _TRY_AGAIN:
            return None
        return f"{_SITE}/threads/content?tid={row['tid']}"

    @override
    def detailed(self, item: Item, response: Response) -> Item | None:
        text = decode(response.body, content_type(response))[0]
        if is_shell(text):
            self.no_details()
            return None
        found = read_detail(text)
        if found is None or not found.text.startswith(item.text.rstrip(".…")[:_SURE]):
            return None
        return replace(item, text=found.text, reply=_longer(item.reply, found.answer), truncated=False)

    @override
    def item(self, row: dict[str, Any], forum: Forum) -> Item:
        tid = str(int(row["tid"]))
        shown = self.board_name(row)
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
            truncated=is_cut(content),
        )


def is_cut(content: object) -> bool:
    """Whether the list shows only the beginning of a message."""
    return isinstance(content, str) and len(content) >= _CUT_AT and content.endswith(("...", "…"))


def _longer(listed: Mapping[str, Any] | None, shown: str | None) -> Mapping[str, Any] | None:
    """The list's reply with the page's text where that is longer. Whether there is one, the list alone says: a reply
    that only the page shows would look taken back as soon as the page cannot be had.
    """
    if listed is None or shown is None or len(shown) <= len(listed["text"]):
        return listed
    return {**listed, "text": shown}


def _reply(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row.get("answerContent"):
        return None
    return {
        "organisation": row.get("answerOrganization"),
        "text": from_fragment(row["answerContent"]),
        "at": from_epoch(row.get("answerDateline")),
        "state": row.get("stateInfo"),
    }
