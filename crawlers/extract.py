"""An article page → title, text, time, source, author, and which way gave the text.

The order (``extraction.md``): the site's own rules and the meta set of government sites; readability; trafilatura
only where readability's text fails a test made from the page itself, since running both costs 2.8 times as much.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from lxml.etree import LxmlError

from casework.domain.times import show_time
from crawlers import page_byline, page_fields
from crawlers.dates import Moment, read_time
from crawlers.encoding import decode
from crawlers.page import Page
from crawlers.page_body import NOTHING, general_body, ruled_body
from crawlers.page_extras import attachments, pictures
from crawlers.page_size import too_deep, too_large
from crawlers.plain import Plain

if TYPE_CHECKING:
    from crawlers.source_model import Article

NO_RULES = cast("Article", Plain(dict.fromkeys(("body", "drop", "title", "date", "source", "author"), ())))
_MOST_UNREADABLE = 0.05
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a page gave. ``published`` is as good as the page shows it; ``by``: rules, readability, trafilatura."""

    title: str | None
    text: str
    moment: Moment | None
    source: str | None
    author: str | None
    by: str
    attachments: tuple[tuple[str, str], ...] = ()
    """(name, address)."""
    captions: tuple[str, ...] = ()
    why: str | None = None
    """Why there is no text, where the page was too much to be read."""

    @property
    def published(self) -> datetime | str | None:
        """The time for an Item: a day alone stays text, so that it is marked as a day."""
        if self.moment is None:
            return None
        return self.moment.at if self.moment.precise else self.moment.at.strftime("%Y-%m-%d")


def extract_page(
    body: bytes, url: str | None, content_type: str | None, rules: Article, now: datetime, without: str | None = None
) -> Found:
    """Read one page. Never raises for a page, however broken: what it does not give is None, its text empty.

    ``without`` leaves out the rules of one site (its name in ``page_rules``), to judge its pages without them.
    """
    page = Page(_readable(body, content_type), url)
    if why := too_deep(page):
        return Found(None, "", None, None, None, "none", why=why)
    heading = page_fields.title(page, rules)
    moment = page_fields.published(page, rules, heading, now)
    if moment is None:
        moment = _by_htmldate(page.markup, url, now)
    source = page_byline.source(page, rules, heading)
    text = ruled_body(page, rules, without)
    why = None
    if not text.text:
        why = too_large(page)
        text = NOTHING if why else general_body(page, heading)
    return Found(
        title=heading or None,
        text=text.text,
        moment=moment,
        source=source,
        author=page_byline.author(page, rules, heading, text.text),
        by=text.by,
        attachments=attachments(page, text.node),
        captions=pictures(text.node, text.captions, heading, text.text),
        why=why,
    )


def extras(found: Found) -> dict[str, str | None]:
    """What of a page goes into a post's ``extra``: flat strings, one attachment (name, address) or caption a line."""
    files = "\n".join(f"{name} {address}" for name, address in found.attachments)
    return {
        "by": found.by,
        "origin": found.source,
        "attachments": files or None,
        "captions": "\n".join(found.captions) or None,
    }


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


def _readable(body: bytes, content_type: str | None) -> str:
    """The page without control characters; nothing where the bytes were no text at all."""
    if body.startswith(_WIDE) or b"\x1b" in body:
        page = decode(body, content_type)[0]
        zeros = page.count("\x00")
        page = _CONTROLS.sub("", page)
    else:
        # In every other encoding met here such a byte is a control character, and bytes are quick to sift.
        zeros = body.count(b"\x00")
        page = decode(body.translate(None, _CONTROL_BYTES), content_type)[0]
    return "" if page.count("\ufffd") + zeros > len(page) * _MOST_UNREADABLE else page


def _by_htmldate(page: str, url: str | None, now: datetime) -> Moment | None:
    """The last resort for a date; only what the page itself writes (no guess from the copyright line)."""
    from htmldate import find_date

    latest = now.strftime("%Y-%m-%d")
    try:
        day = find_date(page, extensive_search=False, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, OverflowError, LxmlError):
        return None
    return read_time(day, now) if day else None
