"""Masking of personal data before anything circulates (design notes legal.md; 民法典 第一千零三十四条).

Kinds: phone landline id_number address name bank_card plate email handle school_class. Spans are code points of the
string as given, end exclusive. Text is read through a view in which width is folded, zero-width characters are gone
and Chinese numerals can be read as digits; every character of the view knows its place in the original. The patterns
are bounded, so the time is linear. Hotlines, prices, dates, document numbers and credit codes are no personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nlp.mask_patterns import FINDERS, View, view_of

KINDS = (
    "id_number",
    "bank_card",
    "phone",
    "landline",
    "email",
    "plate",
    "school_class",
    "address",
    "name",
    "handle",
)
"""All kinds; where two overlap, the one that stands first here wins."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A piece of personal data at ``start``…``end`` of the string as given."""

    start: int
    end: int
    kind: str


def find(text: str) -> list[Found]:
    """Personal data of ``text`` in order; none inside or across another."""
    view = view_of(text)
    covered = bytearray(len(text))
    taken: list[Found] = []
    for kind in KINDS:
        for begin, finish in FINDERS[kind](view):
            start, end = view.origin[begin], view.origin[finish - 1] + 1
            if 1 not in covered[start:end]:
                covered[start:end] = b"\x01" * (end - start)
                taken.append(Found(start, end, kind))
    return sorted(taken)


def mask(text: str) -> tuple[str, list[Found]]:
    """(``text`` masked, what was found). Masking again changes nothing."""
    found = find(text)
    parts, last = [], 0
    for piece in found:
        parts += [text[last : piece.start], _COVERS[piece.kind](text[piece.start : piece.end])]
        last = piece.end
    return "".join([*parts, text[last:]]), found


class Masker:
    """Masks posts; the form that the store and the pages ask for."""

    def mask_text(self, text: str) -> str:
        """``text`` masked."""
        return mask(text)[0]

    def mask_post(self, post: Mapping[str, Any]) -> dict[str, Any]:
        """{"id", "title", "text", "found": [{"field", "kind", "start", "end"}]} of a post; a null title stays null."""
        id_ = post.get("id") or f"{post.get('source')}:{post.get('native_id')}"
        result: dict[str, Any] = {"id": id_}
        found: list[dict[str, Any]] = []
        for name in ("title", "text"):
            given = post.get(name)
            if given is None:
                result[name] = None
                continue
            result[name], pieces = mask(given)
            found += [{"field": name, "kind": p.kind, "start": p.start, "end": p.end} for p in pieces]
        return result | {"found": found}


def _ends(first: int, last: int) -> Callable[[str], str]:
    """Keep the first and last letters and digits, star the others; what is between them is dropped."""

    def cover(text: str) -> str:
        letters = [char for char in text if char.isalnum()]
        hidden = max(len(letters) - first - last, 1)
        return "".join(letters[:first]) + "*" * hidden + "".join(letters[len(letters) - last :] if last else [])

    return cover


def _phone(text: str) -> str:
    """138****1234: the last eleven digits; a country code is dropped."""
    letters = [char for char in text if char.isalnum()][-11:]
    return "".join(letters[:3]) + "****" + "".join(letters[-4:])


def _landline(text: str) -> str:
    letters = [char for char in text if char.isalnum()]
    return "*" * max(len(letters) - 4, 1) + "".join(letters[-4:])


def _name(text: str) -> str:
    """张某某; of a two-character name 张某; of a compound surname its first character alone."""
    return text[0] + "某" * (min(len(text), 3) - 1)


def _email(text: str) -> str:
    return "***@" + text.rpartition("@")[2] if "@" in text else "***"


_COVERS: dict[str, Callable[[str], str]] = {
    "phone": _phone,
    "landline": _landline,
    "id_number": _ends(2, 3),
    "bank_card": _ends(0, 4),
    "plate": _ends(2, 1),
    "email": _email,
    "handle": lambda text: ("@" if text.startswith("@") else "") + "***",
    "address": lambda text: "****",
    "school_class": lambda text: "****",
    "name": _name,
}


def spans(found: Iterable[Found]) -> list[tuple[str, int, int]]:
    """(kind, start, end) of what was found."""
    return [(piece.kind, piece.start, piece.end) for piece in found]


__all__ = ["KINDS", "Found", "Masker", "View", "find", "mask", "spans"]
