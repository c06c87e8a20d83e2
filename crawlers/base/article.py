"""One article page → a row for the collector.

Loaded with the first article that is read: a run with nothing new reads none, and need not load the readers.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.http import Response

from casework.domain.times import SHANGHAI
from crawlers.base.spider import content_type
from crawlers.dates import read_time
from crawlers.extract import Found, extract_page, extras
from crawlers.to_post import Item

if TYPE_CHECKING:
    from crawlers.source_model import ArticlesSource

_END = re.compile(rb"</\s*(?:body|html)\b", re.IGNORECASE)


def read(response: Response, source: ArticlesSource, now: datetime) -> Found:
    """What the page of an article gives."""
    return extract_page(response.body, response.url, content_type(response), source.article, now)


def row(found: Found, response: Response, native_id: str, shown: str | None, now: datetime) -> Item:
    """The article as a row; ``shown`` is the time that its list shows."""
    return Item(
        native_id=native_id,
        url=response.url,
        title=found.title,
        text=found.text,
        published=_published(found, shown, now),
        author=found.author,
        extra=extras(found),
        truncated=_cut_short(response.body),
    )


def _published(found: Found, shown: str | None, now: datetime) -> datetime | str | None:
    """The page's time; the list's where the page gives none, or the day alone and the list a time of that day."""
    if found.moment is None:
        return shown
    beside = read_time(shown, now) if shown and not found.moment.precise else None
    if beside is not None and beside.precise and beside.at.astimezone(SHANGHAI).date() == found.moment.at.date():
        return beside.at
    return found.published


def _cut_short(body: bytes) -> bool:
    """Whether a page ends before its end: neither its body nor the page is closed (of 171 real pages: none)."""
    return _END.search(body) is None and b"\x00" not in body[:200]
