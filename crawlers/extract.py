"""An article page → title, text, time, source, author, and which way gave the text.

The order (``extraction.md``): the site's own rules and the meta set of government sites; readability; trafilatura
only where readability's text fails a test made from the page itself, since running both costs 2.8 times as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.etree import LxmlError

from casework.domain.times import show_time
from crawlers import page_fields
from crawlers.dates import Moment, read_time
from crawlers.encoding import decode
from crawlers.page_body import general_body, ruled_body
from crawlers.source_model import Article
from crawlers.text import from_element, parse_page

NO_RULES = Article()
_MOST_UNREADABLE = 0.05
_CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])


@dataclass(frozen=True, slots=True)
class Found:
    """What a page gave. ``published`` is as good as the page shows it; ``by``: rules, readability, trafilatura."""

    title: str | None
    text: str
    moment: Moment | None
    source: str | None
    author: str | None
    by: str

    @property
    def published(self) -> datetime | str | None:
        """The time for an Item: a day alone stays text, so that it is marked as a day."""
        if self.moment is None:
            return None
        return self.moment.at if self.moment.precise else self.moment.at.strftime("%Y-%m-%d")


def extract_page(body: bytes, url: str | None, content_type: str | None, rules: Article, now: datetime) -> Found:
    """Read one page. Never raises for a page, however broken: what it does not give is None, its text empty."""
    page = _readable(decode(body, content_type)[0])
    root = parse_page(page)
    body_node = root.find("body")
    visible = from_element(body_node if body_node is not None else root)
    heading = page_fields.title(root, rules)
    moment = page_fields.published(root, rules, visible, heading, now)
    if moment is None:
        moment = _by_htmldate(page, url, now)
    text, by = ruled_body(root, rules)
    if not text:
        text, by = general_body(page, url, visible, heading)
    return Found(
        title=heading or None,
        text=text,
        moment=moment,
        source=page_fields.source(root, rules, visible, heading),
        author=page_fields.author(root, rules, visible, heading, text),
        by=by,
    )


def extract(html_bytes: bytes, url: str | None, now: datetime, content_type: str | None = None) -> dict[str, Any]:
    """The line of ``huiying extract``: url, title, text, published_at (RFC 3339 or null), source, author, by.

    ``by`` is ``none`` and the text empty where the page holds no article.
    """
    found = extract_page(html_bytes, url, content_type, NO_RULES, now)
    return {
        "url": url,
        "title": found.title,
        "text": found.text,
        "published_at": show_time(found.moment.at) if found.moment else None,
        "source": found.source,
        "author": found.author,
        "by": found.by if found.text else "none",
    }


def _readable(page: str) -> str:
    """The page without control characters; nothing where the bytes were no text at all."""
    if page.count("\ufffd") + page.count("\x00") > len(page) * _MOST_UNREADABLE:
        return ""
    return page.translate(_CONTROLS)


def _by_htmldate(page: str, url: str | None, now: datetime) -> Moment | None:
    """The last resort for a date; only what the page itself writes (no guess from the copyright line)."""
    from htmldate import find_date

    latest = now.strftime("%Y-%m-%d")
    try:
        day = find_date(page, extensive_search=False, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, OverflowError, LxmlError):
        return None
    return read_time(day, now) if day else None
