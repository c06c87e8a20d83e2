"""The letters that samples are drawn from, by id ``set/msg_id``; read from the data folder, never kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nlp.datasets import find, rows

FILES = {
    "attach2": "taidi_c_attach2_test_unlabelled",
    "attach3": "taidi_c_attach3_messages",
    "attach4": "taidi_c_attach4_reply_half",
}
"""Short name of a data set in row ids → its file."""

_NOTHING = re.compile(r"[\W_]+")
_BLANK = re.compile(r"(?:_x000D_|\s|\u3000|\xa0)+")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: ``id`` is ``set/msg_id``; the rest as the data set has it (``user``: its anonymous writer)."""

    id: str
    title: str
    text: str
    user: str = ""

    @property
    def whole(self) -> str:
        """Title and text, as the cues of a sample see them."""
        return f"{self.title}\n{self.text}"

    def shown(self, width: int) -> tuple[str, str]:
        """Title and text on one line each, the text cut to ``width`` characters."""
        title, text = (_BLANK.sub(" ", part).strip() for part in (self.title, self.text))
        return title, text if len(text) <= width else text[:width] + "…"


def letters(folder: Path, sets: Iterable[str]) -> dict[str, Letter]:
    """All letters of ``sets`` (keys of FILES) by id, in the files' order. DataError: a file is missing or strange."""
    found: dict[str, Letter] = {}
    for name in sets:
        for row in rows(find(folder, FILES[name]), ("msg_id", "user", "title", "content")):
            letter = Letter(f"{name}/{row['msg_id']}", row["title"], row["content"], f"{name}/{row['user']}")
            found[letter.id] = letter
    return found


def without_repeats(found: Iterable[Letter]) -> list[Letter]:
    """The letters whose characters do not repeat those of an earlier one; order kept."""
    seen: set[str] = set()
    kept = []
    for letter in found:
        key = _NOTHING.sub("", letter.whole)
        if key not in seen:
            seen.add(key)
            kept.append(letter)
    return kept
