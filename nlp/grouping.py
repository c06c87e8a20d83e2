"""Which posts speak of one matter: near-duplicates and reprints, online, in stable ids.

MinHash over character 2-grams (64 permutations, 16 bands) finds candidates, an exact Jaccard of at least 0.5 decides.
Posts come in (published_at, id) order; a post joins the event of the most similar earlier post (of equals the
earliest), so batch borders cannot matter. An event is known by its first post's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.text import normalise

Codes = NDArray[np.uint64]

SEED = 20161209
_KEPT = 400
"""Characters of a text that are compared: reprints agree in their beginning, and 2-grams of a long text are costly."""


@dataclass(slots=True)
class Grouper:
    """Groups posts. ``shortest``: texts under so many characters join only what is identical to them.

    ``jaccard``: least similarity of two posts of one event, 0…1.
    """

    jaccard: float = 0.5
    shortest: int = 8
    permutations: int = 64
    bands: int = 16
    _index: Any = None
    _roots: list[str] = field(default_factory=list)
    _grams: list[Codes] = field(default_factory=list)
    _same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from rensa import RMinHashLSH

        self._index = RMinHashLSH(self.jaccard, self.permutations, self.bands)

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> Grouper:
        """A grouper with the values of ``nlp.yml: grouping``."""
        return cls(
            jaccard=float(settings["jaccard"]),
            shortest=int(settings["shortest"]),
            permutations=int(settings["permutations"]),
            bands=int(settings["bands"]),
        )

    def add(self, post_id: str, title: str | None, text: str) -> str:
        """Take a post in; the id of the first post of its event (its own where it begins one)."""
        key = _key(title, text)
        if not key:
            return post_id
        if key in self._same:
            return self._same[key]
        root = post_id
        if len(key) >= self.shortest:
            codes, sketch = _codes(key), self._sketch(key)
            root = self._nearest(codes, sketch) or post_id
            self._keep(codes, sketch, root)
        self._same[key] = root
        return root

    def seed(self, post_id: str, title: str | None, text: str, root: str) -> None:
        """Take a post in whose event is known already: the state after a restart."""
        key = _key(title, text)
        if not key or key in self._same:
            return
        self._same[key] = root
        if len(key) >= self.shortest:
            self._keep(_codes(key), self._sketch(key), root)

    def _sketch(self, key: str) -> Any:
        from rensa import RMinHash

        sketch = RMinHash(self.permutations, SEED)
        sketch.update([key[at : at + 2] for at in range(len(key) - 1)])
        return sketch

    def _nearest(self, codes: Codes, sketch: Any) -> str | None:
        best, found = 0.0, None
        for at in sorted(self._index.query(sketch)):
            other = self._grams[at]
            shared = len(np.intersect1d(codes, other, assume_unique=True))
            similarity = shared / (len(codes) + len(other) - shared)
            if similarity >= self.jaccard and similarity > best:
                best, found = similarity, self._roots[at]
        return found

    def _keep(self, codes: Codes, sketch: Any, root: str) -> None:
        self._index.insert(len(self._roots), sketch)
        self._roots.append(root)
        self._grams.append(codes)

    def __len__(self) -> int:
        return len(self._roots)


def _key(title: str | None, text: str) -> str:
    """What is compared: letters and digits of title and text, without the title where the text begins with it."""
    head, body = normalise(title or ""), normalise(text[: 3 * _KEPT])
    joined = body if body.startswith(head) else head + body
    return "".join(char for char in joined if char.isalnum())[:_KEPT]


def _codes(key: str) -> Codes:
    """The set of 2-grams as sorted numbers: a tenth of the memory of a set of strings."""
    letters = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes: Codes = np.unique((letters[:-1] << np.uint64(21)) | letters[1:])
    return codes
