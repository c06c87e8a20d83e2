from __future__ import annotations

from datetime import datetime

import pytest

from crawlers.dates import from_epoch, read_time

FORMS = [
    ("Tue Nov 24 02:44:21 +0800 2026", "2026-11-24T02:44:21+08:00"),
    ("2026-11-24T02:44:21+08:00", "2026-11-24T02:44:21+08:00"),
    ("2026-11-23T18:44:21Z", "2026-11-23T18:44:21+00:00"),
    ("2026-11-23T18:44:21.123+00:00", "2026-11-23T18:44:21+00:00"),
    ("2022-08-11 14:21", "2022-08-11T14:21:00+08:00"),
    ("2026-11-23-09:37:43", "2026-11-23T09:37:43+08:00"),
    ("2019/2/28 11:25:05", "2019-02-28T11:25:05+08:00"),
    ("时间：2020-04-15 19:48 来源：示例", "2020-04-15T19:48:00+08:00"),
    ("2026年11月23日08:30", "2026-11-23T08:30:00+08:00"),
    ("2026年11月23日 08时30分", "2026-11-23T08:30:00+08:00"),
    ("2026年11月23日 星期一 下午 3:05", "2026-11-23T15:05:00+08:00"),
    ("发表于 2013-12-17 13:18:16", "2013-12-17T13:18:16+08:00"),
    ("２０２６－１１－２３　０８：３０", "2026-11-23T08:30:00+08:00"),
    ("11月23日 18:05", "2026-11-23T18:05:00+08:00"),
    ("12-30 08:00", "2025-12-30T08:00:00+08:00"),
    ("26-11-23 02:44", "2026-11-23T02:44:00+08:00"),
    ("Tue, 24 Nov 2026 08:30:00 +0800", "2026-11-24T08:30:00+08:00"),
    ("Tue, 24 Nov 2026 00:30:00 GMT", "2026-11-24T00:30:00+00:00"),
    ("Tue, 24 Nov 2026 08:30:00 CST", "2026-11-24T08:30:00+08:00"),
    ("24 Nov 2026 08:30 GMT+8", "2026-11-24T08:30:00+08:00"),
    ("Tue, 24-Nov-2026 08:30:00", "2026-11-24T08:30:00+08:00"),
    ("刚刚", "2026-11-24T11:00:00+08:00"),
    ("5分钟前", "2026-11-24T10:55:00+08:00"),
    ("3小时前", "2026-11-24T08:00:00+08:00"),
    ("今天 09:12", "2026-11-24T09:12:00+08:00"),
    ("昨天 23:59", "2026-11-23T23:59:00+08:00"),
]
DAYS = [
    ("2026-11-23", "2026-11-23"),
    ("2026.11.3", "2026-11-03"),
    ("二〇二六年十一月二十三日", "2026-11-23"),
    ("11-23", "2026-11-23"),
    ("20261123", "2026-11-23"),
    ("2天前", "2026-11-22"),
]
UNREADABLE = ["", "昨", "不详", "2026-13-40 10:00", "2026-02-30", "12345", "8:30", "1970", "０"]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_a_time_is_read_as_written_and_without_offset_is_chinas(text: str, expected: str, now: datetime) -> None:
    moment = read_time(text, now)
    assert moment is not None
    assert moment.precise
    assert moment.at == datetime.fromisoformat(expected)
    assert moment.at.utcoffset() is not None


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_a_day_alone_says_that_it_is_one(text: str, expected: str, now: datetime) -> None:
    moment = read_time(text, now)
    assert moment is not None
    assert not moment.precise
    assert moment.at.isoformat() == f"{expected}T00:00:00+08:00"


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_not_guessed(text: str, now: datetime) -> None:
    assert read_time(text, now) is None


def test_with_whole_nothing_else_may_stand_beside_the_time(now: datetime) -> None:
    assert read_time("2026-11-23 08:30", now, whole=True) is not None
    assert read_time("电话 2026-11-23 08:30", now, whole=True) is None


def test_unix_seconds_and_milliseconds() -> None:
    expected = datetime.fromisoformat("2021-01-01T08:00:00+08:00")
    assert from_epoch(1609459200) == from_epoch("1609459200") == from_epoch(1609459200000) == expected
    assert [from_epoch(value) for value in (None, "", 0, -5, True, "abc", 10**15)] == [None] * 7
