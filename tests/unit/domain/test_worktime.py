"""The calendars against the State Council's notices, written down here once more from the notices themselves."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from casework.config.load import load_office
from casework.domain.errors import MissingCalendar
from casework.domain.worktime import DEFAULT_HOURS, WorkTime

ROOT = Path(__file__).resolve().parents[3]
WORKTIME: WorkTime = load_office(ROOT / "config").worktime
# Per year: number, date; the spans named by the notice (first day, last day, days said); the days worked instead.
NOTICES = {
    2024: (
        ("国办发明电〔2023〕7号", "2023-10-25"),
        {
            "元旦": ("01-01", "01-01", 1),
            "春节": ("02-10", "02-17", 8),
            "清明节": ("04-04", "04-06", 3),
            "劳动节": ("05-01", "05-05", 5),
            "端午节": ("06-10", "06-10", 1),
            "中秋节": ("09-15", "09-17", 3),
            "国庆节": ("10-01", "10-07", 7),
        },
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        ("国办发明电〔2024〕12号", "2024-11-12"),
        {
            "元旦": ("01-01", "01-01", 1),
            "春节": ("01-28", "02-04", 8),
            "清明节": ("04-04", "04-06", 3),
            "劳动节": ("05-01", "05-05", 5),
            "端午节": ("05-31", "06-02", 3),
            "国庆节": ("10-01", "10-08", 8),  # with 中秋节, 10-06
        },
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        ("国办发明电〔2025〕7号", "2025-11-04"),
        {
            "元旦": ("01-01", "01-03", 3),
            "春节": ("02-15", "02-23", 9),
            "清明节": ("04-04", "04-06", 3),
            "劳动节": ("05-01", "05-05", 5),
            "端午节": ("06-19", "06-21", 3),
            "中秋节": ("09-25", "09-27", 3),
            "国庆节": ("10-01", "10-07", 7),
        },
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _all(year: int) -> list[date]:
    return _days(date(year, 1, 1), date(year, 12, 31))


def _off(year: int) -> dict[date, str]:
    found: dict[date, str] = {}
    for name, (first, last, said) in NOTICES[year][1].items():
        days = _days(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))
        assert len(days) == said, (year, name)
        found |= dict.fromkeys(days, name)
    if year == 2025:
        found[date(2025, 10, 6)] = "中秋节"
    return found


def _worked(year: int) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in NOTICES[year][2].split()}


def test_every_calendar_of_the_office_is_checked_here() -> None:
    assert set(WORKTIME.years) == set(NOTICES)


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_file_says_what_the_notice_says(year: int) -> None:
    calendar = WORKTIME.years[year]
    assert (calendar.notice, calendar.dated.isoformat()) == NOTICES[year][0]
    assert dict(calendar.off) == _off(year)
    assert calendar.workdays == _worked(year)


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_every_day_of_the_year_is_worked_or_off_with_its_reason(year: int) -> None:
    off, worked = _off(year), _worked(year)
    for day in _all(year):
        weekend = {5: "周六", 6: "周日"}.get(day.weekday(), "") if day not in worked else ""
        assert WORKTIME.why_off(day) == off.get(day, weekend), day
        assert WORKTIME.is_workday(day) == (not off.get(day, weekend)), day


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_a_make_up_day_is_a_weekend_day_and_no_holiday(year: int) -> None:
    assert _worked(year)
    assert all(day.weekday() >= 5 and day not in _off(year) for day in _worked(year))


def test_new_years_eve_2024_was_a_working_day() -> None:
    assert WORKTIME.is_workday(date(2024, 2, 9))
    assert WORKTIME.why_off(date(2024, 2, 10)) == "春节"


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_year_without_a_notice_names_the_file(day: date) -> None:
    with pytest.raises(MissingCalendar, match=rf"config/calendar/{day.year}\.yml") as caught:
        WORKTIME.is_workday(day)
    assert caught.value.year == day.year


def test_the_office_may_have_days_off_of_its_own() -> None:
    own = WorkTime(WORKTIME.years, DEFAULT_HOURS, {date(2026, 3, 4): "搬迁", date(2026, 2, 28): "停电"})
    assert own.why_off(date(2026, 3, 4)) == "搬迁"
    assert own.why_off(date(2026, 2, 28)) == "停电"
    assert own.is_workday(date(2026, 3, 5))


def test_the_default_office_works_seven_hours() -> None:
    assert WORKTIME.hours == ((time(9), time(12)), (time(13), time(17)))


def test_generated_calendars_are_what_the_generator_gives() -> None:
    chinese = pytest.importorskip("chinese_calendar")
    from pipeline.calendars import NOTICES as KNOWN
    from pipeline.calendars import text

    assert set(KNOWN) == set(NOTICES)
    for year in KNOWN:
        assert (ROOT / "config" / "calendar" / f"{year}.yml").read_text(encoding="utf-8") == text(year)
        assert [day for day in _all(year) if WORKTIME.is_workday(day) != chinese.is_workday(day)] == []
