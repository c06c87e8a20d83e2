"""Ways in which a page or an answer arrives damaged, the same for the same seed. Nothing of what is damaged is kept."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Chance = random.Random
Bytes = Callable[[Chance, bytes], bytes]
Place = tuple[str | int, ...]
"""The keys and numbers that lead to a value inside a JSON document."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """One variant. ``touched``: the rows that the damage is in; None where it may be anywhere.

    ``whole``: everything that was there is still there, so nothing may be missing from what is read.
    """

    kind: str
    body: bytes
    touched: frozenset[int] | None = None
    whole: bool = False
    content_type: str | None = None


def text_of(body: bytes) -> str:
    """The text of what is not damaged yet."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "ignore")


def _cut(chance: Chance, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) // 100, len(body))]


def _hole(chance: Chance, body: bytes) -> bytes:
    begin = chance.randrange(len(body))
    return body[:begin] + body[begin + chance.randrange(1, max(2, len(body) // 3)) :]


def _noise(chance: Chance, body: bytes) -> bytes:
    begin = chance.randrange(len(body))
    return body[:begin] + chance.randbytes(chance.randrange(1, 400)) + body[begin + chance.randrange(400) :]


def _mixed(chance: Chance, body: bytes) -> bytes:
    """From some place on the bytes are in another encoding, as when a page is put together from two sources."""
    text = text_of(body)
    at = chance.randrange(len(text))
    first, second = chance.sample(("utf-8", "gb18030"), 2)
    return text[:at].encode(first) + text[at:].encode(second)


def _other_encoding(chance: Chance, body: bytes) -> bytes:
    """Everything in GB18030, whatever the page says of itself."""
    return text_of(body).encode("gb18030")


def _controls(chance: Chance, body: bytes) -> bytes:
    marks = (b"\x00", b"\x0b", b"\x1f", b"\xef\xbb\xbf", b"\xe2\x80\x8b")
    for _ in range(chance.randrange(1, 40)):
        at = chance.randrange(len(body))
        body = body[:at] + chance.choice(marks) + body[at:]
    return body


def _unclosed(chance: Chance, body: bytes) -> bytes:
    for tag in chance.sample((b"</div>", b"</p>", b"</span>", b"</a>", b"</script>", b"</style>", b"</title>"), 3):
        at = body.find(tag, chance.randrange(len(body)))
        body = body if at < 0 else body[:at] + body[at + len(tag) :]
    return body


def _broken_tags(chance: Chance, body: bytes) -> bytes:
    for _ in range(chance.randrange(1, 30)):
        at = body.find(chance.choice((b">", b'"', b"<")), chance.randrange(len(body)))
        body = body if at < 0 else body[:at] + body[at + 1 :]
    return body


def _deep(chance: Chance, body: bytes) -> bytes:
    at = body.find(b"<div", chance.randrange(len(body)))
    return body if at < 0 else body[:at] + b"<div>" * 5000 + body[at:]


def _twice(chance: Chance, body: bytes) -> bytes:
    return body + body


HTML: Mapping[str, tuple[Bytes, bool]] = {
    "cut": (_cut, False),
    "hole": (_hole, False),
    "noise": (_noise, False),
    "mixed encodings": (_mixed, True),
    "other encoding": (_other_encoding, True),
    "control characters": (_controls, False),
    "unclosed tags": (_unclosed, False),
    "broken tags": (_broken_tags, False),
    "deep nesting": (_deep, False),
    "twice": (_twice, False),
}
"""Kind → how, and whether nothing is missing afterwards."""
LIES = (None, "text/html; charset=utf-8", "text/html; charset=gb2312", "text/html; charset=iso-8859-1", "image/png")


def html_variants(seed: int, page: bytes, number: int) -> Iterator[Damaged]:
    """``number`` variants of a page, the kinds in turn, each sent with a content type that may lie."""
    chance = Chance(seed)
    kinds = list(HTML.items())
    for turn in range(number):
        kind, (change, whole) = kinds[(seed + turn) % len(kinds)]
        yield Damaged(kind, change(chance, page), whole=whole, content_type=chance.choice(LIES))


def _bracket(chance: Chance, body: bytes) -> bytes:
    at = body.find(chance.choice((b"{", b"}", b"[", b"]", b'"', b":", b",")), chance.randrange(len(body)))
    return body if at < 0 else body[:at] + body[at + 1 :]


def _page_instead(chance: Chance, body: bytes) -> bytes:
    return b"<!DOCTYPE html><html><head><title>503</title></head><body>busy</body></html>"


def _nothing(chance: Chance, body: bytes) -> bytes:
    return chance.choice((b"", b"null", b"[]", b"{}", b"0", b'""', b"true", b"NaN", b"\xef\xbb\xbf", b"[" * 100_000))


JSON_BYTES: Mapping[str, Bytes] = {
    "cut": _cut,
    "hole": _hole,
    "noise": _noise,
    "mixed encodings": _mixed,
    "broken JSON": _bracket,
    "a page instead": _page_instead,
    "nothing instead": _nothing,
}
ODD: tuple[Any, ...] = (None, True, -1, 1.5, 10**30, "文字", "\ud83d", [], ["x"], {}, {"a": 1})


def json_variants(seed: int, answer: bytes, rows: Place, number: int) -> Iterator[Damaged]:
    """``number`` variants of an answer whose rows lie in the list at ``rows``: of its bytes, or of values."""
    chance = Chance(seed)
    kinds = [*JSON_BYTES, "nulls", "wrong types", "keys left out", "rows replaced", "above the rows"] * 2
    whole = json.loads(answer)
    for turn in range(number):
        kind = kinds[(seed + turn) % len(kinds)]
        if kind in JSON_BYTES:
            yield Damaged(kind, JSON_BYTES[kind](chance, answer))
        else:
            yield _changed(kind, chance, copy.deepcopy(whole), rows)


def _changed(kind: str, chance: Chance, document: Any, rows: Place) -> Damaged:
    held = at(document, rows)
    touched = frozenset(chance.sample(range(len(held)), min(len(held), chance.randrange(1, 4))))
    if kind == "above the rows":
        place = rows[: chance.randrange(1, len(rows) + 1)]
        put(document, place, _other_type(chance, at(document, place)))
        return Damaged(kind, _dump(document), None)
    for number in touched:
        if kind == "rows replaced":
            held[number] = _other_type(chance, held[number])
            continue
        places = list(_places(held[number]))
        for place in chance.sample(places, min(len(places), chance.randrange(1, 6))):
            _damage(kind, chance, held[number], place)
    return Damaged(kind, _dump(document), touched)


def _damage(kind: str, chance: Chance, row: Any, place: Place) -> None:
    holder = at(row, place[:-1])
    if not isinstance(holder, (dict, list)) or (isinstance(holder, list) and place[-1] not in range(len(holder))):
        return
    if isinstance(holder, dict) and place[-1] not in holder:
        return
    if kind == "keys left out":
        del holder[place[-1]]  # type: ignore[arg-type]
    else:
        value = holder[place[-1]]  # type: ignore[index]
        holder[place[-1]] = None if kind == "nulls" else _other_type(chance, value)  # type: ignore[index]


def _other_type(chance: Chance, value: Any) -> Any:
    """A value that is of another type; half a surrogate pair counts as one, since no store can keep it."""
    if value is None:
        return None
    numbers = (bool, int, float)
    same = numbers if isinstance(value, numbers) else type(value)
    return chance.choice([odd for odd in ODD if not isinstance(odd, same) or odd == "\ud83d"])


def _places(value: Any, before: Place = ()) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*before, key)
        yield from _places(item, (*before, key))


def at(document: Any, place: Place) -> Any:
    """The value at a place; None where it is no longer there."""
    for key in place:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def put(document: Any, place: Place, value: Any) -> None:
    """Write a value at a place of at least one key."""
    at(document, place[:-1])[place[-1]] = value


def _dump(document: Any) -> bytes:
    # Escaped, so that half a surrogate pair can be written at all.
    return json.dumps(document).encode()


def table_variants(seed: int, table: bytes, number: int) -> Iterator[Damaged]:
    """``number`` variants of a CSV export in UTF-8, one to three of its lines damaged each time."""
    chance = Chance(seed)
    header, *lines = table.decode().splitlines(keepends=True)
    kinds = ("cells lost", "cells more", "open quote", "other encoding", "nulls", "cut", "empty times")
    for turn in range(number):
        kind = kinds[(seed + turn) % len(kinds)]
        changed = [line.encode() for line in lines]
        touched = frozenset(chance.sample(range(len(lines)), chance.randrange(1, 4)))
        for place in touched:
            changed[place] = _line(kind, chance, lines[place])
        body = b"".join((header.encode(), *changed))
        if kind == "cut":
            kept = chance.randrange(len(header.encode()) + 1, len(body))
            touched = frozenset(range(body[:kept].count(b"\n") - 1, len(lines)))
            body = body[:kept]
        yield Damaged(kind, body, touched)


def _line(kind: str, chance: Chance, line: str) -> bytes:
    cells = line.rstrip("\r\n").split(",")
    if kind == "cells lost":
        del cells[chance.randrange(len(cells))]
    elif kind == "cells more":
        cells.insert(chance.randrange(len(cells)), "多")
    elif kind == "open quote":
        cells[0] = f'"{cells[0]}'
    elif kind == "nulls":
        cells = ["" for _ in cells]
        cells[chance.randrange(len(cells))] = "NULL"
    elif kind == "empty times":
        cells = [cell if not cell[:4].isdigit() or "/" not in cell else "待定" for cell in cells]
    encoding = "gb18030" if kind == "other encoding" else "utf-8"
    return ",".join(cells).encode(encoding, "replace") + b"\n"
