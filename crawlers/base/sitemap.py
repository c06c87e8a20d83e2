"""Shape ``sitemap``: sitemaps, news sitemaps and their indexes lead to article pages.

An article that was read is asked for again where the map says that it has changed since (``lastmod``), however old it
is; one of which the map says that it has not is left alone. A ``lastmod`` that is a day, or none, says too little: then
it is looked at again as any article is.

Names of elements are compared without case and namespace: people.cn writes ``sitemapIndex`` (``formats.md`` 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree
from scrapy.http import Request, Response
from scrapy.utils.gz import gunzip
from typing_extensions import override

from crawlers import failed
from crawlers.base.article_list import ArticleListSpider
from crawlers.base.listing import BrokenListError, Listing
from crawlers.base.spider import content_type
from crawlers.collector import Collector
from crawlers.dates import Moment, read_time
from crawlers.encoding import decode
from crawlers.text import without_declaration
from crawlers.urls import absolute

if TYPE_CHECKING:
    from crawlers.source_model import SitemapSource

_LARGEST = 50_000_000
"""Bytes of an unpacked map; the protocol allows no more."""


class Entry(NamedTuple):
    """One entry of a map: address, time of publication (else of the last change), time of the last change."""

    url: str
    shown: str | None
    changed: str | None


class SitemapSpider(ArticleListSpider):
    """Everything is in ``source.yml``."""

    source: SitemapSource  # type: ignore[assignment]

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self._changed: dict[str, Moment] = {}
        """When the articles of the maps read in this process were changed, by id."""

    @override
    def read_list(self, response: Response, first: str, page: int) -> Listing:
        is_index, entries = read_map(response.body, content_type(response), response.url)
        if is_index:
            pattern = self.source.list.maps
            return Listing((), lists=[url for url, *_ in entries if pattern is None or re.search(pattern, url)])
        return Listing(list(dict.fromkeys((one.url, one.shown) for one in entries if self._is_due(one))))

    def _is_due(self, entry: Entry) -> bool:
        """Whether the entry is an article that was published lately, or one that was read before: it is still there."""
        if not self.wanted(entry.url):
            return False
        native_id, changed = self.own_id(entry.url), self._moment(entry.changed)
        if changed is not None:
            self._changed[native_id] = changed
        return self._is_recent(self._moment(entry.shown)) or self.collector.seen.read_before(native_id)

    def _moment(self, shown: str | None) -> Moment | None:
        return read_time(shown, self.collector.now) if shown else None

    def _is_recent(self, moment: Moment | None) -> bool:
        within = timedelta(days=self.source.list.newest_days)
        return moment is None or self.collector.now - moment.at <= within

    @override
    def _settled(self, native_id: str) -> bool:
        seen = self.collector.seen
        read, changed = seen.kept("whole", native_id), self._changed.get(native_id)
        if read is None or not seen.read_before(native_id) or failed.waits(seen, native_id, self.collector.now):
            return super()._settled(native_id)
        # A map that is as it was gives no times; then nothing in it has changed.
        known = datetime.fromisoformat(read["at"])
        if changed is not None and changed.at > known:
            return False
        return True if read["precise"] else super()._settled(native_id)

    @override
    def parse_article(self, response: Response, native_id: str, shown_date: str | None) -> Iterator[Request]:
        yield from super().parse_article(response, native_id, shown_date)
        changed = self._changed.get(native_id)
        if changed is not None and self.collector.seen.read_before(native_id):
            held = {"at": changed.at.isoformat(), "precise": changed.precise}
            self.collector.seen.keep("whole", native_id, held)


def read_map(body: bytes, header: str | None, base: str) -> tuple[bool, list[Entry]]:
    """Whether a map is an index, and its entries. Raises BrokenListError for what is no map."""
    root = _tree(decode(_unpacked(body), header)[0])
    return _name(root) == "sitemapindex", [one._replace(url=absolute(base, one.url)) for one in _entries(root)]


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


def _entries(root: etree._Element) -> Iterator[Entry]:
    for entry in root.iterchildren():
        held: dict[str, str] = {}
        for node in entry.iter(etree.Element):
            if node.text and node.text.strip():
                held.setdefault(_name(node), node.text.strip())
        if "loc" in held:
            changed = held.get("lastmod")
            yield Entry(held["loc"], held.get("publication_date") or changed, changed)


def _name(node: etree._Element) -> str:
    """Local name in lower case; not by QName, which refuses the names that damaged markup gives."""
    return re.split("[}:]", node.tag)[-1].lower() if isinstance(node.tag, str) else ""
