"""Shape ``sitemap``: sitemaps, news sitemaps and their indexes lead to article pages.

Names of elements are compared without case and namespace: people.cn writes ``sitemapIndex`` (``formats.md`` 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from lxml import etree
from scrapy.http import Response
from scrapy.utils.gz import gunzip
from typing_extensions import override

from crawlers.base.article_list import ArticleListSpider
from crawlers.base.listing import BrokenListError, Link, Listing
from crawlers.base.spider import content_type
from crawlers.dates import read_time
from crawlers.encoding import decode
from crawlers.text import without_declaration
from crawlers.urls import absolute

if TYPE_CHECKING:
    from crawlers.source_model import SitemapSource

_LARGEST = 50_000_000
"""Bytes of an unpacked map; the protocol allows no more."""


class SitemapSpider(ArticleListSpider):
    """Everything is in ``source.yml``."""

    source: SitemapSource  # type: ignore[assignment]

    @override
    def read_list(self, response: Response, first: str, page: int) -> Listing:
        is_index, entries = read_map(response.body, content_type(response), response.url)
        if is_index:
            pattern = self.source.list.maps
            return Listing((), lists=[url for url, _ in entries if pattern is None or re.search(pattern, url)])
        kept = list(dict.fromkeys(link for link in entries if self.wanted(link[0]) and self._is_recent(link[1])))
        return Listing(kept)

    def _is_recent(self, shown: str | None) -> bool:
        moment = read_time(shown, self.collector.now) if shown else None
        within = timedelta(days=self.source.list.newest_days)
        return moment is None or self.collector.now - moment.at <= within


def read_map(body: bytes, header: str | None, base: str) -> tuple[bool, list[Link]]:
    """Whether a map is an index, and its entries. Raises BrokenListError for what is no map."""
    root = _tree(decode(_unpacked(body), header)[0])
    return _name(root) == "sitemapindex", [(absolute(base, address), at) for address, at in _entries(root)]


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return gunzip(body, max_size=_LARGEST)
    except (OSError, EOFError, ValueError) as error:
        raise BrokenListError(f"not readable as gzip: {error}") from None


def _tree(text: str) -> etree._Element:
    """The map's tree. Entities stay unresolved: a map has no use for them. Raises BrokenListError."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(without_declaration(text).encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    cut = len(parser.error_log) > 0 and (root is None or len(root) == 0)
    if root is None or cut or _name(root) not in ("urlset", "sitemapindex"):
        raise BrokenListError(f"no sitemap but {text[:60]!r}")
    return root


def _entries(root: etree._Element) -> Iterator[Link]:
    """Address of every entry, with the time of publication, else of the last change, as written."""
    for entry in root.iterchildren():
        held: dict[str, str] = {}
        for node in entry.iter(etree.Element):
            if node.text and node.text.strip():
                held.setdefault(_name(node), node.text.strip())
        if "loc" in held:
            yield held["loc"], held.get("publication_date") or held.get("lastmod")


def _name(node: etree._Element) -> str:
    """Local name in lower case; not by QName, which refuses the names that damaged markup gives."""
    return re.split("[}:]", node.tag)[-1].lower() if isinstance(node.tag, str) else ""
