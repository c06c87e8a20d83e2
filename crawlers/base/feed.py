"""Shape ``feed``: RSS and Atom feeds lead to article pages. Times stay as written: ``crawlers.dates`` reads them.

feedparser reads a time without offset as UTC, eight hours off (``formats.md`` 5), so its own times are not used.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import feedparser
from scrapy.http import Response
from typing_extensions import override

from crawlers.base.article_list import ArticleListSpider
from crawlers.base.listing import BrokenListError, Link, Listing
from crawlers.base.spider import content_type
from crawlers.encoding import decode
from crawlers.text import without_declaration
from crawlers.urls import absolute

if TYPE_CHECKING:
    from crawlers.source_model import FeedSource


class FeedSpider(ArticleListSpider):
    """Everything is in ``source.yml``."""

    source: FeedSource  # type: ignore[assignment]

    @override
    def read_list(self, response: Response, first: str, page: int) -> Listing:
        links, following = feed_links(decode(response.body, content_type(response))[0], response.url)
        kept = list(dict.fromkeys(link for link in links if self.wanted(link[0])))
        if links and not kept and page == 1:
            raise BrokenListError("no article link")
        return Listing(kept, following if following and self.on_hosts(following) else None)


def feed_links(text: str, base: str) -> tuple[list[Link], str | None]:
    """Entries of a feed with their times as written, and the feed's next page (RFC 5005) where it names one.

    A feed without entries is a quiet day. Raises BrokenListError for what is no feed at all.
    """
    # As bytes in one known encoding: what the feed declares may be a lie, and feedparser opens a str as an address.
    plain = io.BytesIO(without_declaration(text).encode("utf-8", "ignore"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    feed = feedparser.parse(plain, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)
    if not feed.entries and (not feed.get("version") or feed.bozo):
        raise BrokenListError(f"no feed but {text[:60]!r}")
    links: list[Link] = []
    for entry in feed.entries:
        address = (entry.get("link") or "").strip()
        if address:
            links.append((absolute(base, address), entry.get("published") or entry.get("updated")))
    following = next((link.get("href") for link in feed.feed.get("links", ()) if link.get("rel") == "next"), None)
    return links, absolute(base, following) if following else None
