"""A post: one thing somebody said, as a source shows it. The form is the contract's ``A post`` table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casework.domain.errors import DomainError, InvalidPost
from casework.domain.times import parse_time, show_time

KINDS = ("news", "weibo", "message", "hotline")
COUNTS = ("views", "likes", "reposts", "comments")
REVISED_BY = ("title", "text", "published_at", "place", "labels", "reply", "truncated")
"""Fields whose change makes a new revision; a change of any other keeps the newest and is ``seen``."""
DELETED_AT, DELETED_AS = "deleted_at", "deleted_as"
"""Keys of ``extra`` in a line that says only that the source shows the post no longer: since when, and the sign of it.
Such a line marks a known post and changes nothing else of it; a later look that finds the post takes the mark away."""
WAS_DELETED = "was_deleted"
"""Key of ``extra`` for the times in which a post was away and is there again: ``FROM/TO; FROM/TO`` (RFC 3339)."""
_MOST_ABSENCES = 20
ID_LIMIT = 500
"""Bytes of an id; Elasticsearch takes 512."""
LARGEST = 2**63 - 1
"""Of whole numbers: what every store can keep."""
FORBIDDEN_EXTRA = frozenset({"user_id", "uid", "ip", "device", "followers", "gender", "birthday"})
"""Personal data that a spider has to drop (contract, ``extra``): a line that carries one is refused."""

_KEYS = frozenset(
    (
        *("source", "native_id", "kind", "url", "title", "text", "published_at", "collected_at"),
        *("author", "place", "labels", "counts", "reply", "extra", "truncated"),
    )
)
_REQUIRED = ("source", "native_id", "kind", "text", "published_at", "collected_at")
_REPLY_KEYS = frozenset({"organisation", "text", "at", "state"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An official answer that the source shows under the post."""

    organisation: str | None = None
    text: str | None = None
    at: datetime | None = None
    state: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's ``reply`` object."""
        at = show_time(self.at) if self.at else None
        return {"organisation": self.organisation, "text": self.text, "at": at, "state": self.state}


@dataclass(frozen=True, slots=True)
class Post:
    """One post. Times are aware; ``text`` may be empty; ``author`` is restricted."""

    source: str
    native_id: str
    kind: str
    text: str
    published_at: datetime
    collected_at: datetime
    url: str | None = None
    title: str | None = None
    author: str | None = None
    place: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    reply: Reply | None = None
    extra: Mapping[str, str | int | float] = field(default_factory=dict)
    truncated: bool = False

    @property
    def id(self) -> str:
        """``source`` + ":" + ``native_id``: collecting twice changes nothing."""
        return f"{self.source}:{self.native_id}"

    @property
    def deleted_at(self) -> str | None:
        """Since when the source is known to show the post no longer (RFC 3339); None while it does."""
        at = self.extra.get(DELETED_AT)
        return str(at) if at else None

    def changed_fields(self, newer: Post) -> tuple[str, ...]:
        """Names of the fields that make ``newer`` a new revision of this post; empty when it is only seen."""
        if newer.deleted_at is not None:
            return ()
        return tuple(name for name in REVISED_BY if getattr(self, name) != getattr(newer, name))

    def refreshed(self, newer: Post) -> Post:
        """This revision with the counts, extra and time of a newer look that changed nothing else.

        An older look than the one held changes nothing: files may be loaded in any order.
        """
        if newer.collected_at < self.collected_at:
            return self
        if newer.deleted_at is not None:
            # Since when it is away is what the first look that missed it said.
            marks = {key: value for key, value in self.extra.items() if key in (DELETED_AT, DELETED_AS)}
            return replace(self, extra={**self.extra, **newer.extra, **marks}, collected_at=newer.collected_at)
        unmarked = {key: value for key, value in self.extra.items() if key not in (DELETED_AT, DELETED_AS)}
        return replace(
            self,
            url=newer.url or self.url,
            counts=newer.counts or self.counts,
            extra={**(newer.extra or unmarked), **self._absences(newer.collected_at)},
            collected_at=newer.collected_at,
        )

    def revised(self, newer: Post) -> Post:
        """``newer`` as the next revision of this post: with what is known of the times in which it was away."""
        return replace(newer, extra={**newer.extra, **self._absences(newer.collected_at)})

    def _absences(self, back_at: datetime) -> dict[str, str]:
        """``extra`` of the times in which the post was away, where it is there at ``back_at``."""
        ended = f"{self.deleted_at}/{show_time(back_at)}" if self.deleted_at is not None else ""
        spans = [span for span in (*str(self.extra.get(WAS_DELETED) or "").split("; "), ended) if span]
        return {WAS_DELETED: "; ".join(spans[-_MOST_ABSENCES:])} if spans else {}

    def to_json(self) -> dict[str, Any]:
        """The post as a line of the contract, every key present, times in +08:00."""
        return {
            "source": self.source,
            "native_id": self.native_id,
            "kind": self.kind,
            "url": self.url,
            "title": self.title,
            "text": self.text,
            "published_at": show_time(self.published_at),
            "collected_at": show_time(self.collected_at),
            "author": self.author,
            "place": self.place,
            "labels": dict(self.labels),
            "counts": dict(self.counts),
            "reply": self.reply.to_json() if self.reply else None,
            "extra": dict(self.extra),
            "truncated": self.truncated,
        }


def parse_post_line(line: str | bytes) -> Post:
    """Read one line of a post file. Raises InvalidPost with the reason; never guesses a missing value."""
    if isinstance(line, bytes):
        try:
            line = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidPost(f"not UTF-8 at byte {error.start}") from None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidPost(f"not JSON: {error}") from None
    # Bytes that are UTF-8 hold no lone surrogate; only an escape can make one.
    if "\\u" in line and "\\ud" in line.lower():
        check_storable("", value)
    return _parsed(value)


