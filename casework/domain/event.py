"""An event: posts that speak of one matter. Its id derives from its first post, so two openers cannot make two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """A matter. ``posts`` are ids in the order (published_at, id) of joining; the first is the root."""

    id: str
    title: str
    posts: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    heat: float = 0.0

    @property
    def root(self) -> str:
        """The first post's id."""
        return self.posts[0]

    def joined(self, post: str, at: datetime, heat: float) -> Event:
        """This event with one more post; unchanged when the post is in it already."""
        if post in self.posts:
            return self
        first, last = min(self.first_at, at), max(self.last_at, at)
        return replace(self, posts=(*self.posts, post), first_at=first, last_at=last, heat=heat)


def event_id(root: str) -> str:
    """The id of the event whose first post is ``root``."""
    return f"event:{root}"


def case_id(root: str) -> str:
    """The id of the case of the event whose first post is ``root``."""
    return f"case:{root}"


def roots(events: Iterable[Event]) -> dict[str, str]:
    """Post id → root post id over ``events``."""
    return {post: event.root for event in events for post in event.posts}
