"""Merging and splitting events takes their cases along, or says why not; on every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.domain.acts.parts import messages
from casework.domain.case import Case, chain_fault, replay
from casework.domain.errors import DomainError
from casework.ports import Store
from casework.records import CaseFilter
from casework.services import events
from casework.services.open_cases import find_case
from pipeline.wiring import Context
from tests.contract.stores.test_reports_apart import TEXT, context, opened
from tests.contract.stores.things import SEEN, post

__all__ = ["context"]
LAMPS = "样板花园南门的路灯坏了三个月,晚上老人出行不便,请维修。"
LATER = SEEN + timedelta(hours=5)


@pytest.fixture
def two(context: Context) -> Context:
    """Event and case 1 (a house), event and case 3 (lamps); both at a department."""
    opened(context, post(1, TEXT), post(2, TEXT + "再次反映。"), post(3, LAMPS))
    assert context.store.get_events(["event:board:1", "event:board:3"]).keys() == {"event:board:1", "event:board:3"}
    return context


def at(store: Store, id_: str) -> Case:
    """A case as stored; its history makes it and is whole."""
    case = store.get_case(f"case:board:{id_}")
    assert chain_fault(case) is None
    assert replay(case.id, case.history) == case
    return case


def owed(case: Case) -> dict[str, int]:
    """Message → number of its clocks."""
    return {one: sum(clock.post == one for clock in case.clocks) for one in messages(case)}


def test_the_cases_of_merged_events_become_one_with_every_limit(two: Context) -> None:
    before, due = owed(at(two.store, "3")), at(two.store, "3").due
    done = events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)
    assert [one.to_json() for one in done.cases] == [
        {"case": "case:board:3", "what": "merged", "into": "case:board:1", "why": None}
    ]
    assert done.event.case == "case:board:1"
    case = at(two.store, "1")
    assert case.posts == ("board:1", "board:2", "board:3")
    assert owed(case)["board:3"] == before["board:3"] > 0
    assert at(two.store, "3").state == "merged"
    assert due in [clock.due for clock in case.running()]
    (entry,) = two.store.audit_entries()
    assert entry.detail["cases"] == "case:board:3 merged case:board:1"


def test_a_merge_that_was_killed_is_completed_by_the_same_call(two: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after each write in turn: what the next call leaves is the same."""

    class Killed(Exception):
        pass

    left, kills = [3], 0

    def killing(name: str) -> None:
        real = getattr(two.store, name)

        def write(*args: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(*args)

        monkeypatch.setattr(two.store, name, write)

    for name in ("save_case", "put_events", "put_opened"):
        killing(name)
    for writes in range(1, 8):
        left[0] = writes
        try:
            events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)
            break
        except Killed:
            kills += 1
    assert kills >= 2
    monkeypatch.undo()
    case = at(two.store, "1")
    assert case.posts == ("board:1", "board:2", "board:3")
    assert sum(entry.what == "absorbed" for entry in case.history) == 1
    assert two.store.get_events(["event:board:1"])["event:board:1"].case == "case:board:1"
    assert two.store.get_events(["event:board:3"])["event:board:3"].posts == ("board:3",)
    with pytest.raises(DomainError, match="are one event already"):
        events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)


def test_what_is_split_off_has_a_case_with_its_own_limits(context: Context) -> None:
    opened(context, post(1, TEXT), post(2, TEXT + "再次反映。"), post(3, TEXT + "又一次反映。"))
    before = at(context.store, "1")
    assert before.posts == ("board:1", "board:2", "board:3")
    done = events.split(context.store, context.opener(), "event:board:1", ["board:2"], "li", LATER)
    assert [(one.what, one.into) for one in done.cases] == [("split", "case:board:2")]
    rest, fresh = at(context.store, "1"), at(context.store, "2")
    assert (rest.posts, fresh.posts) == (("board:1", "board:3"), ("board:2",))
    assert fresh.state == "opened"
    went = [c.leaving((), LATER) for c in before.clocks if c.post == "board:2"]
    assert [c for c in fresh.clocks if c.post] == went != []
    assert owed(rest).keys() == {"board:1", "board:3"}
    assert context.store.get_posts(["board:2"])["board:2"].case == "case:board:2"
    named = context.store.get_events(["event:board:1", "event:board:2"])
    assert {event.id: event.case for event in named.values()} == {
        "event:board:1": "case:board:1",
        "event:board:2": "case:board:2",
    }


def test_what_was_merged_and_split_again_gets_a_fresh_case_and_edits_reach_it(two: Context) -> None:
    events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)
    done = events.split(two.store, two.opener(), "event:board:1", ["board:3"], "li", LATER)
    assert (done.event.id, done.event.case) == ("event:board:3", "case:board:3~2")
    assert find_case(two.store, "case:board:3").id == "case:board:1"
    opened(two, post(3, LAMPS + "补充:东门也不亮。", collected_at=LATER), hours=9)
    revised = [case.id for case in two.store.list_cases(CaseFilter()) if any(e.what == "revised" for e in case.history)]
    assert revised == ["case:board:3~2"]
    opened(two, post(4, LAMPS + "还是不亮。"), hours=9)
    assert at(two.store, "3~2").posts == ("board:3", "board:4")
