"""The text of an article page: by the site's rules, by readability, by trafilatura."""

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from crawlers.source_model import Article
from crawlers.text import clean, from_element, han

_GOVERNMENT_META = ("articletitle", "pubdate", "contentsource", "firstpublishedtime", "publishdate")
_KNOWN_BODIES = (
    "#UCAP-CONTENT",
    ".pages_content",
    ".rm_txt_con",
    ".show_text",
    "#detailContent",
    "#ozoom",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    "#zoom",
    "#Zoom",
    "#content",
    ".article-content",
)
_KNOWN_DROPS = (
    ".operator",
    ".edit",
    ".editor",
    ".zdfy",
    ".share",
    ".paper_num",
    ".related",
    "#rwb_zjd",
    ".pic_paper",
)
_SHORTEST = 30
"""Han characters below which a body by rule is taken for an empty shell."""
_SHARE_OF_PAGE = 0.25
"""Readability's text must hold this share of the Han characters that stand in running text of the page."""
_SHARE_OF_OTHER = 0.25
"""Trafilatura's text is taken where readability's has less than this share of its Han characters."""
_SENTENCE = re.compile(r"[。！？；，、]")


def ruled_body(root: Any, rules: Article) -> tuple[str, str]:
    """Text by the source's selectors; without any, by those of pages that carry the government meta set."""
    selectors: tuple[str, ...] = rules.body
    if not selectors:
        names = {(node.get("name") or "").lower() for node in root.iter("meta")}
        if not names.intersection(_GOVERNMENT_META):
            return "", "none"
        selectors = _KNOWN_BODIES
    for selector in selectors:
        for node in root.cssselect(selector)[:1]:
            text = _without(node, (*rules.drop, *_KNOWN_DROPS))
            if han(text) >= _SHORTEST or (rules.body and text):
                return text, "rules"
    return "", "none"


def general_body(page: str, url: str | None, visible: str) -> tuple[str, str]:
    """Text by readability, or by trafilatura where readability has lost the article."""
    text = _readability(page, url)
    running = sum(han(line) for line in visible.split("\n") if len(line) >= 25 and _SENTENCE.search(line))
    if han(text) >= _SHORTEST and han(text) >= _SHARE_OF_PAGE * running:
        return text, "readability"
    other = _trafilatura(page, url)
    if han(text) < _SHARE_OF_OTHER * han(other) or not text:
        return other, "trafilatura"
    return text, "readability"


def _without(node: Any, drops: tuple[str, ...]) -> str:
    node = copy.deepcopy(node)
    for selector in drops:
        for unwanted in node.cssselect(selector):
            if unwanted is not node:
                unwanted.drop_tree()
    return from_element(node)


def _readability(page: str, url: str | None) -> str:
    from readability import Document
    from readability.readability import Unparseable

    try:
        summary = Document(page, url=url).summary(html_partial=True)
        return from_element(lxml_html.fragment_fromstring(summary, create_parent="div"))
    except (Unparseable, etree.LxmlError, ValueError, TypeError, RecursionError):
        return ""


def _trafilatura(page: str, url: str | None) -> str:
    from trafilatura import extract as trafilatura_extract

    text = trafilatura_extract(page, url=url, include_comments=False, include_tables=True, favor_precision=True)
    return clean(text or "")
