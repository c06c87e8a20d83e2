"""What a spider read → a post line of the contract. Personal data of the author's account never gets this far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from casework.domain.errors import InvalidPost
from casework.domain.post import COUNTS, FORBIDDEN_EXTRA, parse_post
from casework.domain.times import show_time
from crawlers.dates import Moment, read_time
from crawlers.text import clean

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=10)
"""How far a source's clock may run before ours; a later time is a mistake or a trick."""
_NEVER = FORBIDDEN_EXTRA | {
    "userid",
    "device",
    "source_name",
    "gender",
    "birthday",
    "followers_count",
    "phone",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row as the spider understood it.

    ``published`` is the time as the page writes it, or an aware datetime; ``reply`` has the contract's keys, its
    ``at`` again as written or aware.
    """

    native_id: str
    text: str
    published: str | datetime | None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    place: str | None = None
    labels: Mapping[str, str | None] = field(default_factory=dict)
    counts: Mapping[str, object] = field(default_factory=dict)
    reply: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    truncated: bool = False


class Refused(Exception):
    """A row that cannot become a post; ``args[0]`` is the reason, fit for the quarantine file."""


def to_post(item: Item, source: str, kind: str, now: datetime) -> dict[str, Any]:
    """The post line of an item. Raises Refused; no value that the source did not give is made up.

    A day without a time is 00:00 of that day and says so (``extra.time_shown`` = "day").
    """
    _check_types(item)
    published = _time(item.published, now, "published_at")
    extra = {key: value for key, value in item.extra.items() if value is not None and key not in _NEVER}
    if not published.precise:
        extra["time_shown"] = "day"
    line = {
        "source": source,
        "native_id": item.native_id,
        "kind": kind,
        "url": item.url,
        "title": _short(item.title),
        "text": clean(item.text),
        "published_at": show_time(published.at),
        "collected_at": show_time(now),
        "author": _short(item.author),
        "place": _short(item.place),
        "labels": {key: clean(value) for key, value in item.labels.items() if value},
        "counts": _counts(item.counts),
        "reply": _reply(item.reply, now),
        "extra": {key: clean(value) if isinstance(value, str) else value for key, value in extra.items()},
        "truncated": item.truncated,
    }
    try:
        return parse_post(line).to_json()
    except InvalidPost as error:
        raise Refused(str(error)) from None


def _check_types(item: Item) -> None:
    """A site may change what a field holds; the row is then put aside, not bent into shape. Raises Refused."""
    fields: dict[str, object] = {name: getattr(item, name) for name in ("title", "author", "place", "url")}
    fields |= {"native_id": item.native_id or "", "text": item.text if item.text is not None else 0}
    fields |= {f"labels.{name}": value for name, value in item.labels.items()}
    for name, value in (item.reply or {}).items():
        if not (name == "at" and isinstance(value, datetime)):
            fields[f"reply.{name}"] = value
    if not isinstance(item.published, datetime):
        fields["published_at"] = item.published
    for name, value in fields.items():
        if value is not None and not isinstance(value, str):
            raise Refused(f"{name}: a text is wanted, found {type(value).__name__}")


def to_line(post: Mapping[str, Any]) -> str:
    """The line as it is written to a file, without its line end."""
    return json.dumps(post, ensure_ascii=False, separators=(",", ":"))


def read_count(value: object) -> int | None:
    """A number as sites show it: 12, "3,456", "1.2万", "100万+". None where it is a word (转发, 赞) or missing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return int(value) if 0 <= value < 1e15 else None
    text = str(value).strip().replace(",", "").rstrip("+")
    factor = 1
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if text.endswith(unit):
            text, factor = text.removesuffix(unit), size
    try:
        number = float(text)
    except ValueError:
        return None
    return round(number * factor) if 0 <= number < 1e11 else None


def _counts(counts: Mapping[str, object]) -> dict[str, int]:
    read = {name: read_count(counts.get(name)) for name in COUNTS}
    return {name: number for name, number in read.items() if number is not None}


def _short(text: str | None) -> str | None:
    return clean(text).replace("\n", " ") or None if text else None


def _time(written: str | datetime | None, now: datetime, name: str) -> Moment:
    if written is None or written == "":
        raise Refused(f"{name}: the page gives no time")
    moment = Moment(written, True) if isinstance(written, datetime) else read_time(written, now)
    if moment is None:
        raise Refused(f"{name}: no time can be read from {str(written)[:40]!r}")
    if moment.at < EARLIEST:
        raise Refused(f"{name}: {show_time(moment.at)} lies before 1990")
    if moment.at > now + AHEAD:
        raise Refused(f"{name}: {show_time(moment.at)} lies in the future (now {show_time(now)})")
    return moment


def _reply(reply: Mapping[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    if reply is None or not any(reply.get(key) for key in ("text", "organisation")):
        return None
    return {
        "organisation": _short(reply.get("organisation")),
        "text": clean(reply.get("text") or "") or None,
        "at": _reply_time(reply.get("at"), now),
        "state": _short(reply.get("state")),
    }


def _reply_time(written: str | datetime | None, now: datetime) -> str | None:
    """The time of the answer; None where it is no time: the message weighs more than when it was answered."""
    try:
        return show_time(_time(written, now, "reply.at").at)
    except Refused:
        return None
