"""An event: posts that speak of one matter. Its id derives from its first post, so two openers cannot make two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from casework.domain.heat import fade


@dataclass(frozen=True, slots=True)
class Event:
    """A matter. ``posts`` are ids in the order of joining; the first is the root.

    ``heat`` is the heat at ``last_at`` (``casework.domain.heat``). ``case`` is the id of its present case, if any.
    """

    id: str
    title: str
    posts: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    heat: float = 0.0
    case: str | None = None

    @property
    def root(self) -> str:
        """The first post's id."""
        return self.posts[0]

    def joined(self, post: str, at: datetime, weight: float) -> Event:
        """This event with one more post of ``weight`` (its heat when new); unchanged when the post is in it already.

        Fading is exponential, so the sum over all posts can be kept as one number at one moment.
        """
        if post in self.posts:
            return self
        first, last = min(self.first_at, at), max(self.last_at, at)
        heat = round(fade(self.heat, self.last_at, last) + fade(weight, at, last), 6)
        return replace(self, posts=(*self.posts, post), first_at=first, last_at=last, heat=heat)

    def heat_at(self, now: datetime) -> float:
        """Heat at ``now``."""
        return round(fade(self.heat, self.last_at, now), 4)


def event_id(root: str) -> str:
    """The id of the event whose first post is ``root``."""
    return f"event:{root}"


def case_id(root: str) -> str:
    """The id of the case of the event whose first post is ``root``."""
    return f"case:{root}"


def roots(events: Iterable[Event]) -> dict[str, str]:
    """Post id → root post id over ``events``."""
    return {post: event.root for event in events for post in event.posts}
