"""The text of an article page: by the site's rules, by readability, by trafilatura."""

from __future__ import annotations

import copy
import itertools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from crawlers.page import Page, select, words
from crawlers.page_extras import is_attachment
from crawlers.page_rules import CAPTION, FURNITURE, GOVERNMENT_META, places_for
from crawlers.page_trim import trimmed
from crawlers.text import clean, from_element, han, parse_page

if TYPE_CHECKING:
    from crawlers.source_model import Article

_SHORTEST = 30
"""Han characters below which a body by rule is taken for an empty shell."""
_SHARE_OF_PAGE = 0.25
"""Readability's text must hold this share of the Han characters that stand in running text of the page."""
_SHARE_OF_OTHER = 0.5
"""Trafilatura's text is taken where readability's has less than this share of its running text."""
_SHARE_BY_PLACE = 0.1
"""The same for a place that is known: less than that is an empty shell or a teaser."""
_LINE = 25
_MOST_OF_TEXT = 0.3
_LONGEST_CAPTION = 200
_FEWEST_LINKS, _SHARE_OF_LINKS = 3, 0.5
_SENTENCE = re.compile(r"[。！？；，、]")
_HIDDEN = re.compile(r"visibility\s*:\s*hidden\s*(?:!important)?\s*;?", re.I)
_BLOCK_TAGS = ("div", "section", "ul", "ol", "dl", "table", "aside", "nav")


@dataclass(frozen=True, slots=True)
class Body:
    """``by``: rules, readability, trafilatura, none. ``node``: the element that holds the text, where there is one."""

    text: str
    by: str
    node: Any = None
    captions: tuple[str, ...] = field(default=())


NOTHING = Body("", "none")


def ruled_body(page: Page, rules: Article, without: str | None = None) -> Body:
    """Text by the source's selectors; without any, by the places that content systems and sites are known for."""
    if rules.body:
        for css in rules.body:
            for node in page.select(css)[:1]:
                body = _from_node(node, frozenset(), rules.drop)
                if body.text:
                    return body
        return NOTHING
    for css, drops in places_for(page.url, page.has_meta(GOVERNMENT_META), without):
        for node in page.select(css)[:1]:
            body = _from_node(node, drops, ())
            if han(body.text) >= _SHORTEST and running(body.text) >= _SHARE_BY_PLACE * running(page.visible):
                return body
    return NOTHING


def general_body(page: Page, heading: str | None) -> Body:
    """Text by readability, or by trafilatura where readability has lost the article. Changes the page's tree."""
    body = _by_library(page)
    return Body(trimmed(body.text, heading), body.by, body.node, body.captions)


def running(text: str) -> int:
    """Han characters in lines that read like text, not like links and labels."""
    return sum(han(line) for line in text.split("\n") if len(line) >= _LINE and _SENTENCE.search(line))


def _by_library(page: Page) -> Body:
    on_page = running(page.visible)
    body = _readability(page)
    found = running(body.text)
    if body.text and found >= _SHARE_OF_PAGE * on_page:
        return body
    other = _trafilatura(page)
    return other if found < _SHARE_OF_OTHER * running(other.text) or not body.text else body


def _from_node(node: Any, drops: frozenset[str], selectors: tuple[str, ...]) -> Body:
    kept = copy.deepcopy(node)
    kept.tail = None
    for css in selectors:
        for unwanted in select(kept, css):
            if unwanted is not kept:
                unwanted.drop_tree()
    captions = _tidied(kept, drops | FURNITURE)
    return Body(from_element(kept), "rules", node, captions)


def _tidied(node: Any, drops: frozenset[str]) -> tuple[str, ...]:
    """Take out what is no text, but never the main part, whatever its class; answers the captions."""
    most = _MOST_OF_TEXT * len(from_element(node))
    captions = []
    for inner in list(node.iter(etree.Element)):
        names = words(inner)
        is_caption = inner.tag == "figcaption" or (bool(names) and CAPTION.search(" ".join(names)) is not None)
        if inner is node or not (is_caption or drops.intersection(names)):
            continue
        text = from_element(inner)
        if len(text) > most or (is_caption and len(text) > _LONGEST_CAPTION):
            continue
        if is_caption and text:
            captions.append(text.replace("\n", " "))
        inner.drop_tree()
    return tuple(dict.fromkeys(captions))


def _readability(page: Page) -> Body:
    from readability import Document
    from readability.readability import Unparseable

    # It logs a traceback for a page it cannot read; here that is an answer like any other.
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    _prepare(page)
    try:
        summary = Document(page.root, url=page.url).summary(html_partial=True)
    except (Unparseable, etree.LxmlError, ValueError, TypeError, RecursionError):
        return NOTHING
    # Not lxml's reader of fragments: it asserts that there is a body, and a cut page has none.
    node = parse_page(summary).find("body")
    if node is None:
        return NOTHING
    captions = _tidied(node, FURNITURE)
    for block in list(_link_blocks(node)):
        if block.getparent() is not None:
            block.drop_tree()
    return Body(from_element(node), "readability", node, captions)


def _prepare(page: Page) -> None:
    """Readability knows neither text that a script will show nor paragraphs that are sections (公众号)."""
    for node in page.root.iterfind(".//*[@style]"):
        style = node.get("style")
        if _HIDDEN.search(style):
            node.set("style", _HIDDEN.sub("", style))
    for node in list(page.root.iter("section")):
        if next(node.iterchildren(*_BLOCK_TAGS, "p"), None) is None:
            node.tag = "p"


def _link_blocks(node: Any) -> Iterator[Any]:
    """Blocks that are mostly links to elsewhere, or hold links and no sentence; lists of attachments are none."""
    for block in list(node.iter(*_BLOCK_TAGS, "p")):
        links = list(block.iter("a"))
        if len(links) >= _FEWEST_LINKS and not any(is_attachment(link) for link in links):
            text = from_element(block)
            if sum(len(from_element(link)) for link in links) > _SHARE_OF_LINKS * len(text) or "。" not in text:
                yield block
    for parent in list(node.iter(etree.Element)):
        for is_link, lines in itertools.groupby(parent.iterchildren("li", "p", "div"), key=_is_link_line):
            run = list(lines)
            if is_link and len(run) >= _FEWEST_LINKS:
                yield from run


def _is_link_line(node: Any) -> bool:
    """A line that is one link and nothing else."""
    link = node.find(".//a")
    return link is not None and not is_attachment(link) and from_element(link) == from_element(node) != ""


def _trafilatura(page: Page) -> Body:
    from trafilatura import extract as trafilatura_extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura_extract(
        page.markup, url=page.url, include_comments=False, include_tables=True, favor_precision=True
    )
    return Body(clean(text), "trafilatura") if text else NOTHING
