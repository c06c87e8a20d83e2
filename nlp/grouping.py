"""Which posts speak of one matter, and which are reprints of one text: online, in stable ids.

Posts come in (published_at, id) order; a post joins the event of the most similar earlier post (of equals the
earliest), so batch borders cannot matter. An event is known by its first post's id. Where the two are so alike that
they are one text, the post is a copy of that earlier one, or of what that is a copy of. Where no earlier post says the
same in nearly the same words, one that speaks of the same matter in others is looked for (``nlp.matters``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.records import Placed
from nlp.linear import MODELS
from nlp.matters import Matters, Said, load_table
from nlp.near_duplicates import NearDuplicates, Shingles, key_of
from nlp.words import segmenter

REPRINT = 0.8


@dataclass(frozen=True, slots=True)
class _Entry:
    """A text taken in: its event's first post, and the post that gave the text first."""

    root: str
    original: str


@dataclass(slots=True)
class Grouper:
    """Groups posts. ``shortest``: texts under so many characters join only what is identical to them.

    ``jaccard``: least likeness of two posts of one event, ``reprint``: of two posts that are one text; both 0…1.
    ``matters`` finds posts of one matter in other words (None: such are not looked for): least cosine ``matter`` for
    a post with a title, ``untitled`` for one without.
    """

    jaccard: float = 0.5
    reprint: float = REPRINT
    shortest: int = 8
    permutations: int = 72
    bands: int = 24
    matters: Matters | None = None
    matter: float = 0.3
    untitled: float = 0.45
    _least: int = field(init=False)
    _texts: NearDuplicates = field(init=False)
    _entries: list[_Entry] = field(default_factory=list)
    _speaking: list[_Entry] = field(default_factory=list)
    _same: dict[str, _Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A text of one character has no 2-gram.
        self._least = max(self.shortest, 2)
        self._texts = NearDuplicates(self.jaccard, self.permutations, self.bands)

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any], models: Path = MODELS) -> Grouper:
        """A grouper with the values of ``nlp.yml: grouping``. ModelError: the weights of words are missing, damaged."""
        matter = float(settings.get("matter", 0.0))
        return cls(
            jaccard=float(settings["jaccard"]),
            reprint=float(settings.get("reprint", REPRINT)),
            shortest=int(settings["shortest"]),
            permutations=int(settings["permutations"]),
            bands=int(settings["bands"]),
            # Never with the office's own words: whether two posts are one matter must not change with the roster.
            matters=Matters(segmenter(), load_table(models)) if matter else None,
            matter=matter,
            untitled=float(settings.get("untitled", matter)),
        )

    def add(self, post_id: str, title: str | None, text: str) -> Placed:
        """Take a post in; where it belongs."""
        key = key_of(title, text)
        if not key:
            return Placed(post_id)
        known = self._same.get(key)
        if known is not None:
            return Placed(known.root, known.original if len(key) >= self._least else None)
        if len(key) < self._least:
            self._same[key] = _Entry(post_id, post_id)
            return Placed(post_id)
        return self._place(key, post_id, title, text)

    def _place(self, key: str, post_id: str, title: str | None, text: str) -> Placed:
        shingles = self._texts.shingles(key)
        near, how = max(self._texts.alike(shingles), key=lambda pair: (pair[1], -pair[0]), default=(None, 0.0))
        said = self._said(title, text)
        placed = Placed(post_id)
        if near is not None:
            other = self._entries[near]
            placed = Placed(other.root, other.original if how >= self.reprint else None)
        elif said is not None and self.matters is not None:
            speaking = self.matters.nearest(said, self.matter if (title or "").strip() else self.untitled)
            placed = placed if speaking is None else Placed(self._speaking[speaking].root)
        self._keep(key, shingles, said, _Entry(placed.root, placed.original or post_id))
        return placed

    def _said(self, title: str | None, text: str) -> Said | None:
        return None if self.matters is None else self.matters.said(title, text)

    def _keep(self, key: str, shingles: Shingles, said: Said | None, entry: _Entry) -> None:
        self._texts.take(shingles)
        self._entries.append(entry)
        self._same[key] = entry
        if said is not None and self.matters is not None:
            self.matters.take(said)
            self._speaking.append(entry)

    def seed(self, post_id: str, title: str | None, text: str, placed: Placed) -> None:
        """Take a post in whose place is known already: the state after a restart."""
        key = key_of(title, text)
        if not key or key in self._same:
            return
        entry = _Entry(placed.root, placed.original or post_id)
        if len(key) >= self._least:
            self._keep(key, self._texts.shingles(key), self._said(title, text), entry)
        else:
            self._same[key] = entry

    def __len__(self) -> int:
        return len(self._entries)
