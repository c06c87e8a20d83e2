"""Weibo's hot list as JSON (``side/hotSearch``, ``formats.md`` 2.2), with the stop rules of 2.5.

Only for saved answers, for a host whose robots.txt allows it, or with the platform's written permission.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from scrapy.http import Response
from typing_extensions import override

from crawlers.base.hot_list import HotListSpider, Topic
from crawlers.base.json_answer import spoken_refusal
from crawlers.dates import from_epoch
from crawlers.text import from_fragment
from crawlers.to_post import read_count
from crawlers.weibo import why_closed


class Spider(HotListSpider):
    """One row is one topic; the topic that the platform pins has no rank; advertisements are passed over."""

    name = "weibo_hot"

    @override
    def refusal(self, response: Response) -> str | None:
        return spoken_refusal(self, response, why_closed)

    @override
    def address(self) -> str:
        return "https://weibo.com/ajax/side/hotSearch"

    @override
    def rows(self, answer: dict[str, Any]) -> list[Any] | None:
        reason = why_closed(answer)
        data = answer.get("data")
        listed = data.get("realtime") if isinstance(data, dict) else None
        if reason is None and not isinstance(listed, list):
            reason = f"broken answer: no list in {str(answer)[:120]}"
        elif reason is None and not listed:
            reason = "empty list: the site has stopped answering, this is not the end"
        if reason is not None:
            self.collector.stop(reason)
            return None
        assert isinstance(data, dict)
        assert isinstance(listed, list)
        pinned = data.get("hotgov")
        return [*([{**pinned, "pinned": True}] if isinstance(pinned, dict) and pinned.get("word") else []), *listed]

    @override
    def topic(self, row: Any, place: int) -> Topic | None:
        if row.get("is_ad"):
            return None
        word = from_fragment(str(row.get("word") or row["note"])).strip("# ")
        if not word:
            raise ValueError("no word in it")
        rank = None if row.get("pinned") else _rank(row)
        return Topic(
            word=word,
            rank=rank,
            heat=read_count(row.get("num", row.get("raw_hot"))) or None,
            url=f"https://s.weibo.com/weibo?q={quote(f'#{word}#')}",
            flag=str(row.get("label_name") or row.get("icon_desc") or "") or None,
            since=from_epoch(row.get("onboard_time") or row.get("stime")),
            text=from_fragment(str(row.get("note") or "")).strip("# ") or None,
        )


def _rank(row: dict[str, Any]) -> int:
    """From 1. ``realpos`` leaves advertisements out; ``rank`` counts from 0."""
    shown = read_count(row.get("realpos"))
    if shown:
        return shown
    counted = read_count(row.get("rank"))
    if counted is None:
        raise ValueError("no rank in it")
    return counted + 1
