"""A checked source as plain values: what the process that crawls it needs, without the library that checked it.

Checking happens in the process that starts the crawl; to do it again in every crawl would cost more than a run with
nothing new costs for all its pages (figure ``collect_nothing_new``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from crawlers.source_model import Source


class Plain:
    """A part of a source with its keys as attributes; as unchangeable as the part that it stands for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update({name: _plain(value) for name, value in values.items()})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name}: a source is not changed while it is crawled")

    def __eq__(self, other: object) -> bool:
        # Equal to the checked part that it stands for, too.
        dump = getattr(other, "model_dump", None)
        return dump is not None and self.model_dump() == dump(mode="json")

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.items()))

    def model_dump(self, mode: str = "json") -> dict[str, Any]:
        """As the part that it stands for would give it."""
        return {name: _dumped(value) for name, value in self.__dict__.items()}


class PlainSource(Plain):
    """A source; what it would compute of itself was computed where it was checked."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        super().__init__(packed["values"])
        self.__dict__["_told"] = packed

    def model_dump(self, mode: str = "json") -> dict[str, Any]:
        """See ``Plain``."""
        return dict(self.__dict__["_told"]["values"])

    def all_starts(self) -> tuple[str, ...]:
        """See ``SourceBase``."""
        return tuple(self.__dict__["_told"]["all_starts"])

    def secrets(self) -> tuple[str, ...]:
        """See ``SourceBase``."""
        return tuple(self.__dict__["_told"]["secrets"])

    def usual_requests(self) -> int:
        """See ``SourceBase``."""
        return int(self.__dict__["_told"]["usual_requests"])


def pack(source: Source) -> dict[str, Any]:
    """A checked source as JSON. ``rules``: a hash of all that it says, by which a change of it is seen."""
    values = source.model_dump(mode="json")
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return {
        "values": values,
        "all_starts": source.all_starts(),
        "secrets": source.secrets(),
        "usual_requests": source.usual_requests(),
        "rules": hashlib.sha256(text.encode()).hexdigest()[:16],
    }


def unpack(packed: Mapping[str, Any]) -> Source:
    """The source that ``pack`` packed."""
    return cast("Source", PlainSource(packed))


def _plain(value: Any) -> Any:
    # A source has no field that is a mapping: every mapping in it is a part.
    if isinstance(value, Mapping):
        return Plain(value)
    return tuple(_plain(one) for one in value) if isinstance(value, list | tuple) else value


def _dumped(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.model_dump()
    return [_dumped(one) for one in value] if isinstance(value, tuple) else value
