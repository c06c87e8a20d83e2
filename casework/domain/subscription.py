"""关注: words and circumstances of which a department or one of its people wants to hear as soon as posts come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from casework.domain.errors import DomainError
from casework.domain.matching import LEVELS, UNKNOWN, Conditions, Facts
from casework.domain.search import tokens
from casework.domain.times import parse_time, store_time

LISTS = ("all_", "any_", "none_", "phrases", "places", "sources", "severity")


def spoken(text: str) -> str:
    """A text as its tokens with a blank around each: a phrase is found as a search finds it, in any case and width."""
    return f" {' '.join(tokens(text))} "


@lru_cache(maxsize=10_000)
def _phrase(word: str) -> str:
    return spoken(word)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Everything given must hold. ``to``: ``department/role``.

    ``all_``: every word is there; ``any_``: one at least; ``none_``: none is; ``phrases``: every one, word for word.
    ``places``: division codes or their beginnings; ``heat``: of the event, at least.
    """

    id: str
    name: str
    to: str
    by: str
    since: datetime
    all_: tuple[str, ...] = ()
    any_: tuple[str, ...] = ()
    none_: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    heat: float | None = None
    _asked: Conditions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: each is asked about every post.
        asked = Conditions(sources=self.sources, severity=self.severity, regions=self.places, heat_at_least=self.heat)
        object.__setattr__(self, "_asked", asked)

    def hits(self, facts: Facts, text: str) -> tuple[str, ...] | None:
        """The words that were found (empty where none is asked for); None where the post is not meant.

        ``text``: that of the post as ``spoken`` gives it.
        """
        if not self._asked.hold(facts):
            return None
        must = (*self.all_, *self.phrases)
        some = tuple(word for word in self.any_ if _phrase(word) in text)
        if not all(_phrase(word) in text for word in must) or (self.any_ and not some):
            return None
        return None if any(_phrase(word) in text for word in self.none_) else (*must, *some)

    def to_doc(self) -> dict[str, Any]:
        """As kept in a sheet."""
        doc = {item.name: getattr(self, item.name) for item in fields(self) if item.init and item.name != "id"}
        return {**doc, "since": store_time(self.since), **{name: list(doc[name]) for name in LISTS}}

    @staticmethod
    def from_doc(id_: str, doc: Mapping[str, Any]) -> Subscription:
        """Read it back."""
        plain = {item.name: doc[item.name] for item in fields(Subscription) if item.init and item.name in doc}
        lists = {name: tuple(doc[name]) for name in LISTS}
        return Subscription(**{**plain, **lists, "id": id_, "since": parse_time(doc["since"])})


def checked(one: Subscription) -> Subscription:
    """The subscription, where it can be kept. Raises DomainError: it asks for nothing, or for what is not there."""
    words = (*one.all_, *one.any_, *one.none_, *one.phrases)
    if not (one.all_ or one.any_ or one.phrases or one.places or one.severity or one.heat is not None):
        raise DomainError("a subscription asks for words, a place, a severity or a heat")
    for word in words:
        if not tokens(word):
            raise DomainError(f"{word!r} has no letter, digit or Han character to look for")
    for level in one.severity:
        if level not in (*LEVELS, UNKNOWN):
            raise DomainError(f"no severity {level!r}; write one of {', '.join((*LEVELS, UNKNOWN))}")
    for place in one.places:
        if not place.isascii() or not place.isdigit() or not 2 <= len(place) <= 12:
            raise DomainError(f"{place!r} is no division code; write its digits: 410105")
    if not one.name.strip():
        raise DomainError("a subscription has a name")
    return one
