"""A moment is read from RFC 3339 alone, whatever else the standard library would take."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casework.domain.errors import DomainError
from casework.domain.times import parse_day, parse_time, show_time

READ = [
    ("2026-02-17T08:00:00+08:00", datetime(2026, 2, 17, 0, 0, tzinfo=UTC)),
    ("2026-02-17T08:00+08:00", datetime(2026, 2, 17, 0, 0, tzinfo=UTC)),
    ("2026-02-17 08:00:00+08:00", datetime(2026, 2, 17, 0, 0, tzinfo=UTC)),
    ("2026-02-17t08:00:00z", datetime(2026, 2, 17, 8, 0, tzinfo=UTC)),
    ("2026-02-17T08:00:00.5Z", datetime(2026, 2, 17, 8, 0, 0, 500_000, tzinfo=UTC)),
    ("2026-02-17T08:00:00.123456789-00:00", datetime(2026, 2, 17, 8, 0, 0, 123_456, tzinfo=UTC)),
    ("2026-02-17T08:00:00-03:30", datetime(2026, 2, 17, 11, 30, tzinfo=UTC)),
    ("2026-02-17T08:00:00+23:59", datetime(2026, 2, 16, 8, 1, tzinfo=UTC)),
]
REFUSED = [
    "2026-W07-4T10:00:00+08:00",
    "2026-W07-4T10:00+08:00",
    "2026-02-17T08:00:00+08:00:30",
    "2026-02-17T08:00:00+08:00:30.5",
    "2026-02-17T08:00:00+08:75",
    "2026-02-17T08:00:00+24:00",
    "2026-02-17T08:00:00+0800",
    "2026-02-17T08:00:00+08",
    "2026-02-17T08:00:00 +08:00",
    "2026-02-17T08:00:00,5+08:00",
    "2026-02-17T08:00:00.+08:00",
    "2026-02-17T080000+08:00",
    "2026-02-17T08+08:00",
    "2026-02-17_08:00:00+08:00",
    "2026-02-17T08:00:00+08:00\n",
    " 2026-02-17T08:00:00+08:00",
    "２０２６-02-17T08:00:00+08:00",
    "20260217T080000Z",
    "2026-02-17",
    "2026-02-30T08:00:00Z",
    "2026-02-17T24:00:00Z",
    "",
]


@pytest.mark.parametrize(("text", "moment"), READ)
def test_rfc_3339_is_read(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_rfc_3339_is_refused_and_told_how_to_write_it(text: str) -> None:
    with pytest.raises(DomainError, match=r"write 2026-11-24T09:00:00\+08:00"):
        parse_time(text)


@pytest.mark.parametrize("text", ["2026-02-17T08:00:00", "2026-02-17T08:00", "2026-02-17 08:00:00.25"])
def test_a_time_without_offset_is_named_as_such(text: str) -> None:
    with pytest.raises(DomainError, match="without offset"):
        parse_time(text)


def test_what_is_shown_is_read_again() -> None:
    for text, moment in READ:
        assert parse_time(show_time(parse_time(text))) == moment


def test_a_day_is_read_in_one_form_only() -> None:
    assert parse_day("2026-02-17") == date(2026, 2, 17)
    for text in ("2026-W07-4", "20260217", "2026-2-17", "2026-02-30", "２０２６-02-17", "2026-02-17T00:00", ""):
        with pytest.raises(DomainError, match="write 2026-11-24"):
            parse_day(text)
