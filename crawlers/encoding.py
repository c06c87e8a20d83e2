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


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of ``body`` and the name of the encoding that gave it.

    Order: byte order mark; UTF-8 where the bytes are UTF-8 (Chinese text in another encoding practically never
    is); what the header, then what the page declares; gb18030. The first that decodes without a fault wins,
    else the one with the fewest faults, its faults as U+FFFD: a page cut short still gives its text.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace"), name
    faults = {}
    for name in _candidates(body, content_type):
        faults[name] = _faults(body[:_PROBE], name)
        if not faults[name]:
            break
    best = min(faults, key=lambda name: faults[name])
    return body.decode(best, errors="replace"), best


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
