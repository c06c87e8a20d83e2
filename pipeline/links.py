"""Signed links by which a recipient acknowledges one notice: made by telling, read by the page.

The link holds the case, a fingerprint of the notice and the moment, signed with the office's key (``itsdangerous``,
HMAC): nobody can make one, change one, or use one for another notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

SALT = "acknowledge"
LONGEST = 2_000
"""Characters of a link's own part; longer ones are nobody's."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link says."""

    case: str
    mark: str
    made_at: datetime

    def names(self, key: str) -> bool:
        """Whether the link is of the notice with this key."""
        return _mark(key) == self.mark

    def over(self, now: datetime, hours: int) -> bool:
        """Whether its time is over."""
        return now > self.made_at + timedelta(hours=hours)


def link(base: str, secret: str, now: Callable[[], datetime], case: str, key: str) -> str:
    """The link of a notice."""
    token = URLSafeSerializer(secret, salt=SALT).dumps([case, _mark(key), int(now().timestamp())])
    return f"{base}/ack/{token if isinstance(token, str) else token.decode()}"


def read(secret: str, token: str) -> Claim | None:
    """What a link says; None for one that we did not make."""
    if len(token) > LONGEST:
        return None
    try:
        case, mark, seconds = URLSafeSerializer(secret, salt=SALT).loads(token)
        return Claim(str(case), str(mark), datetime.fromtimestamp(int(seconds), UTC))
    except (BadData, ValueError, TypeError, OverflowError, OSError):
        return None


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
