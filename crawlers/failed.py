"""Pages of posts that did not come, kept with their address: later runs ask again, ever more seldom.

That a list no longer shows a post, or shows it on a page that no run walks any more, then loses nothing. Kept in the
source's memory under ``failed``: id → [address, what the list showed, failures so far, second of the first failure,
second from which it is asked again].
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from crawlers.state import Seen

AT_ONCE = 20
"""Pages that one run asks for again: a site whose pages fail is not to be asked for all of them by every run."""
GIVEN_UP = timedelta(days=30)
_SECOND_PAUSE, _LONGEST_PAUSE = timedelta(hours=1), timedelta(days=7)
_DOUBLINGS = 12


class Waiting(NamedTuple):
    """A post whose page is to be asked for again; ``shown``: what its list showed of it."""

    native_id: str
    url: str
    shown: str | None


def note(seen: Seen, native_id: str, url: str, shown: str | None, now: datetime) -> bool:
    """Note that a page did not come. False where it has not for ``GIVEN_UP``: it is then forgotten.

    The next run asks again, then the pause is an hour, and twice as long each time, at most a week.
    """
    second = int(now.timestamp())
    _, _, times, first, _ = seen.kept("failed", native_id) or (url, shown, 0, second, second)
    if second - first > GIVEN_UP.total_seconds():
        seen.keep("failed", native_id, None)
        return False
    pause = min(_SECOND_PAUSE * 2 ** min(times - 1, _DOUBLINGS), _LONGEST_PAUSE) if times else timedelta(0)
    seen.keep("failed", native_id, [url, shown, times + 1, first, second + int(pause.total_seconds())])
    return True


def put_off(seen: Seen, native_id: str, url: str, now: datetime) -> None:
    """Ask for a page again only after ``GIVEN_UP``: reading it is what failed, and would fail again."""
    second = int(now.timestamp())
    seen.keep("failed", native_id, [url, None, 1, second, second + int(GIVEN_UP.total_seconds())])


def waits(seen: Seen, native_id: str, now: datetime) -> bool:
    """True where the page failed and its pause is not over."""
    held = seen.kept("failed", native_id)
    return held is not None and int(held[4]) > now.timestamp()


def due(seen: Seen, now: datetime) -> list[Waiting]:
    """What this run asks for again; what waits longest comes first."""
    second = int(now.timestamp())
    ready = [(held[4], native_id, held) for native_id, held in seen.all_kept("failed").items() if held[4] <= second]
    return [Waiting(native_id, held[0], held[1]) for _, native_id, held in sorted(ready)[:AT_ONCE]]
