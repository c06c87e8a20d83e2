"""A proposal is counted from what departments took, the same on every store, and changes nothing."""

from __future__ import annotations

from casework.config.load import load_office
from casework.domain import acts
from casework.ports import Store
from casework.services.proposals import proposals
from pipeline.settings import ROOT
from tests.contract.stores.things import case
from tests.unit.domain.making import START, WORKTIME, opened


def test_who_took_such_cases_is_proposed_with_its_share(store: Store) -> None:
    office = load_office(ROOT / "config")
    new = opened("board:99")
    taken = [acts.sign(case(n, to="housing" if n < 4 else "water"), "x", START, WORKTIME) for n in range(5)]
    assert all(store.create_cases([new, *taken[:4], case(7, to="health")]))
    store.refresh()
    assert proposals(store, office, new, START) == []
    assert all(store.create_cases(taken[4:]))
    store.refresh()
    found = [one.to_json() for one in proposals(store, office, new, START)]
    assert [(one["department"], one["taken"], one["of"], one["share"]) for one in found] == [
        ("housing", 4, 5, 0.8),
        ("water", 1, 5, 0.2),
    ]
    assert store.get_case(new.id).department is None
    assert proposals(store, office, opened("board:98", excluded=("water",)), START) == []
