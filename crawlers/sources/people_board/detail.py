"""The board's old page of one message (``formats.md`` 1.2): the full text where the list cut it, of the answer too.

Today the board mostly answers an empty shell that a script fills through a signed interface, which is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawlers.text import from_element, parse_page

_HANDED_OVER = "认领交办"


@dataclass(frozen=True, slots=True)
class Detail:
    """What the page gives in full: the message, and the newest answer to it."""

    text: str
    answer: str | None


def is_shell(text: str) -> bool:
    """Whether the page is the empty one that only a script fills."""
    return 'id="app"' in text and "liuyan_box03" not in text


def read_detail(text: str) -> Detail | None:
    """The message of an old page; None where there is none."""
    root = parse_page(text)
    box = root.cssselect("div.liuyan_box03")
    body = box[0].cssselect("p.content, p.zoom") if box else []
    full = from_element(body[0]) if body else ""
    if not full:
        return None
    entries = root.cssselect("div.liuyan_box04 li.reply, div.liuyan_box05 li.reply")
    # The page writes answers in the order in which they came.
    answers = [answer for answer in map(_answer, entries) if answer]
    return Detail(full, answers[-1] if answers else None)


def _answer(entry: Any) -> str | None:
    organisation, text = entry.cssselect("h3 i"), entry.cssselect("p.zoom")
    if not text or (organisation and from_element(organisation[0]) == _HANDED_OVER):
        return None
    return from_element(text[0])
