"""One page as the readers of its fields share it: parsed once, without scripts, selectors compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree
from lxml.cssselect import CSSSelector

from crawlers.text import SILENT, clean, from_element, parse_page


class Page:
    """A page's tree. ``markup`` is the page as decoded, ``url`` its address where it is known."""

    def __init__(self, markup: str, url: str | None = None) -> None:
        self.markup, self.url = markup, url
        self.root: Any = parse_page(markup)
        scripts = self.root.iter("script")
        self.json: list[str] = [node.text for node in scripts if "json" in (node.get("type") or "") and node.text]
        """Texts of the page's JSON-LD; scripts are gone from the tree after this."""
        etree.strip_elements(self.root, *SILENT, etree.Comment, etree.ProcessingInstruction, with_tail=False)

    @cached_property
    def visible(self) -> str:
        """The text of the page without its head, lines for blocks."""
        body = self.root.find("body")
        return from_element(body if body is not None else self.root)

    @cached_property
    def title(self) -> str:
        """Text of ``<title>``."""
        return clean(self.root.findtext(".//title") or "").replace("\n", " ")

    @cached_property
    def _metas(self) -> dict[str, str]:
        held: dict[str, str] = {}
        for node in self.root.iter("meta"):
            key = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
            content = clean(node.get("content") or "").replace("\n", " ")
            if key and content:
                held.setdefault(key, content)
        return held

    def metas(self, names: Iterable[str]) -> Iterator[str]:
        """Contents of ``<meta>`` by name, property or itemprop, in the order of ``names``; case does not matter."""
        return (self._metas[name.lower()] for name in names if name.lower() in self._metas)

    def has_meta(self, names: Iterable[str]) -> bool:
        """Whether the page has one of these, with something in it."""
        return next(self.metas(names), None) is not None

    def select(self, css: str) -> list[Any]:
        """Elements of the page by a selector, in their order."""
        return select(self.root, css)

    def texts(self, selectors: Iterable[str]) -> Iterator[str]:
        """Texts of the first element of each selector that has any."""
        for css in selectors:
            for node in self.select(css)[:1]:
                text = from_element(node).replace("\n", " ")
                if text:
                    yield text


def select(node: Any, css: str) -> list[Any]:
    """Elements under a node by a selector, in their order."""
    found: list[Any] = _compiled(css)(node)
    return found


def words(node: Any) -> list[str]:
    """The words of an element's class and id, in lower case."""
    return f"{node.get('class') or ''} {node.get('id') or ''}".lower().split()


@lru_cache(maxsize=2000)
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css)
