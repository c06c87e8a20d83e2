"""Two sweeps at once, and an acknowledgement, on every store: each rung once, what one missed the next one takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.config.load import load_office
from casework.domain.case import Case
from casework.domain.office import Office
from casework.ports import CaseFilter, Store
from casework.services.respond import act
from casework.services.supervise import supervise
from casework.stores.open import open_store
from pipeline.settings import ROOT
from tests.contract.stores.things import case
from tests.unit.domain.making import HOUR, START

LATE = START + timedelta(days=60)
KINDS = ("reminded", "overdue", "escalated")


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


class Meeting:
    """A store over which another sweep runs between the reading of a list and its writing."""

    def __init__(self, store: Store, other: Store, office: Office) -> None:
        self.store, self.other, self.office = store, other, office

    def cases_to_look_at(self, now: datetime) -> Iterator[list[Case]]:
        for batch in self.store.cases_to_look_at(now):
            supervise(self.other, self.office, now)
            yield batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def rungs(store: Store) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for one in store.list_cases(CaseFilter()):
        found.update((one.id, e.data["clock"], e.data["step"]) for e in one.history if e.what in KINDS)
    return found


def test_two_sweeps_at_once_take_each_rung_once(store: Store, store_url: str, office: Office) -> None:
    assert all(store.create_cases([case(number, to="housing") for number in range(30)]))
    other = open_store(store_url)
    meeting: Any = Meeting(store, other, office)
    counts = supervise(meeting, office, LATE)
    other.close()
    assert counts.overdue == 0
    supervise(store, office, LATE)
    found = rungs(store)
    assert len(found) == 30 * 3 * 3
    assert set(found.values()) == {1}


def test_an_acknowledgement_is_kept_and_moves_the_next_look(store: Store, office: Office) -> None:
    assert all(store.create_cases([case(1, to="housing")]))
    in_hand = START + 27 * HOUR
    supervise(store, office, in_hand)
    act(store, office, "case:board:1", "acknowledge", {"until": "2026-03-03T20:00:00+08:00"}, "zhang", in_hand)
    read = store.get_case("case:board:1")
    assert [one.by for one in read.acknowledged] == ["zhang"]
    store.refresh()
    # The leader would be told at 14:00 of that day; he is told when the acknowledgement ends.
    assert supervise(store, office, START + 30 * HOUR).escalated == 0
    assert supervise(store, office, START + 35 * HOUR).escalated == 1
