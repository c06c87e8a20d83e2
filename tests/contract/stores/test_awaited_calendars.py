"""A limit that ends in a year without a calendar: reminded of in time, counted by the first sweep after it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from casework.config.load import load_office
from casework.domain.office import Office
from casework.domain.times import SHANGHAI
from casework.domain.worktime import YearCalendar
from casework.ports import Store
from casework.services.supervise import supervise
from tests.unit.domain.making import ANSWER, opened

START = datetime(2026, 12, 28, 9, tzinfo=SHANGHAI)
NEW_YEAR = {date(2027, 1, 1): "元旦"}


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(Path(__file__).resolve().parents[3] / "config")


def with_calendar(office: Office) -> Office:
    """The office after somebody put the notice's file there."""
    notice = YearCalendar(2027, "test", date(2026, 11, 20), NEW_YEAR, frozenset())
    return replace(office, worktime=replace(office.worktime, years={**office.worktime.years, 2027: notice}))


def test_a_sweep_counts_it_when_the_calendar_is_there_and_asks_nothing_before(store: Store, office: Office) -> None:
    case = opened("board:1", at=START, rules=(ANSWER,))
    assert store.create_cases([case, opened("board:2", at=START - timedelta(days=20), rules=(ANSWER,))]) == [True, True]
    assert [[one.id for one in batch] for batch in store.cases_awaiting([2027])] == [[case.id]]
    assert list(store.cases_awaiting([2025, 2026])) == []
    soon = START + timedelta(hours=1)
    supervise(store, office, soon)
    (before,) = store.get_case(case.id).clocks
    assert (before.due, before.awaits) == (None, 2027)
    assert store.get_case(case.id).version == 1
    supervise(store, with_calendar(office), soon)
    (counted,) = store.get_case(case.id).clocks
    assert counted.due == datetime(2027, 1, 6, tzinfo=SHANGHAI)
    assert list(store.cases_awaiting([2027])) == []


def test_reminders_come_by_the_earliest_moment_and_nothing_is_late_before(store: Store, office: Office) -> None:
    case = opened("board:1", at=START, rules=(ANSWER,))
    store.create_cases([case])
    later = START + timedelta(days=20)
    supervise(store, office, later)
    swept = store.get_case(case.id)
    assert [entry.what for entry in swept.history] == ["opened", "reminded", "reminded"]
    assert not swept.overdue(later)
    supervise(store, with_calendar(office), later)
    late = store.get_case(case.id)
    assert late.overdue(later)
    assert "overdue" in [entry.what for entry in late.history]
