"""What hangs on an article: attachments, and the texts of its pictures."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from crawlers.page import Page
from crawlers.text import from_element, han

_FILE = re.compile(r"\.(?:docx?|wps|xlsx?|et|csv|pptx?|dps|pdf|ofd|ceb|rtf|txt|zip|rar|7z)$", re.I)
_ANNOUNCED = re.compile(r"^\s*附\s*件")
_SHORTEST_CAPTION = 6


_ANNOUNCED_SOMEWHERE = re.compile(r"附\s*件")


def is_attachment(link: Any) -> bool:
    """Whether a link leads to a file to keep, by the end of its path or of its query (``?file=a.pdf``)."""
    try:
        parts = urlsplit((link.get("href") or "").strip())
    except ValueError:
        return False
    return _FILE.search(parts.path) is not None or _FILE.search(parts.query) is not None


def attachments(page: Page, body: Any) -> tuple[tuple[str, str], ...]:
    """(name, address) of the files that the text links to, and of those that the page announces as 附件 elsewhere."""
    found: dict[str, str] = {}
    links = list(body.iter("a")) if body is not None else []
    if _ANNOUNCED_SOMEWHERE.search(page.visible):
        links += [link for link in page.root.iter("a") if _is_announced(link)]
    for link in links:
        if is_attachment(link):
            href = link.get("href").strip()
            address = urldefrag(urljoin(page.url, href) if page.url else href)[0]
            name = from_element(link).replace("\n", " ") or link.get("title") or address.rsplit("/", 1)[-1]
            found.setdefault(address, name)
    return tuple((name, address) for address, name in found.items())


def _is_announced(link: Any) -> bool:
    if _ANNOUNCED.match(link.text or ""):
        return True
    parent = link.getparent()
    return parent is not None and _ANNOUNCED.match(parent.text or "") is not None


def pictures(body: Any, captions: tuple[str, ...], heading: str | None, text: str) -> tuple[str, ...]:
    """Captions, and the alternative texts of pictures that say more than the title and stand nowhere else."""
    alternatives = (node.get("alt") or "" for node in body.iter("img")) if body is not None else ()
    told = [alt.strip() for alt in alternatives if han(alt) >= _SHORTEST_CAPTION]
    kept = [alt for alt in told if alt not in text and alt not in (heading or "") and (heading or alt) not in alt]
    return tuple(dict.fromkeys((*captions, *kept)))
