"""Departments that end, take over, answer for places and stand above one another."""

from __future__ import annotations

from datetime import date

import pytest

from casework.domain.departments import Department, answering, heir, living, of_district, predecessors, superior

DAY = date(2026, 1, 5)
REFORM = date(2019, 1, 31)
UNITS = {
    unit.id: unit
    for unit in (
        Department("city", "市政府", regions=("9901",)),
        Department("east", "东区政府", regions=("990102",), parent="city"),
        Department("west", "西区政府", regions=("990103",), parent="city"),
        Department("east_housing", "东区住建局", parent="east"),
        Department("harbour", "港口街道办", regions=("990102005",), parent="east"),
        Department("alone", "开发区管委会", regions=("990171",)),
        Department("prices", "物价局", until=date(2014, 6, 30), successor="commerce"),
        Department("commerce", "工商局", until=REFORM, successor="market"),
        Department("market", "市监局", since=date(2019, 2, 1)),
        Department("coming", "数据局", since=date(2030, 1, 1), until=date(2031, 1, 1), successor="market"),
    )
}


@pytest.mark.parametrize(
    ("who", "day", "expected"),
    [
        ("prices", date(2014, 6, 30), "prices"),
        ("prices", date(2014, 7, 1), "commerce"),
        ("prices", date(2019, 2, 1), "market"),
        ("commerce", REFORM, "commerce"),
        ("market", date(2018, 1, 1), None),
        ("coming", DAY, None),
        ("coming", date(2032, 1, 1), "market"),
        ("nobody", DAY, None),
    ],
)
def test_duties_go_from_predecessor_to_successor_on_the_day_after_the_last(
    who: str, day: date, expected: str | None
) -> None:
    assert heir(who, UNITS, day) == expected
    assert living([who, who], UNITS, day) == ([expected] if expected else [])


def test_all_predecessors_are_known() -> None:
    assert predecessors("market", UNITS) == ("prices", "commerce", "coming")
    assert predecessors("east", UNITS) == ()


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("990102",), ["east"]),
        (("990102001",), ["east"]),
        (("990102005",), ["harbour"]),
        (("990102", "990103"), ["east", "west"]),
        (("9901", "990103"), ["west"]),
        (("990100",), ["city"]),
        (("990171", "990102"), ["alone", "east"]),
        (("110101",), []),
    ],
)
def test_the_narrowest_place_answers_and_the_whole_city_adds_nothing(
    codes: tuple[str, ...], expected: list[str]
) -> None:
    assert answering(codes, UNITS, DAY) == expected


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("east", "west"), "city"),
        (("east_housing", "harbour"), "east"),
        (("east_housing", "west"), "city"),
        (("east", "alone"), None),
        (("east", "city"), None),
        ((), None),
        (("nobody",), None),
    ],
)
def test_the_superior_is_the_nearest_above_all(ids: tuple[str, ...], expected: str | None) -> None:
    assert superior(ids, UNITS, DAY) == expected


def test_who_belongs_to_a_district() -> None:
    assert [unit for unit in UNITS if of_district(unit, UNITS)] == ["east", "west", "east_housing", "harbour", "alone"]