def parse_post(value: object, kept: bool = False) -> Post:
    """A Post from the contract's JSON object. Raises InvalidPost.

    ``kept``: read back from a store, where its id was settled before a colon in ``source`` was refused.
    """
    check_storable("", value)
    return _parsed(value, kept)


def _parsed(value: object, kept: bool = False) -> Post:
    if not isinstance(value, dict):
        raise InvalidPost(f"not a JSON object but {_type_name(value)}")
    unknown = value.keys() - _KEYS
    if unknown:
        raise InvalidPost(f"unknown key {sorted(map(str, unknown))[0]!r}")
    for name in _REQUIRED:
        if name not in value:
            raise InvalidPost(f"missing key {name!r}")
    if value["kind"] not in KINDS:
        raise InvalidPost(f"kind: {str(value['kind'])[:40]!r} is none of {', '.join(KINDS)}")
    source, native_id = _text(value, "source", empty=False), _text(value, "native_id", empty=False)
    if ":" in source and not kept:
        raise InvalidPost(f"source: {source[:40]!r} holds a colon, which parts source and native_id in an id")
    if len(f"{source}:{native_id}".encode()) > ID_LIMIT:
        raise InvalidPost(f"native_id: source and native_id together are longer than {ID_LIMIT} bytes")
    return Post(
        source=source,
        native_id=native_id,
        kind=value["kind"],
        text=_text(value, "text"),
        published_at=_time(value, "published_at"),
        collected_at=_time(value, "collected_at"),
        url=_optional(value, "url"),
        title=_optional(value, "title"),
        author=_optional(value, "author"),
        place=_optional(value, "place"),
        labels=_flat(value, "labels", (str,)),
        counts=_counts(value),
        reply=_reply(value.get("reply")),
        extra=_extra(value),
        truncated=_bool(value, "truncated"),
    )


def _type_name(value: object) -> str:
    names = {type(None): "null", bool: "true/false", int: "number", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _text(value: Mapping[str, Any], name: str, empty: bool = True) -> str:
    text = value[name]
    if not isinstance(text, str):
        raise InvalidPost(f"{name}: a string is wanted, found {_type_name(text)}")
    if not text and not empty:
        raise InvalidPost(f"{name}: must not be empty")
    return text


def check_storable(place: str, value: object) -> None:
    """Refuse a lone surrogate: it parses as JSON but nothing can write it as UTF-8. Raises InvalidPost."""
    if isinstance(value, dict):
        for key, item in value.items():
            check_storable(f"{place}: a key" if place else "a key", key)
            check_storable(f"{place}.{key}" if place else str(key), item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            check_storable(f"{place}[{number}]", item)
    elif isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidPost(f"{place}: half a surrogate pair at character {error.start}") from None


def _optional(value: Mapping[str, Any], name: str) -> str | None:
    if value.get(name) is None:
        return None
    return _text(value, name)


def _time(value: Mapping[str, Any], name: str) -> datetime:
    try:
        return parse_time(value[name])
    except DomainError as error:
        raise InvalidPost(f"{name}: {error}") from None


def _bool(value: Mapping[str, Any], name: str) -> bool:
    flag = value.get(name, False)
    if not isinstance(flag, bool):
        raise InvalidPost(f"{name}: true or false is wanted, found {_type_name(flag)}")
    return flag


def _flat(value: Mapping[str, Any], name: str, types: tuple[type, ...]) -> dict[str, Any]:
    found = value.get(name, {})
    if not isinstance(found, dict):
        raise InvalidPost(f"{name}: an object is wanted, found {_type_name(found)}")
    for key, item in found.items():
        if not isinstance(item, types) or isinstance(item, bool):
            raise InvalidPost(f"{name}.{key}: found {_type_name(item)}")
        if isinstance(item, float) and (item != item or item in (float("inf"), float("-inf"))):
            raise InvalidPost(f"{name}.{key}: not a finite number")
        if isinstance(item, int) and abs(item) > LARGEST:
            raise InvalidPost(f"{name}.{key}: larger than {LARGEST}")
    return found


def _counts(value: Mapping[str, Any]) -> dict[str, int]:
    found = _flat(value, "counts", (int, float))
    for key, number in found.items():
        if key not in COUNTS:
            raise InvalidPost(f"counts: unknown key {key!r}; known: {', '.join(COUNTS)}")
        if number < 0:
            raise InvalidPost(f"counts.{key}: below 0")
        if number > LARGEST:
            raise InvalidPost(f"counts.{key}: larger than {LARGEST}")
    return {key: int(number) for key, number in found.items()}


def _extra(value: Mapping[str, Any]) -> dict[str, str | int | float]:
    found = _flat(value, "extra", (str, int, float))
    personal = FORBIDDEN_EXTRA.intersection(found)
    if personal:
        raise InvalidPost(f"extra.{sorted(personal)[0]}: personal data that a source's reader has to drop")
    return found


def _reply(value: object) -> Reply | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise InvalidPost(f"reply: an object or null is wanted, found {_type_name(value)}")
    unknown = value.keys() - _REPLY_KEYS
    if unknown:
        raise InvalidPost(f"reply: unknown key {sorted(unknown)[0]!r}")
    at = None if value.get("at") is None else _time(value, "at")
    organisation, text, state = (_optional(value, name) for name in ("organisation", "text", "state"))
    return Reply(organisation, text, at, state)
