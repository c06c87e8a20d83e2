"""What a replica site is: it gets what was asked and gives an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from casework.domain.times import SHANGHAI

Post = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; ``host`` is the site's own (from X-Forwarded-Host), ``form`` the decoded body.

    ``key`` is the Authorization header.
    """

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; ``content_type`` is sent as it is, also where it lies."""

    body: bytes
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Answer("<html><body>页面找不到了！</body></html>".encode(), status=404)


class Site(Protocol):
    """One site. ``source`` is the id of the source that reads it."""

    source: str
    hosts: tuple[str, ...]

    def answer(self, ask: Ask) -> Answer:
        """Answer a request; NOT_FOUND for an address the site does not have."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as it was saved: its bytes are served untouched."""

    name: str
    body: bytes
    content_type: str = "text/html"


def saved_pages(folder: Path, pattern: str = "**/*.html") -> list[SavedPage]:
    """The pages of a folder in the order of their paths. Raises OSError where one cannot be read."""
    files = sorted(folder.glob(pattern))
    return [SavedPage(file.relative_to(folder).as_posix(), file.read_bytes()) for file in files]


def moment(post: Post) -> datetime:
    """The post's time in +08:00."""
    return datetime.fromisoformat(post["published_at"]).astimezone(SHANGHAI)


def newest_first(posts: list[Post]) -> list[Post]:
    """By time, then by id, the newest first."""
    return sorted(posts, key=lambda post: (moment(post), post["native_id"]), reverse=True)


def number(post: Post) -> int:
    """The native id as the number that the site uses. Raises ValueError naming the post."""
    if not str(post["native_id"]).isdigit():
        raise ValueError(f"{post['source']}:{post['native_id']}: this site numbers its posts; the id must be digits")
    return int(post["native_id"])
