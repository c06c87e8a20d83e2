"""值班: quiet hours, who is on duty, holes and overlaps of a roster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from casework.domain.duty import DutyRoster, Person, Quiet, Watch, faults, off_spans
from casework.domain.times import parse_time
from casework.domain.worktime import WorkTime, YearCalendar

SPRING = {date(2026, 2, day): "春节" for day in range(15, 24)}
WORKTIME = WorkTime({2026: YearCalendar(2026, "test", date(2025, 11, 4), SPRING, frozenset({date(2026, 2, 14)}))})


def at(text: str) -> datetime:
    return parse_time(f"2026-{text}:00+08:00")


def watch(begin: str, end: str, name: str = "王某", department: str | None = None) -> Watch:
    return Watch(at(begin), at(end), Person(name, "0371-0000000"), Person(f"{name}的带班领导"), department)


@pytest.mark.parametrize(
    ("begin", "end", "now", "until"),
    [
        ("22:00", "07:00", "03-02T21:59", None),
        ("22:00", "07:00", "03-02T22:00", "03-03T07:00"),
        ("22:00", "07:00", "03-03T00:00", "03-03T07:00"),
        ("22:00", "07:00", "03-03T07:00", None),
        ("00:00", "06:30", "03-03T06:29", "03-03T06:30"),
        ("12:00", "14:00", "03-03T13:00", "03-03T14:00"),
        ("12:00", "14:00", "03-03T11:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning(begin: str, end: str, now: str, until: str | None) -> None:
    quiet = Quiet(time.fromisoformat(begin), time.fromisoformat(end))
    assert quiet.until(at(now)) == (at(until) if until else None)


def test_days_off_and_make_up_days() -> None:
    spans = list(off_spans(at("02-13T00:00"), at("02-25T00:00"), "days_off", WORKTIME))
    # The make-up Saturday the 14th is worked, the 15th to the 23rd are off.
    assert (spans[0][0], spans[-1][1], len(spans)) == (at("02-15T00:00"), at("02-24T00:00"), 9)


def test_outside_working_hours_are_nights_lunch_and_days_off() -> None:
    spans = list(off_spans(at("02-13T00:00"), at("02-14T00:00"), "outside_hours", WORKTIME))
    assert spans == [
        (at("02-13T00:00"), at("02-13T09:00")),
        (at("02-13T12:00"), at("02-13T13:00")),
        (at("02-13T17:00"), at("02-14T00:00")),
    ]


def test_a_year_without_a_notice_has_plain_weeks() -> None:
    saturday = parse_time("2027-03-06T00:00:00+08:00")
    assert list(off_spans(saturday, saturday + timedelta(hours=1), "days_off", WORKTIME))


def test_the_watch_of_the_department_comes_before_that_of_all_and_only_on_days_off() -> None:
    roster = DutyRoster((watch("02-13T08:00", "02-20T08:00"), watch("02-16T08:00", "02-17T08:00", "李某", "housing")))
    told = roster.watch("housing", at("02-16T20:00"), WORKTIME)
    assert told is not None
    assert (told.of("head").name, told.of("principal").name) == ("李某", "李某的带班领导")
    assert replace(told, leader=None).of("principal").name == "李某"
    everybody = roster.watch("housing", at("02-17T20:00"), WORKTIME)
    assert everybody is not None
    assert everybody.person.name == "王某"
    assert roster.watch("housing", at("02-13T20:00"), WORKTIME) is None
    assert roster.watch("housing", at("02-21T20:00"), WORKTIME) is None
    assert roster.watch("news", at("02-17T20:00"), WORKTIME, own=True) is None


def test_a_hole_counts_where_somebody_has_to_be_there() -> None:
    night = [watch("02-13T17:00", "02-14T08:00"), watch("02-14T20:00", "02-15T08:00")]
    # In between lies a day that is worked.
    assert list(faults(night, "days_off", WORKTIME)) == []
    holes = [fault.found for fault in faults(night, "outside_hours", WORKTIME)]
    assert holes == [
        f"nobody is on duty from 2026-02-14 {begin} to 2026-02-14 {end}, after watches[0]"
        for begin, end in (("08:00", "09:00"), ("12:00", "13:00"), ("17:00", "20:00"))
    ]


def test_watches_of_different_departments_do_not_overlap() -> None:
    alike = [watch("02-15T08:00", "02-16T08:00"), watch("02-15T08:00", "02-16T08:00", "李某", "housing")]
    assert list(faults(alike, "days_off", WORKTIME)) == []
    (twice,) = faults([alike[0], replace(alike[0], person=Person("张某"))], "days_off", WORKTIME)
    assert twice.found == "overlaps with watches[0] from 2026-02-15 08:00 to 2026-02-16 08:00"


def test_a_watch_inside_another_hides_no_hole() -> None:
    rows = [
        watch("02-15T08:00", "02-18T08:00"),
        watch("02-16T08:00", "02-17T08:00"),
        watch("02-18T10:00", "02-19T08:00"),
    ]
    told = [fault.found for fault in faults(rows, "days_off", WORKTIME)]
    assert len(told) == 2
    assert "nobody is on duty from 2026-02-18 08:00 to 2026-02-18 10:00, after watches[0]" in told[1]
