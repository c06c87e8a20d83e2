"""The list page after this one, where a site says by numbers how many there are (a link to it needs no counting)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

if TYPE_CHECKING:
    from crawlers.source_model import Paging


_SCRIPT = re.compile(
    r"""createPageHTML\s*\(\s*(\d{1,6})\s*,\s*\d+\s*,\s*["']([\w-]{1,60})["']\s*,\s*["'](s?html?|jhtml)["']"""
)


def counted_page(paging: Paging, root: Any, first: str, page: int) -> str | None:
    """Address of the list page after ``page`` (from 1) by the page's own numbers; None at the end."""
    if paging.by == "script":
        found = called(root)
        return urljoin(first, f"{found[1]}_{page}.{found[2]}") if found and page < found[0] else None
    marks = root.cssselect(paging.css)[:1] if paging.css else []
    size, count = (_number(marks[0].get(name)) for name in ("pagesize", "pagecount")) if marks else (0, 0)
    if size < 1 or page >= math.ceil(count / size):
        return None
    return re.sub(r"(?:index\.(\w+))?$", lambda end: f"index_{page}.{end[1] or 'html'}", urldefrag(first)[0], count=1)


def called(root: Any) -> tuple[int, str, str] | None:
    """What the page's script is told: number of pages, name and ending of their files (TRS, as many offices use it)."""
    for node in root.iter("script"):
        found = _SCRIPT.search(node.text or "")
        if found:
            return int(found.group(1)), found.group(2), found.group(3)
    return None


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\s*\d{1,9}\s*", text) else 0
