"""Words and checks of every text that leaves: no control characters, no whole telephone numbers."""

from __future__ import annotations

import re

OFFICE_BASIS = "本单位设定（无上级条文）"
"""How a limit is shown that the office set for itself: never as law."""
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufffe\uffff]+",
)
_LONG_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{11,18}[0-9Xx]?(?![0-9A-Za-z])")


def one_line(text: str) -> str:
    """Without line ends, control characters or direction marks: safe in a header, a terminal and XML."""
    return " ".join(_CONTROL.sub(" ", _encodable(text)).split())


def plain_lines(text: str) -> str:
    """Many lines that keep their line ends and lose every other control character."""
    return "\n".join(_CONTROL.sub("", line) for line in _encodable(text).splitlines())


def mask_numbers(text: str) -> str:
    """A last guard, should masking before have missed a whole telephone, identity or card number.

    Telephones keep the first 3 and last 4 digits, longer numbers the first 2 and last 3 (as 永安市政府办,
    2023-01-04, asks of what is published).
    """
    return _LONG_DIGITS.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    digits = found.group()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == 11 else digits[:2] + "*" * 13 + digits[-3:]


def fit_bytes(text: str, most: int) -> str:
    """``text`` within ``most`` bytes of UTF-8, cut at a whole character with … where it was longer."""
    raw = _encodable(text).encode()
    if len(raw) <= most:
        return raw.decode()
    mark = "…"
    return raw[: max(0, most - len(mark.encode()))].decode("utf-8", "ignore") + mark


def _encodable(text: str) -> str:
    # Half a surrogate pair cannot be written as UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")
