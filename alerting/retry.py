"""When a notice that did not get through is tried again, and when its second channel takes over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain.notice import Delivery

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
"""Wait after the first, second, … failed try: under 20 minutes in all, since duties run by the hour."""
MAX_ATTEMPTS = len(BACK_OFF) + 1
LONGEST = timedelta(hours=1)
"""What the other side may ask us to wait; longer than that, the notice is late rather than polite."""


def next_attempt(attempts: int, now: datetime, retry_after: float | None = None) -> datetime | None:
    """The moment of the next try after ``attempts`` failed ones on one channel; None when none is left.

    ``retry_after``: seconds that the other side asked for; the later of it and the table, at most LONGEST.
    Raises ValueError for ``attempts`` below 1 or a ``now`` without offset.
    """
    if attempts < 1:
        raise ValueError(f"attempts: {attempts}; at least one try must have failed")
    if now.tzinfo is None:
        raise ValueError("now: a time without offset")
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = BACK_OFF[attempts - 1]
    if retry_after is not None and retry_after > wait.total_seconds():
        wait = timedelta(seconds=min(retry_after, LONGEST.total_seconds()))
    return now + wait


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a failed try. ``at`` None: nothing is left to try, the notice has failed.

    ``attempts`` is the notice's new count; ``channel_of`` reads from it which channel is next.
    """

    attempts: int
    at: datetime | None


def channel_of(attempts: int) -> int:
    """Which channel the next try uses: 0 the first, 1 the second, 2 none is left.

    ``attempts`` counts over both channels: the first has 0 … MAX_ATTEMPTS-1, the second as many more.
    """
    return min(attempts // MAX_ATTEMPTS, 2)


def after_failure(attempts: int, delivery: Delivery, now: datetime, second: bool) -> Next:
    """The step after a try failed that was made when ``attempts`` had failed before.

    A final refusal goes to the second channel at once, as does the last try of the first; without a
    ``second``, or after its own last try, nothing is left.
    """
    channel, tried = channel_of(attempts), attempts % MAX_ATTEMPTS + 1
    if delivery.retry and channel < 2:
        at = next_attempt(tried, now, delivery.retry_after)
        if at is not None:
            return Next(attempts + 1, at)
    # A count above both tables comes from a time when they were longer: given up, not an error.
    used_up = max((channel + 1) * MAX_ATTEMPTS, attempts)
    return Next(used_up, now if second and channel == 0 else None)
