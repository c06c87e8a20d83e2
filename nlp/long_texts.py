"""Texts longer than what is judged (nlp.text.LONGEST): what must not be missed is read over the whole of them.

Labels weigh all words and change little by the rest of a long text, but an accident that is told at its end is one all
the same. So severity and units are read piece by piece, MOST pieces of them; where a text still goes on, it is not
known what it tells and its severity is null: a person looks at once. The answer says by ``cut`` how many characters the
labels saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from nlp.text import LONGEST, normalise

ENDLESS = "全文过长"
"""The signal of a text that is longer than what is read."""
_OVERLAP = 300
"""Characters that a piece has in common with the one before, so that no sentence is read in halves only."""
MOST = 15
"""Pieces read after what is judged: 295,500 characters, a book of some size; a person reads what is longer."""
_GRAVE = ("none", "ordinary", None, "serious", "major", "extraordinary")
"""Levels by how much each asks for; null: to review at once."""


def is_cut(post: Mapping[str, Any]) -> bool:
    """Whether title or text of a post is longer than what is judged."""
    return any(len(post.get(name) or "") > LONGEST for name in ("title", "text"))


def rest(post: Mapping[str, Any]) -> Iterator[str]:
    """At most MOST normalised pieces of what a post says after what is judged, each of LONGEST characters."""
    for given, start in islice(_starts(post), MOST):
        yield normalise(given[start : start + LONGEST])


def _starts(post: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name in ("title", "text"):
        given = post.get(name) or ""
        for start in range(LONGEST - _OVERLAP, len(given) - _OVERLAP, LONGEST - _OVERLAP):
            yield given, start


def gravest(first: dict[str, Any], post: Mapping[str, Any], read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The gravest severity of ``first`` (of what is judged) and of the rest of the post as ``read`` reads it; null
    where there is more of it than is read and nothing graver was found."""
    values = [first, *(read(piece) for piece in rest(post))]
    if next(islice(_starts(post), MOST, None), None) is not None:
        values.append({"level": None, "category": None, "deaths": None, "injured": None, "signals": [ENDLESS]})
    return max(values, key=lambda value: _GRAVE.index(value["level"]))
