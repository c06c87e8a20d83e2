"""HTML to plain text: paragraphs on lines of their own, entities resolved, NFC, no invisible characters."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree
from lxml import html as lxml_html

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
        "br",
    ]
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "iframe", "svg", "button", "select", "textarea", "object"]
)
_INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"),
        *range(0x00, 0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        0x7F,
    ]
)
_HIDDEN = re.compile("[" + "".join(map(re.escape, map(chr, _INVISIBLE))) + "]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_DECLARATION = re.compile(r"^[\s\ufeff]*(?:<\?xml[^>]*\?>\s*)?")
_SPACES = re.compile(r"[^\S\n]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def clean(text: str) -> str:
    """NFC, one space for a run of spaces, no empty lines, no control or zero-width characters."""
    if _HIDDEN.search(text):
        # Looking is a twentieth of translating, and hardly any text has one.
        text = text.translate(_INVISIBLE)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def from_fragment(markup: str) -> str:
    """The text of a piece of HTML; a picture that stands for a sign gives its ``alt`` ([doge])."""
    if not _MARKUP.search(markup):
        return clean(markup)
    body = parse_page(f"<div>{markup}</div>").find("body")
    return from_element(body, signs=True) if body is not None else ""


def from_element(element: etree._Element, signs: bool = False) -> str:
    """The text of an element, block elements and line breaks as line ends. Deep nesting is no danger."""
    parts: list[str] = []
    for action, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if action == "start":
            _enter(node, parts, signs)
        else:
            if action == "end" and node.tag in _BLOCKS:
                parts.append("\n")
            if node is not element and node.tail and not _silenced(node, element):
                parts.append(_flat(node.tail, node))
    return clean("".join(parts))


def _enter(node: etree._Element, parts: list[str], signs: bool) -> None:
    if node.tag in _BLOCKS:
        parts.append("\n")
    if signs and node.tag == "img" and node.get("alt", "").startswith("["):
        parts.append(node.get("alt", ""))
    if node.text and not _silenced(node, None, itself=True):
        parts.append(_flat(node.text, node))


def _flat(text: str, node: etree._Element) -> str:
    # A line end in the source is a space; only elements make lines. Preformatted text is rare enough to lose.
    return text.replace("\r", "").replace("\n", " ") if node.tag != "pre" else text


def _silenced(node: etree._Element, top: etree._Element | None, itself: bool = False) -> bool:
    place = node if itself else node.getparent()
    while place is not None and place is not top:
        if place.tag in _SILENT:
            return True
        place = place.getparent()
    return False


def han(text: str) -> int:
    """How many Han characters the text holds."""
    return len(HAN.findall(text))


def without_declaration(text: str) -> str:
    """Markup without its ``<?xml … ?>``: once decoded, what that says of the encoding is wrong."""
    return _DECLARATION.sub("", text.translate({0: None}), count=1)


def parse_page(text: str) -> lxml_html.HtmlElement:
    """The tree of a whole page; an empty or hopeless page gives an empty tree."""
    body = without_declaration(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(body.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root if root is not None else lxml_html.document_fromstring("<html><body></body></html>")
