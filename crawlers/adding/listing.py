"""A list page → where its entries, links and dates are. Groups of links are scored and selectors tried on the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from crawlers.adding.addresses import article_pattern, id_pattern, looks_like_article, shape_of
from crawlers.adding.naming import best_selector, kind_of, own_name, selectors_for
from crawlers.adding.proposal import FEWEST, Link, ListProposal, of_same_site
from crawlers.base.paging import called
from crawlers.dates import read_time
from crawlers.text import from_element, han

_NEXT = re.compile(r"^(?:下一页|下页|后一页|下一頁|next|>|»|›)\s*[>»›]*$", re.I)
_LONGEST_DATE = 24


def propose_list(root: Any, url: str, now: datetime) -> ListProposal | None:
    """The best group of alike links on the page with rules that find it; None where the page holds no list."""
    links = list(_links(root, url))
    groups = [group for same in _by_shape(links) for group in _grouped(same)]
    groups = [group for group in groups if len({item.url for item in group}) >= FEWEST]
    if not groups:
        return None
    best = max(groups, key=lambda group: _score(group, now))
    return _proposal(root, url, best, now)


def _links(root: Any, base: str) -> Iterator[Link]:
    for node in root.iter("a"):
        href = (node.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        try:
            url = urldefrag(urljoin(base, href))[0]
        except ValueError:
            continue
        if url != base and of_same_site(url, base) and looks_like_article(url):
            yield Link(url, _title_of(node), node)


def _title_of(node: Any) -> str:
    """What a link says; its ``title`` where the shown text is only the beginning of it."""
    shown, whole = from_element(node).replace("\n", " "), (node.get("title") or "").strip()
    return whole if whole.startswith(shown.rstrip(".… ")) and len(whole) > len(shown) else shown


def _by_shape(links: Sequence[Link]) -> list[list[Link]]:
    shapes: dict[str, list[Link]] = defaultdict(list)
    for item in links:
        shapes[shape_of(item.url)].append(item)
    return [same for same in shapes.values() if len({item.url for item in same}) >= FEWEST]


def _grouped(links: list[Link]) -> Iterator[list[Link]]:
    """Links whose entries stand in containers of the same kind."""
    nodes = {item.node: item.url for item in links}
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for item in links:
        entry = _entry(item.node, nodes)
        above = [kind_of(node) for node in entry.iterancestors()][:3]
        groups[(kind_of(entry), *above)].append(item)
    yield from groups.values()


def _entry(node: Any, nodes: dict[Any, str]) -> Any:
    """The largest element around a link that holds no other article's link."""
    url = nodes[node]
    for above in node.iterancestors():
        if above.tag in ("body", "html") or any(nodes.get(other, url) != url for other in above.iter("a")):
            break
        node = above
    return node


def _score(group: list[Link], now: datetime) -> float:
    """Number of links, how much their texts read like titles, how many stand beside a date."""
    nodes = {item.node: item.url for item in group}
    urls = {item.url for item in group}
    titles = sum(min(han(item.text), 20) for item in _best_links(group)) / len(urls) / 20
    dated = sum(_date_in(_entry(item.node, nodes), item, now) is not None for item in group) / len(group)
    return min(len(urls), 20) / 20 + 1.5 * titles + 1.5 * dated


def _best_links(group: Sequence[Link]) -> tuple[Link, ...]:
    """One link an address, the one that says most (a picture and a title often lead to the same article)."""
    best: dict[str, Link] = {}
    for item in group:
        if item.url not in best or len(item.text) > len(best[item.url].text):
            best[item.url] = item
    return tuple(best.values())


def _date_in(entry: Any, item: Link, now: datetime) -> Any | None:
    """The smallest element of an entry whose text is a date and little else; never the link itself."""
    found = None
    for node in entry.iter():
        if not isinstance(node.tag, str) or node is item.node:
            continue
        text = from_element(node)
        if 4 <= len(text) <= _LONGEST_DATE and read_time(text.strip("[]()（）【】 "), now) is not None:
            found = node
    return found


def _proposal(root: Any, url: str, group: list[Link], now: datetime) -> ListProposal:
    nodes = {item.node: item.url for item in group}
    entries = {item.node: _entry(item.node, nodes) for item in group}
    links = _best_links(group)
    urls = [item.url for item in links]
    chosen = best_selector(root, set(entries.values()), _entry_selectors(entries.values()))
    entry, agreement = chosen if chosen else (None, 0.0)
    dates = {item: _date_in(entries[item.node], item, now) for item in links}
    dates = {item: node for item, node in dates.items() if node is not None}
    link = _link_selector(entries, links, nodes)
    rules = {
        "entry": entry,
        "link": link if link != "a" else None,
        "date": _date_selector(entries, dates) if len(dates) * 2 > len(links) else None,
        "article": article_pattern(urls) if agreement < 1 else None,
    }
    return ListProposal(
        shape="article_list",
        links=links,
        rules={name: value for name, value in rules.items() if value},
        native_id=id_pattern(urls),
        dated=len(dates),
        paging=_paging(root, url),
        agreement=agreement,
    )


def _entry_selectors(entries: Any) -> Iterator[str]:
    for node in list(entries)[:3]:
        yield from selectors_for(node)


def _link_selector(entries: dict[Any, Any], links: Sequence[Link], nodes: dict[Any, str]) -> str:
    """The selector whose first find in an entry leads to the entry's article most often; ``a`` where it does."""
    node = links[0].node
    above = node.getparent()
    tried = ["a", own_name(node), f"{kind_of(above)} a", f"{above.tag} > a", "a:last-of-type"]
    hits = {}
    for selector in filter(None, tried):
        found = [next(iter(entries[item.node].cssselect(selector)), None) for item in links]
        hits[selector] = sum(nodes.get(node) == item.url for node, item in zip(found, links, strict=True))
    return max(hits, key=lambda selector: hits[selector])


def _date_selector(entries: dict[Any, Any], dates: dict[Link, Any]) -> str | None:
    node = next(iter(dates.values()))
    tried = [str(node.tag), kind_of(node), own_name(node), f"{kind_of(node.getparent())} > {node.tag}"]
    hits = {}
    for selector in filter(None, tried):
        found = [next(iter(entries[item.node].cssselect(selector)), None) for item in dates]
        hits[selector] = sum(one is other for one, other in zip(found, dates.values(), strict=True))
    best = max(hits, key=lambda selector: hits[selector])
    return best if hits[best] * 2 > len(dates) else None


def _paging(root: Any, url: str) -> dict[str, str]:
    """How the next page is found: counts that a script reads or is given, or a link that says so."""
    for node in root.cssselect("[pagesize][pagecount]")[:1]:
        name = own_name(node)
        if name and re.search(r"/(?:index\.\w+)?$", urlsplit(url).path):
            return {"by": "count", "css": name}
    if called(root) is not None:
        return {"by": "script"}
    for node in root.iter("a"):
        text = from_element(node)
        href = (node.get("href") or "").strip()
        if _NEXT.match(text) and href and not href.startswith(("#", "javascript:")):
            name = own_name(node)
            alone = name is not None and root.cssselect(name)[0] is node
            return {"by": "link", "css": name if name and alone else f'a:contains("{text}")'}
    return {}
