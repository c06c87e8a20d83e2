"""What a list was found to be, whatever its form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

FEWEST = 3
"""A list has at least so many entries; fewer links that are alike are no list."""
_SECTIONS = ("gov.cn", "com.cn", "org.cn", "net.cn", "edu.cn")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a list: the address it leads to, its text, on a page its element."""

    url: str
    text: str
    node: Any = None


@dataclass(frozen=True, slots=True)
class ListProposal:
    """A list with the rules that read it. ``links`` in its order; ``dated`` of them have a readable date."""

    shape: str
    links: tuple[Link, ...]
    rules: Mapping[str, Any]
    """What stands under ``list:`` in source.yml."""
    native_id: str | None
    dated: int
    paging: Mapping[str, str] = field(default_factory=dict)
    agreement: float = 1.0
    """How well the entry selector agrees with the entries that were found (1: the same elements)."""
    maps: tuple[str, ...] = ()
    """For the index of sitemaps: its maps, the newest first; it then has no links."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts of the articles, the commonest first."""
        counted = Counter(urlsplit(item.url).hostname or "" for item in self.links)
        return tuple(host for host, _ in counted.most_common())


def of_same_site(url: str, base: str) -> bool:
    """Whether two addresses belong to one site: the last two parts of the host, three below gov.cn and its like."""
    try:
        one, other = urlsplit(url), urlsplit(base)
        return one.scheme in ("http", "https") and _site(one.hostname or "") == _site(other.hostname or "")
    except ValueError:
        return False


def _site(host: str) -> str:
    parts = host.split(".")
    return ".".join(parts[-3:] if ".".join(parts[-2:]) in _SECTIONS else parts[-2:])
