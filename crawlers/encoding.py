"""Bytes of a page or an export to text, where the declared charset cannot be trusted."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
# GB2312 and GBK pages hold characters outside these sets; gb18030 is a superset of both.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
}
_PROBE = 200_000
# Four characters on end, each of which no text in the other encoding could make by chance.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){4,}")
_GB_RUN = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]){4,}")
_UTF8_STRETCH = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}[\x00-\x7f]*){4,}")
_PIECE = re.compile(rb"[^<>\n\"]+|[<>\n\"]+")
"""What lies between signs that are a second byte in no encoding."""
MIXED = "utf-8 and gb18030"


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of ``body`` and the name of the encoding that gave it.

    Order: byte order mark; UTF-8 where the bytes are UTF-8 (Chinese text in another encoding practically never
    is); what the header, then what the page declares; gb18030. The first that decodes without a fault wins,
    else the one with the fewest faults, its faults as U+FFFD: a page cut short still gives its text. A page put
    together from two encodings, UTF-8 and GB18030, is read piece by piece.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace"), name
    faults = {}
    for name in _candidates(body, content_type):
        faults[name] = _faults(body[:_PROBE], name)
        if not faults[name]:
            break
        if name == "utf-8" and holds_run("gb18030", body) and holds_run("utf-8", body):
            return "".join(map(decode_piece, _PIECE.findall(body))), MIXED
    best = min(faults, key=lambda name: faults[name])
    return body.decode(best, errors="replace"), best


def holds_run(name: str, body: bytes) -> bool:
    """Whether there is a run of characters that only this encoding makes, ``utf-8`` or ``gb18030``."""
    return (_UTF8_RUN if name == "utf-8" else _GB_RUN).search(body) is not None


def decode_piece(piece: bytes) -> str:
    """A line or a tag's text of something in two encodings; within it only long stretches tell them apart."""
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        text, done = "", 0
        for found in _UTF8_STRETCH.finditer(piece):
            text += piece[done : found.start()].decode("gb18030", "replace") + found[0].decode("utf-8", "replace")
            done = found.end()
        return text + piece[done:].decode("gb18030", "replace")


def _candidates(body: bytes, content_type: str | None) -> list[str]:
    declared = [match.group(1) for match in [_IN_HEADER.search(content_type or "")] if match]
    in_page = _DECLARED.search(body[:4096])
    if in_page:
        declared.append(in_page.group(1).decode("ascii", "ignore"))
    names = ["utf-8"]
    for name in [*declared, "gb18030"]:
        wider = _WIDER.get(name.lower(), name.lower())
        # Latin-1 decodes anything: as a declaration it is a server's default and says nothing.
        if wider in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252"):
            continue
        try:
            canonical = codecs.lookup(wider).name
        except LookupError:
            continue
        if canonical not in names:
            names.append(canonical)
    return names


def _faults(body: bytes, name: str) -> int:
    # Incremental: a probe that ends inside a character is not a fault.
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    text = decoder.decode(body, final=False)
    return text.count("\ufffd")
