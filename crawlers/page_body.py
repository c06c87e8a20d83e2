"""The text of an article page: by the site's rules, by readability, by trafilatura."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from lxml import etree

from crawlers.page_rules import BODIES, BODIES_OF_GOVERNMENT_PAGES, DROPS, GOVERNMENT_META
from crawlers.source_model import Article
from crawlers.text import clean, from_element, han, parse_page

_SHORTEST = 30
"""Han characters below which a body by rule is taken for an empty shell."""
_SHARE_OF_PAGE = 0.25
"""Readability's text must hold this share of the Han characters that stand in running text of the page."""
_SHARE_OF_OTHER = 0.25
"""Trafilatura's text is taken where readability's has less than this share of its Han characters."""
_FRONT, _BYLINE = 8, 60
_IS_BYLINE = re.compile(r"\d{4}\s*[-/.年]|来源|作者|字号|编辑")
_BEGINS_TAIL = re.compile(
    r"[（(【\[]?(?:责任编辑|责编|编辑[:：]|特别声明|免责声明|声明[:：]|关键词|相关(?:推荐|阅读|新闻|链接)|延伸阅读|热门推荐"
    r"|网友跟贴|网友评论|我要跟帖|评论[（(]|上一篇|下一篇|扫一扫|- 关注我们|本文来源[:：])"
)
_SENTENCE = re.compile(r"[。！？；，、]")


def ruled_body(root: Any, rules: Article) -> tuple[str, str]:
    """Text by the source's selectors; without any, by those of pages that carry the government meta set."""
    selectors = rules.body or BODIES
    names = {(node.get("name") or "").lower() for node in root.iter("meta")}
    if not rules.body and names & GOVERNMENT_META:
        selectors = BODIES + BODIES_OF_GOVERNMENT_PAGES
    for selector in selectors:
        for node in root.cssselect(selector)[:1]:
            text = _without(node, (*rules.drop, *DROPS))
            if han(text) >= _SHORTEST or (rules.body and text):
                return text, "rules"
    return "", "none"


def general_body(page: str, url: str | None, visible: str, heading: str | None) -> tuple[str, str]:
    """Text by readability, or by trafilatura where readability has lost the article."""
    text, by = _by_library(page, url, visible)
    return _trimmed(text, heading), by


def _by_library(page: str, url: str | None, visible: str) -> tuple[str, str]:
    text = _readability(page, url)
    running = sum(han(line) for line in visible.split("\n") if len(line) >= 25 and _SENTENCE.search(line))
    if han(text) >= _SHORTEST and han(text) >= _SHARE_OF_PAGE * running:
        return text, "readability"
    other = _trafilatura(page, url)
    if han(text) < _SHARE_OF_OTHER * han(other) or not text:
        return other, "trafilatura"
    return text, "readability"


def _trimmed(text: str, heading: str | None) -> str:
    """Without what a library took along: title and byline in front, editor, notices and links behind."""
    lines = text.split("\n")
    for place, line in enumerate(lines[:_FRONT]):
        if heading and line.strip() == heading:
            lines = lines[place + 1 :]
            while lines and len(lines[0]) <= _BYLINE and _IS_BYLINE.search(lines[0]):
                lines.pop(0)
            break
    for place in range(len(lines) * 3 // 5, len(lines)):
        if _BEGINS_TAIL.match(lines[place]):
            del lines[place:]
            break
    return "\n".join(lines)


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

    # It logs a traceback for a page it cannot read; here that is an answer like any other.
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(page, url=url).summary(html_partial=True)
    except (Unparseable, etree.LxmlError, ValueError, TypeError, RecursionError):
        return ""
    # Not lxml's reader of fragments: it asserts that there is a body, and a cut page has none.
    body = parse_page(summary).find("body")
    return from_element(body) if body is not None else ""


def _trafilatura(page: str, url: str | None) -> str:
    from trafilatura import extract as trafilatura_extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura_extract(page, url=url, include_comments=False, include_tables=True, favor_precision=True)
    return clean(text or "")
