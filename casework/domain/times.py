"""Reading and writing of moments: RFC 3339 with an offset in, UTC inside, +08:00 out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from casework.domain.errors import DomainError

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one civil time of mainland China; without daylight saving since 1992, so a fixed offset is exact."""


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    _DAY.pattern
    + r"[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
"""RFC 3339, section 5.6; the seconds may be absent, the offset is asked for by name. The standard library reads more:
ISO week dates, offsets of seconds, digits without their signs."""


def parse_day(text: str) -> date:
    """Read a day, 2026-11-24. Raises DomainError for any other form and for a day that no calendar has."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise DomainError(f"not a day: {text[:40]!r}; write 2026-11-24")


def parse_time(text: object) -> datetime:
    """Read an RFC 3339 moment that carries its offset; the answer is in UTC.

    Raises DomainError where ``text`` is not a string, is no date and time of that form, or has no offset.
    """
    if not isinstance(text, str):
        raise DomainError(f"a time must be a string, found {type(text).__name__}")
    found = _MOMENT.fullmatch(text)
    if found is None:
        what = "a date without a time" if _DAY.fullmatch(text) else "not a date and time"
        raise DomainError(f"{what}: {text[:40]!r}; write 2026-11-24T09:00:00+08:00")
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise DomainError(f"not a date and time: {text[:40]!r}; write 2026-11-24T09:00:00+08:00") from None
    if found["offset"] is None:
        raise DomainError(f"a time without offset: {text[:40]!r}; write for example {text[:19]}+08:00")
    try:
        # A moment that cannot be shown in +08:00 is refused here, not where it would be shown.
        return moment.astimezone(SHANGHAI).astimezone(UTC)
    except OverflowError:
        raise DomainError(f"a time outside the calendar: {text[:40]!r}") from None


def show_time(moment: datetime) -> str:
    """The moment in +08:00, to the second (to the microsecond where it has any)."""
    return moment.astimezone(SHANGHAI).isoformat()


def store_time(moment: datetime) -> str:
    """The moment in UTC, in one fixed width, so that text order is time order."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def full_time(moment: datetime) -> str:
    """With the year, for what may lie long back: 2026-11-25 09:00."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def short_time(moment: datetime) -> str:
    """As a person reads it in Chinese: 11月25日 09:00."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


@lru_cache(maxsize=4)
def epoch_second(at: datetime) -> int:
    """Seconds since 1970, rounded down; one and the same number for one moment, whoever keeps it."""
    return int(at.timestamp())
