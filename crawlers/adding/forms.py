"""What form a list has: a page, a feed, a sitemap or its index, JSON; by its content, since headers lie."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from crawlers.adding.addresses import id_pattern
from crawlers.adding.listing import propose_list
from crawlers.adding.proposal import FEWEST, Link, ListProposal, of_same_site
from crawlers.base.feed import feed_links
from crawlers.base.listing import BrokenListError, json_value, looks_like_json
from crawlers.base.sitemap import read_map
from crawlers.dates import from_epoch, read_time
from crawlers.encoding import decode
from crawlers.text import clean, han, parse_page, without_declaration
from crawlers.urls import absolute

_FEED = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.S)
_MAP = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:\w+:)?(?:urlset|sitemapindex)\b", re.S | re.I)
_ADDRESS = re.compile(r"https?://|//|\.{0,2}/")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.I)
_LONGEST_ADDRESS = 500


def propose(body: bytes, content_type: str | None, url: str, now: datetime) -> ListProposal | None:
    """The list that an answer holds, with rules for it; None where it holds none."""
    text = decode(body, content_type)[0]
    plain = without_declaration(text)
    try:
        if body.startswith(b"\x1f\x8b") or _MAP.match(plain):
            return _of_map(body, content_type, url, now)
        if _FEED.match(plain):
            return _of_links("feed", feed_links(text, url)[0], url, now)
        if looks_like_json(text):
            return _of_json(json_value(text), url, now)
    except BrokenListError:
        return None
    return propose_list(parse_page(text), url, now)


def feeds_of(page: str, url: str) -> list[str]:
    """Feeds that a page names in its head."""
    found = parse_page(page).cssselect('link[rel~="alternate"][type*="rss"], link[rel~="alternate"][type*="atom"]')
    return [absolute(url, node.get("href")) for node in found if node.get("href")]


def _of_map(body: bytes, content_type: str | None, url: str, now: datetime) -> ListProposal | None:
    is_index, entries = read_map(body, content_type, url)
    if not is_index:
        return _of_links("sitemap", [(entry.url, entry.shown) for entry in entries], url, now)
    newest = sorted(entries, key=lambda entry: _when(entry.shown, now), reverse=True)
    maps = tuple(entry.url for entry in newest if of_same_site(entry.url, url))
    return ListProposal("sitemap", (), {}, None, 0, maps=maps) if maps else None


def _when(shown: str | None, now: datetime) -> float:
    moment = read_time(shown, now) if shown else None
    return moment.at.timestamp() if moment else 0.0


def _of_links(shape: str, found: Sequence[tuple[str, str | None]], url: str, now: datetime) -> ListProposal | None:
    near = {address: shown for address, shown in found if of_same_site(address, url)}
    if not near:
        return None
    dated = sum(bool(shown) and read_time(str(shown), now) is not None for shown in near.values())
    links = tuple(Link(address, "") for address in near)
    return ListProposal(shape, links, {}, id_pattern(list(near)), dated)


def _of_json(value: Any, url: str, now: datetime) -> ListProposal | None:
    """The largest list of objects most of which have an address of the site."""
    best: ListProposal | None = None
    for path, rows in _lists(value, ()):
        address = next((key for key in rows[0] if _are_addresses([row.get(key) for row in rows], url)), None)
        if address is None or len(rows) < FEWEST or (best and len(rows) <= len(best.links)):
            continue
        title = max(rows[0], key=lambda key: sum(_title_likeness(row.get(key)) for row in rows))
        date = next((key for key in rows[0] if key != title and _are_times([row.get(key) for row in rows], now)), None)
        found = {absolute(url, str(row.get(address) or "").strip()): clean(str(row.get(title) or "")) for row in rows}
        links = tuple(Link(link, text) for link, text in found.items() if of_same_site(link, url) and link != url)
        rules = {"rows": ".".join(path), "url": address, "date": date}
        kept = {"json_rows": {key: held for key, held in rules.items() if held is not None}}
        pattern = id_pattern([link.url for link in links])
        best = ListProposal("article_list", links, kept, pattern, len(links) if date else 0)
    return best


def _lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Lists of objects with the keys that lead to them."""
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if "." not in str(key):
                yield from _lists(inner, (*path, str(key)))


def _are_addresses(values: Sequence[Any], base: str) -> bool:
    """Whether most values are addresses of the site's own pages."""
    texts = [value.strip() for value in values if isinstance(value, str) and len(value) < _LONGEST_ADDRESS]
    pages = [text for text in texts if _ADDRESS.match(text) and re.search(r"\d", text) and not _PICTURE.search(text)]
    return 2 * sum(of_same_site(absolute(base, text), base) for text in pages) > len(values)


def _are_times(values: Sequence[Any], now: datetime) -> bool:
    """Whether every value is a time between 2000 and tomorrow; a number only as Unix seconds or milliseconds."""
    for value in values:
        at = from_epoch(value)
        moment = read_time(value, now) if at is None and isinstance(value, str) and len(value) < 40 else None
        at = moment.at if moment is not None else at
        if at is None or not 2000 <= at.year <= now.year + 1:
            return False
    return True


def _title_likeness(value: Any) -> int:
    return min(han(value), 20) if isinstance(value, str) and len(value) < 100 else 0
