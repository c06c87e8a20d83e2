"""Which cases stay as they are when their events are merged or split, and that it is said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casework.domain import acts
from casework.domain.case import Case
from casework.services import event_cases, events
from casework.services.respond import act
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.test_reports_apart import REPORT, TEXT, opened
from tests.contract.stores.things import SEEN, post

LAMPS = "样板花园南门的路灯坏了三个月,晚上老人出行不便,请维修。"
LATER = SEEN + timedelta(hours=5)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config"))


@pytest.fixture
def two(context: Context) -> Context:
    """Event and case 1 (a house), event and case 3 (lamps); both at a department."""
    opened(context, post(1, TEXT), post(2, TEXT + "再次反映。"), post(3, LAMPS))
    return context


def at(context: Context, number: int) -> Case:
    return context.store.get_case(f"case:board:{number}")


def test_a_closed_case_is_merged_with_none_and_the_live_one_speaks(two: Context) -> None:
    act(two.store, two.office, "case:board:1", "return", {"reason": "不属本单位"}, "li", LATER)
    act(two.store, two.office, "case:board:1", "reject", {"reason": "已由法院受理"}, "li", LATER)
    done = events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)
    assert [(one.case, one.what, one.why) for one in done.cases] == [
        ("case:board:3", "kept", "ended"),
        ("case:board:1", "kept", "ended"),
    ]
    assert done.event.case == "case:board:3"
    assert at(two, 3).state == "assigned"
    opened(two, post(4, LAMPS + "还是不亮。"))
    assert "board:4" in at(two, 3).posts


def test_a_report_of_wrongdoing_is_joined_with_no_other_case(context: Context) -> None:
    opened(context, post(1, TEXT), post(3, LAMPS))
    # The case of the lamps becomes one of a report by an edit: its event still names it.
    case = acts.restrict(at(context, 3), "board:3", ["housing"], SEEN)
    context.store.save_case(case)
    context.store.refresh()
    done = events.merge(context.store, "event:board:3", "event:board:1", "li", LATER)
    assert {one.why for one in done.cases} == {"report"}
    assert done.event.case == "case:board:1"
    assert at(context, 3).state != "merged"
    assert at(context, 1).posts == ("board:1",)
    assert at(context, 1).excluded == ()


def test_cases_stay_apart_where_a_person_says_so(two: Context) -> None:
    done = events.merge(two.store, "event:board:3", "event:board:1", "li", LATER, keep_cases=True)
    assert {one.why for one in done.cases} == {"asked"}
    assert at(two, 3).state == "assigned"


def test_a_split_that_was_killed_is_completed_by_the_same_call(two: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    real = two.store.save_case
    events.merge(two.store, "event:board:3", "event:board:1", "li", LATER)
    monkeypatch.setattr(two.store, "save_case", lambda case: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        events.split(two.store, two.opener(), "event:board:1", ["board:3"], "li", LATER)
    monkeypatch.setattr(two.store, "save_case", real)
    monkeypatch.setattr(two.store, "put_opened", lambda marks: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        events.split(two.store, two.opener(), "event:board:1", ["board:3"], "li", LATER)
    monkeypatch.undo()
    done = events.split(two.store, two.opener(), "event:board:1", ["board:3"], "li", LATER)
    assert done.event.case == "case:board:3~2"
    assert not two.store.get_cases(["case:board:3~3"])
    assert two.store.get_posts(["board:3"])["board:3"].case == "case:board:3~2"
    assert at(two, 1).posts == ("board:1", "board:2")


def test_what_needs_no_answer_leaves_no_case(context: Context) -> None:
    """A post that has its answer stays where it was answered; a case that ended is not split."""
    opened(context, post(1, TEXT), post(2, TEXT + "再次反映。"))
    case = acts.answer(at(context, 1), ["board:2"], SEEN, "li", SEEN)
    context.store.save_case(case)
    done = events.split(context.store, context.opener(), "event:board:1", ["board:2"], "li", LATER)
    assert [(one.what, one.why) for one in done.cases] == [("kept", event_cases.ANSWERED)]
    assert done.event.case is None
    assert at(context, 1).posts == ("board:1", "board:2")


def test_a_report_in_a_split_event_keeps_its_own_case(context: Context) -> None:
    opened(context, post(1, TEXT), post(2, REPORT))
    done = events.split(context.store, context.opener(), "event:board:1", ["board:2"], "li", LATER)
    assert (done.event.case, done.cases) == (None, ())
    assert at(context, 2).petition_kind == "检举控告"
    assert at(context, 1).posts == ("board:1",)
