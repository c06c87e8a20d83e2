"""Pages of a Discuz board (``formats.md`` 1.6): a list of threads, and a thread with its posts, unit and state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawlers.text import from_element, parse_page
from crawlers.urls import absolute

if TYPE_CHECKING:
    from crawlers.source_interfaces import DiscuzSource

_TID = re.compile(r"thread-(\d+)-\d+-\d+\.html|[?&]tid=(\d+)")
_SENT = re.compile(r"发表于\s*(.+)")
_WAITED = re.compile(r"等待时间\s*[:：]?\s*(\d+)\s*小时\s*[:：]?\s*(?:(\d+)\s*分)?")
_EDITED = re.compile(r"本帖最后由.{1,40}?编辑")
_NOISE = "i.pstatus, .jammer, .quote, .tip, .aimg_tip, script, style, [style*='display:none'], [style*='display: none']"
_LOG_IN = re.compile(r"您?需要(?:先)?登录|请先登录|游客.{0,8}无法|没有权限访问")
_GONE = re.compile(r"指定的主题不存在|已被删除|正在被审核")
LOG_IN, GONE, OTHER = "log-in", "gone", "other"
"""What a board's message in place of a page means; of another one (too fast, under repair) nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A thread in a list. ``shown``: what of the row tells of a new post in it."""

    tid: str
    url: str
    shown: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a thread, as written."""

    author: str | None
    sent: str | None
    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thread. ``unit`` has to answer; ``waited``: minutes without an answer, as the board counts."""

    title: str
    entries: tuple[Entry, ...]
    unit: str | None
    state: str | None
    waited: int | None
    following: str | None


def why_none(root: Any) -> tuple[str, str] | None:
    """What the board says in place of the page, and whether it is LOG_IN, GONE or OTHER; None where it says nothing."""
    found = root.cssselect("#messagetext")
    if not found:
        return None
    text = from_element(found[0]).split("\n")[0][:80]
    kinds = ((GONE, _GONE), (LOG_IN, _LOG_IN))
    return text, next((kind for kind, signs in kinds if signs.search(text)), OTHER)


def rows_of(text: str, base: str, source: DiscuzSource) -> tuple[list[Row], str | None, Any]:
    """The threads of a list page, the address of the next page, and the page's tree."""
    root = parse_page(text)
    found: dict[str, Row] = {}
    for link in root.cssselect(source.list_link):
        address = absolute(base, (link.get("href") or "").strip())
        number = _TID.search(address)
        if number is not None:
            tid = number[1] or number[2]
            found.setdefault(tid, Row(tid, address, _last_word(link)))
    return list(found.values()), next_page(root, base), root


def _last_word(link: Any) -> str:
    """Who wrote last and when, and how many answered; not how many looked, which changes all the time."""
    row = next((place for place in link.iterancestors("tr")), None)
    if row is None:
        return from_element(link)
    columns = row.cssselect("td.by")[-1:] + row.cssselect("td.num a")
    return " ".join([from_element(link), *(from_element(column).replace("\n", " ") for column in columns)])


def next_page(root: Any, base: str) -> str | None:
    """Where the button for the next page leads."""
    for link in root.cssselect("a.nxt"):
        address = absolute(base, (link.get("href") or "").strip())
        if address != base and not address.startswith("javascript:"):
            return str(address)
    return None


def thread_of(text: str, base: str, source: DiscuzSource) -> Thread | None:
    """A page of a thread; None where it holds no post."""
    root = parse_page(text)
    entries = tuple(_entries(root))
    if not entries:
        return None
    title = root.cssselect("#thread_subject")
    facts = _facts(root)
    waited = _WAITED.search(facts)
    return Thread(
        title=from_element(title[0]) if title else "",
        entries=entries,
        unit=_first(source.unit, facts),
        state=_first(source.state, facts),
        waited=int(waited[1]) * 60 + int(waited[2] or 0) if waited else None,
        following=next_page(root, base),
    )


def _entries(root: Any) -> Iterator[Entry]:
    for post in root.cssselect("#postlist > div[id^='post_']") or root.cssselect("#postlist > div"):
        bodies = post.cssselect("td.t_f")
        if not bodies:
            continue
        edited = _EDITED.search(from_element(bodies[0])) is not None
        for noise in bodies[0].cssselect(_NOISE):
            noise.drop_tree()
        authors = post.cssselect("a.xw1")
        yield Entry(
            author=from_element(authors[0]) if authors else None,
            sent=_sent(post),
            text=from_element(bodies[0], signs=True),
            edited=edited,
        )


def _sent(post: Any) -> str | None:
    for place in post.cssselect("div.authi em"):
        # A young post shows 昨天 10:00 and keeps the whole time in its title.
        exact = [span.get("title") for span in place.cssselect("span[title]")]
        found = _SENT.search(from_element(place))
        if found is not None:
            return str(exact[0]) if exact else found[1]
    return None


def _facts(root: Any) -> str:
    """The page's text without what people wrote: a post that says 待处理 is no state."""
    for body in root.cssselect("#postlist td.t_f"):
        body.drop_tree()
    return from_element(root)


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return (next((group for group in found.groups() if group), "") or found[0]).strip() or None if found else None
