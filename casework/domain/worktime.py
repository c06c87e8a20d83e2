"""Working days and working hours of an office: the State Council's yearly notices and the office's own hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Any

from casework.domain.errors import MissingCalendar

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
Hours = tuple[tuple[time, time], ...]
DEFAULT_HOURS: Hours = ((time(9), time(12)), (time(13), time(17)))


@dataclass(frozen=True)
class YearCalendar:
    """One year's notice. ``off``: days off by the notice with the holiday's name; ``workdays``: make-up days (调休)."""

    year: int
    notice: str
    dated: date
    off: Mapping[date, str]
    workdays: frozenset[date]


@dataclass(frozen=True)
class WorkTime:
    """Calendars by year, working hours of a day (in +08:00), and the office's own days off."""

    years: Mapping[int, YearCalendar]
    hours: Hours = DEFAULT_HOURS
    days_off: Mapping[date, str] = field(default_factory=dict)
    assume_weekdays: bool = False
    """Whether a year without a notice is taken to have plain weeks, where a bound is wanted and not a limit."""
    assume_worked: bool = False
    """Whether every day of such a year is taken to be worked: no notice can make a limit end sooner."""

    @cached_property
    def remembered(self) -> dict[tuple[int, date, bool], Any]:
        """Limits in days counted by this calendar before, see ``counting.by_days``."""
        return {}

    def is_workday(self, day: date) -> bool:
        """Whether the office works on ``day``. Raises MissingCalendar for a year without a notice."""
        return not self.why_off(day)

    def why_off(self, day: date) -> str:
        """Why ``day`` is off: 春节, 周六, the office's reason; empty for a working day. Raises MissingCalendar."""
        year = self.years.get(day.year)
        if year is None and not (self.assume_weekdays or self.assume_worked):
            raise MissingCalendar(day.year)
        if day in self.days_off:
            return self.days_off[day]
        if year is None and self.assume_worked:
            return ""
        if year is None:
            return WEEKDAYS[day.weekday()] if day.weekday() >= 5 else ""
        if day in year.off:
            return year.off[day]
        if day.weekday() >= 5 and day not in year.workdays:
            return WEEKDAYS[day.weekday()]
        return ""
