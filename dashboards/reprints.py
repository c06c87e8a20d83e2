"""Posts of a case as they are read: a reprint is a line under its text, with the site it stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from casework.records import PostRecord


@dataclass(frozen=True, slots=True)
class Reprint:
    """Where and when a text stands again. ``url`` is None where it is no web address."""

    id: str
    site: str
    at: datetime
    url: str | None


@dataclass(slots=True)
class Told:
    """A post that is shown, and its reprints by time."""

    record: PostRecord
    reprints: list[Reprint] = field(default_factory=list)

    def sites(self) -> list[tuple[str, int]]:
        """(site, how many reprints), the most first, then by name."""
        return sorted(Counter(reprint.site for reprint in self.reprints).items(), key=lambda pair: (-pair[1], pair[0]))


def fold(records: Iterable[PostRecord]) -> list[Told]:
    """The posts in their order, without the reprints of those that stand among them."""
    kept = {record.post.id: record for record in records}
    told = {id_: Told(record) for id_, record in kept.items() if record.reprint_of not in kept}
    for record in kept.values():
        original = told.get(record.reprint_of or "")
        if original is not None:
            post = record.post
            original.reprints.append(Reprint(post.id, site(record), post.published_at, web_address(post.url)))
    for one in told.values():
        one.reprints.sort(key=lambda reprint: (reprint.at, reprint.id))
    return list(told.values())


def web_address(url: str | None) -> str | None:
    """The address where it is one that a browser may be given."""
    return url if url and url.startswith(("http://", "https://")) else None


def site(record: PostRecord) -> str:
    """The host that shows the post; its source's id where there is no address."""
    try:
        host = urlsplit(web_address(record.post.url) or "").hostname
    except ValueError:
        host = None
    return host or record.post.source
