"""A few days of the simulated city, every alarm beside the reckoner's; the whole month is ``make proof-month``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casework.domain.case import Case
from casework.ports import CaseFilter
from pipeline.proof import month
from pipeline.proof.city import Arrival, arrivals
from pipeline.proof.city_life import SECRET, City, context_of, office_of
from pipeline.proof.receiver import Arrived, Receiver, receiving
from pipeline.proof.slow_days import Book

DAYS, EVERY = 12, 30


@dataclass(frozen=True, slots=True)
class Lived:
    cases: list[Case]
    receiver: Receiver
    book: Book
    came: list[Arrival]

    def compared(self) -> dict[str, Any]:
        return month.compared(self.cases, self.receiver, self.book, self.came, DAYS, EVERY)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder, came = tmp_path_factory.mktemp("city"), arrivals(90, 40, 26, DAYS)
    os.environ[SECRET] = "proof-of-a-month"
    with receiving(Receiver()) as receiver:
        office = office_of(folder, receiver.url)
        context = context_of(folder, f"sqlite:///{folder}/month.db", office, receiver)
        City(context, receiver, 26, EVERY).run(came, DAYS)
        yield Lived(list(context.store.list_cases(CaseFilter())), receiver, Book(office), came)
        context.close()
    del os.environ[SECRET]


def test_every_alarm_of_the_days_is_told_once_and_in_its_minute(lived: Lived) -> None:
    found = lived.compared()
    assert found["ok"], month.shown_result(found)
    assert min(found["alarms"].get(kind, 0) for kind in ("reminded", "overdue", "escalated")) > 0
    assert found["arrived"] == sum(found["messages"].values()) > 30


def test_an_alarm_taken_at_another_moment_is_found(lived: Lived, folder_of_office: Path) -> None:
    steps = folder_of_office / "escalation.yml"
    steps.write_text(steps.read_text("utf-8").replace("share: 0.8", "share: 0.7"), "utf-8")
    found = month.compared(lived.cases, lived.receiver, Book(folder_of_office), lived.came, DAYS, EVERY)
    assert not found["ok"]
    assert found["alarms_missing"]
    assert found["alarms_too_many"]


@pytest.fixture
def folder_of_office(tmp_path: Path) -> Path:
    return office_of(tmp_path, "http://127.0.0.1:9/")


def test_what_arrives_twice_or_not_at_all_is_found(lived: Lived) -> None:
    first, second = lived.receiver.taken[0], lived.receiver.taken[1]
    kept = list(lived.receiver.taken)
    lived.receiver.taken[:] = [Arrived(first.key, first.to, "", "", ""), *[one for one in kept if one is not second]]
    found = lived.compared()
    lived.receiver.taken[:] = kept
    assert found["doubled"] == [first.key]
    assert second.key in found["not_as_recorded"]
    assert not found["ok"]
