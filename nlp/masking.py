"""Masking of personal data before anything circulates (design notes legal.md; 民法典 第一千零三十四条).

Kinds: phone landline id_number address name bank_card plate email handle school_class. Spans are code points of the
string as given, end exclusive. Text is read through a view in which width is folded, zero-width characters are gone
and Chinese numerals can be read as digits; every character of the view knows its place in the original. The patterns
are bounded, so the time is linear. Hotlines, prices, dates, document numbers and credit codes are no personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nlp.mask_patterns import FINDERS, kinds_of
from nlp.mask_view import View, view_of
from nlp.tagging import is_word

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


_SURE = 3
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A piece of personal data at ``start``…``end`` of the string as given."""

    start: int
    end: int
    kind: str


def find(text: str, known: Iterable[str] = ()) -> list[Found]:
    """Personal data of ``text`` in order; none inside or across another.

    A name that was found once is found everywhere in the text; ``known``: names found elsewhere in the same case.
    """
    view = view_of(text)
    covered = bytearray(len(text))
    taken: list[Found] = []
    names = set(known)
    for kind in kinds_of(view):
        spans = [*FINDERS[kind](view)]
        for begin, finish in _whole(view.text, spans) if kind == "name" else spans:
            if _take(view, begin, finish, kind, covered, taken) and kind == "name":
                names.add(view.text[begin:finish])
    for name in sorted(names, key=lambda name: (-len(name), name)):
        for begin in _places(view.text, name):
            _take(view, begin, begin + len(name), "name", covered, taken)
    return sorted(taken)


def _whole(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of names; one that is cut short at one place (汪友) is as long as elsewhere in the text (汪友良)."""
    names = sorted({text[start:end] for start, end in spans}, key=len, reverse=True)
    for start, end in spans:
        longest = next(name for name in names if text.startswith(name, start))
        yield start, max(end, start + len(longest))


def _take(view: View, begin: int, finish: int, kind: str, covered: bytearray, taken: list[Found]) -> bool:
    start, end = view.origin[begin], view.origin[finish - 1] + 1
    if 1 in covered[start:end]:
        return False
    covered[start:end] = b"\x01" * (end - start)
    taken.append(Found(start, end, kind))
    return True


def _places(text: str, name: str) -> Iterator[int]:
    """Where else a name stands; one of two characters that is also a word (高峰) says nothing there."""
    if len(name) < _SURE and is_word(name):
        return
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def names_of(text: str, found: Iterable[Found]) -> set[str]:
    """The names among ``found``, as the view of ``text`` shows them."""
    return {view_of(text[piece.start : piece.end]).text for piece in found if piece.kind == "name"}


def mask(text: str, known: Iterable[str] = ()) -> tuple[str, list[Found]]:
    """(``text`` masked, what was found). Masking again changes nothing."""
    found = find(text, known)
    return _covered(text, found, {}), found


def _covered(text: str, found: Iterable[Found], aliases: Mapping[str, str]) -> str:
    parts, last = [], 0
    for piece in found:
        plain = text[piece.start : piece.end]
        parts += [text[last : piece.start], aliases.get(plain) or _COVERS[piece.kind](plain)]
        last = piece.end
    return "".join([*parts, text[last:]])


class Masker:
    """Masks posts; the form that the store and the pages ask for."""

    def mask_text(self, text: str) -> str:
        """``text`` masked."""
        return mask(text)[0]

    def of_case(self) -> CaseMasker:
        """A masker for the texts of one case, with its memory of who is who."""
        return CaseMasker()

    def mask_post(self, post: Mapping[str, Any]) -> dict[str, Any]:
        """{"id", "title", "text", "found": [{"field", "kind", "start", "end"}]} of a post; a null title stays null."""
        id_ = post.get("id") or f"{post.get('source')}:{post.get('native_id')}"
        result: dict[str, Any] = {"id": id_}
        found: list[dict[str, Any]] = []
        given = {name: post.get(name) for name in ("title", "text")}
        pieces = {name: find(text) for name, text in given.items() if text is not None}
        names = {name for field, listed in pieces.items() for name in names_of(given[field] or "", listed)}
        for name, text in given.items():
            result[name] = None
            if text is not None:
                result[name], listed = mask(text, names) if names else (_covered(text, pieces[name], {}), pieces[name])
                found += [{"field": name, "kind": p.kind, "start": p.start, "end": p.end} for p in listed]
        return result | {"found": found}


class CaseMasker:
    """Masks the texts of one case in their order, so that a person has one pseudonym in all of them.

    The first 张… is 张某某, the next one 张某乙, then 张某丙 …; a later text never changes an earlier pseudonym. A name
    once found is masked wherever else it stands. Handles: ***, ***2, ***3 …
    """

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._aliases: dict[str, str] = {}

    def mask_text(self, text: str) -> str:
        """``text`` masked with the pseudonyms of the case."""
        found = find(text, self._names)
        self._names |= names_of(text, found)
        aliases = {}
        for piece in found:
            plain = text[piece.start : piece.end]
            if piece.kind in ("name", "handle"):
                aliases[plain] = self._alias(piece.kind, view_of(plain).text)
        return _covered(text, found, aliases)

    def of_case(self) -> CaseMasker:
        """Itself."""
        return self

    def _alias(self, kind: str, value: str) -> str:
        if value not in self._aliases:
            cover = _COVERS[kind](value)
            number = sum(known.startswith(cover[:2]) for known in self._aliases.values())
            self._aliases[value] = _numbered(kind, cover, number)
        return self._aliases[value]


def _numbered(kind: str, cover: str, number: int) -> str:
    """The pseudonym of the next person of a cover that ``number`` others have."""
    if not number:
        return cover
    if kind == "name":
        return f"{cover[:2]}{_STEMS[number] if number < len(_STEMS) else number + 1}"
    return f"{cover}{number + 1}"


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


__all__ = ["KINDS", "CaseMasker", "Found", "Masker", "View", "find", "mask", "spans"]
