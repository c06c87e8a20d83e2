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
SILENT = frozenset(
    ["script", "style", "noscript", "template", "iframe", "svg", "button", "select", "textarea", "object"]
)
# As lxml writes an element: attributes hold neither < nor >, and of entities there are these only.
_SILENT_MARKUP = re.compile(rf"<!--.*?-->|<\?.*?>|<({'|'.join(SILENT)})\b[^>]*(?:/>|(?<!/)>.*?</\1>)", re.S)
_SILENT_SIGNS = ("<!--", "<?", *(f"<{name}" for name in sorted(SILENT)))
_PRE = re.compile(r"<pre\b.*?</pre>", re.S)
_SIGN = re.compile(r'<img\b[^>]*?\balt="(\[[^"]*)"[^>]*>')
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})(?![\w:.-])[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_ENTITIES = (("&#13;", ""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_DECLARATION = re.compile(r"^[\s\ufeff]*(?:<\?xml[^>]*\?>\s*)?")
_SPACES = re.compile(r"[^\S\n]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def clean(text: str) -> str:
    """NFC, one space for a run of spaces, no empty lines, no control or zero-width characters."""
    # Not str.translate: on Chinese text it costs more than all the rest.
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = map(str.strip, _SPACES.sub(" ", text).split("\n"))
    return "\n".join(filter(None, lines))


def from_fragment(markup: str) -> str:
    """The text of a piece of HTML; a picture that stands for a sign gives its ``alt`` ([doge])."""
    if not _MARKUP.search(markup):
        return clean(markup)
    body = parse_page(f"<div>{markup}</div>").find("body")
    return from_element(body, signs=True) if body is not None else ""


def from_element(element: etree._Element, signs: bool = False) -> str:
    """The text of an element, block elements and line breaks as line ends. Deep nesting is no danger.

    By way of its markup, since walking a page element by element in Python costs ten times as much.
    """
    markup: str = etree.tostring(element, encoding="unicode", with_tail=False)
    if any(sign in markup for sign in _SILENT_SIGNS):
        markup = _SILENT_MARKUP.sub("", markup)
    # A line end in the source is a space; only elements make lines, and preformatted text keeps its own.
    if "<pre" in markup:
        markup = _PRE.sub(lambda found: found.group().replace("\n", "<br/>"), markup)
    markup = markup.replace("\n", " ")
    if signs:
        markup = _SIGN.sub(r"\1", markup)
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", markup))
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return clean(text)


def han(text: str) -> int:
    """How many Han characters the text holds."""
    return len(HAN.findall(text))


def without_declaration(text: str) -> str:
    """Markup without its ``<?xml … ?>``: once decoded, what that says of the encoding is wrong."""
    return _DECLARATION.sub("", text.replace("\x00", ""), count=1)


def parse_page(text: str) -> lxml_html.HtmlElement:
    """The tree of a whole page; an empty or hopeless page gives an empty tree."""
    body = without_declaration(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(body.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root if root is not None else lxml_html.document_fromstring("<html><body></body></html>")
