"""Kinds of field that the files share. Each refuses with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from casework.domain.errors import DomainError
from casework.domain.times import parse_day, parse_time


class Strict(BaseModel):
    """A part of a file: nothing unknown, nothing converted in silence, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def matching(pattern: str, write: str) -> Callable[[str], str]:
    """A validator: the whole text has the form of ``pattern``, else ``write`` is what the person is told."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(write)
        return value

    return check


def filled_with(*names: str) -> Callable[[str], str]:
    """A validator: the text asks for nothing but ``{name}`` of ``names``."""

    def check(value: str) -> str:
        try:
            value.format(**dict.fromkeys(names, ""))
        except (LookupError, ValueError, AttributeError, TypeError):
            raise ValueError(f"fill in {', '.join(f'{{{name}}}' for name in names)} only") from None
        return value

    return check


def _code(value: Any) -> Any:
    """A division code may stand without quotes: it never begins with 0."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _date(value: Any) -> date:
    if isinstance(value, str):
        try:
            return parse_day(value)
        except DomainError:
            pass
    raise ValueError("write a date of the calendar: 2026-02-17")


def _clock(value: Any) -> time:
    if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value):
        if value == "24:00":
            raise ValueError("write 23:59, or begin again at 00:00")
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("write a time of day in two and two digits: 09:00")


def _moment(value: Any) -> Any:
    try:
        return parse_time(value)
    except DomainError:
        raise ValueError("write a date and time with its offset: 2026-02-17T08:00+08:00") from None


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("write text, not nothing")
    return value


Text = Annotated[str, AfterValidator(_filled)]
"""Text that is not empty."""
Id = Annotated[
    str,
    AfterValidator(matching(r"[a-z][a-z0-9_]*", "write small letters, digits and _, a letter first: housing_bureau")),
]
"""The name by which other files call an entry."""
Code = Annotated[
    str,
    BeforeValidator(_code),
    AfterValidator(matching(r"[1-9]\d{1,8}", "write a division code of 2 to 9 digits: 410105")),
]
"""An administrative division code or the beginning of one (41 the province, 4101 the city, 410105 the district)."""
Place = Annotated[
    str,
    BeforeValidator(_code),
    AfterValidator(matching(r"[1-9]\d{1,8}|@office", 'write a division code of 2 to 9 digits, or "@office"')),
]
"""A division code, or ``@office``: the office's own region, so that two offices can share a file."""
Date = Annotated[date, BeforeValidator(_date)]
"""A date, 2026-02-17."""
TimeOfDay = Annotated[time, BeforeValidator(_clock)]
"""A time of day in Shanghai, 09:00."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A moment with its offset; UTC inside."""
Mail = Annotated[
    str, AfterValidator(matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "write an address: name@example.gov.example"))
]
"""An e-mail address."""
