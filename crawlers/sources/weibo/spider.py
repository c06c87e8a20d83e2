"""m.weibo.cn's time line of an account as JSON cards (``formats.md`` 2.1), with the stop rules of 2.5.

Only for saved answers, for a host whose robots.txt allows it, or with the platform's written permission.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scrapy.http import Response
from typing_extensions import override

from crawlers.base.json_answer import spoken_refusal
from crawlers.base.json_api import JsonApiSpider, Page
from crawlers.to_post import Item, read_count
from crawlers.weibo import long_print, marks, mid_to_bid, row_id, status_item, why_closed

if TYPE_CHECKING:
    from crawlers.source_interfaces import Account

_SITE = "https://m.weibo.cn"
_POST = 9
"""Type of a card that holds a post."""
_NO_POST = "20101"
"""Error of a post that is not there; the same number as in the official interface."""
_TIMELINE = "107603"
"""Prefix of the container that holds an account's own posts."""


class Spider(JsonApiSpider):
    """One card is one post. Dropped: everything of ``user`` but the shown name; the device in ``source``."""

    name = "weibo"

    @override
    def refusal(self, response: Response) -> str | None:
        return spoken_refusal(self, response, why_closed)

    @override
    def page_url(self, account: Account, fields: dict[str, str]) -> str:
        query = {"type": "uid", "value": account.uid, "containerid": f"{_TIMELINE}{account.uid}", **fields}
        return f"{_SITE}/api/container/getIndex?{urlencode(query)}"

    @override
    def page(self, answer: dict[str, Any], number: int, read: int) -> Page | None:
        if not self._is_open(answer):
            return None
        data = answer.get("data")
        if not isinstance(data, dict):
            data = {}
        cards = data.get("cards")
        if not isinstance(cards, list):
            self.collector.stop(f"broken answer: no cards in {str(answer)[:120]}")
            return None
        info = data.get("cardlistInfo")
        info = info if isinstance(info, dict) else {}
        rows = list(_posts(cards))
        total = read_count(info.get("total"))
        if answer.get("ok") == 0:
            # "这里还没有内容" is the site's own word for the end of the list.
            if rows or "没有内容" not in str(answer.get("msg", "")):
                self.collector.stop(f"broken answer: ok 0, {str(answer.get('msg'))[:60]!r}")
            return None
        if not rows:
            if total is None or read < total:
                where = "after full ones" if number > 1 else "on the first page"
                self.collector.stop(f"empty cards {where}: the site has stopped answering, this is not the end")
            return None
        pinned = frozenset(row_id(row) for row in rows if isinstance(row, dict) and marks(row)["pinned"])
        return Page(rows, _following(info, number, read + len(rows), total), total, pinned)

    def _is_open(self, answer: dict[str, Any]) -> bool:
        """False after a stop: the site wants a log-in, or says no."""
        reason = why_closed(answer)
        if reason is not None:
            self.collector.stop(reason)
        return reason is None

    @override
    def row_id(self, row: dict[str, Any]) -> str:
        return row_id(row)

    @override
    def long_text_url(self, row: dict[str, Any]) -> str | None:
        shown = str(row.get("text") or "")
        if self.row_id(row).isdigit() and (row.get("isLongText") or shown.endswith(("...全文", ">全文</a>"))):
            return f"{_SITE}/statuses/extend?{urlencode({'id': self.row_id(row)})}"
        return None

    @override
    def long_text(self, answer: dict[str, Any]) -> str | None:
        if answer.get("ok") not in (0, 1):
            self._is_open(answer)
            return None
        data = answer.get("data")
        text = data.get("longTextContent") if isinstance(data, dict) else None
        return text if isinstance(text, str) and text.strip() else None

    @override
    def own_url(self, native_id: str) -> str:
        return f"{_SITE}/statuses/show?{urlencode({'id': mid_to_bid(native_id)})}"

    @override
    def own_row(self, answer: dict[str, Any]) -> dict[str, Any] | str | None:
        row, said = answer.get("data"), str(answer.get("msg") or "")
        if answer.get("ok") == 1:
            return row if isinstance(row, dict) and row.get("text") is not None else None
        if not self._is_open(answer):
            return None
        # Another no (busy, a broken call) says nothing of the post.
        denied = str(answer.get("errno")) == _NO_POST or "不存在" in said
        return (said[:80] or "不存在") if denied else None

    @override
    def long_print(self, row: dict[str, Any]) -> str:
        return long_print(row)

    @override
    def public(self, row: dict[str, Any]) -> dict[str, Any]:
        used = ("id", "mid", "bid", "created_at", "text", "isLongText", "region_name")
        return {key: row[key] for key in used if key in row}

    @override
    def item(self, row: dict[str, Any], full_text: str | None) -> Item:
        return status_item(row, full_text, self.long_text_url(row) is not None and full_text is None)


def _posts(cards: list[Any]) -> Iterator[Any]:
    """The posts of cards of type 9, at the top or inside groups (type 11) of any depth; other cards are no posts.

    What should be a post and is no object comes as it is, to be refused: a row is never passed over in silence.
    """
    waiting = list(reversed(cards))
    while waiting:
        card = waiting.pop()
        if not isinstance(card, dict):
            yield card
        elif "mblog" in card or card.get("card_type") == _POST:
            yield card.get("mblog")
        elif isinstance(card.get("card_group"), list):
            waiting.extend(reversed(card["card_group"]))


def _following(info: dict[str, Any], number: int, read: int, total: int | None) -> dict[str, str] | None:
    if info.get("since_id"):
        return {"since_id": str(info["since_id"])}
    if read_count(info.get("page")):
        return {"page": str(info["page"])}
    if not info or (total is not None and read < total and "since_id" not in info and "page" not in info):
        return {"page": str(number + 1)}
    return None
