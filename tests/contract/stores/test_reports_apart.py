"""A report of wrongdoing never comes before the unit that it accuses, whatever event or case it belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.domain import acts
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.post import Post
from casework.ports import Store
from casework.records import CaseFilter
from casework.services.assign import assign
from casework.services.open_cases import OpenCounts, open_cases
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.things import SEEN, assessment, post, put

TEXT = "示例小区房屋漏水半年，多次反映没有人管，请住房部门尽快处理。"
REPORT = TEXT + "举报房管部门干部收受好处。"
HOUR = timedelta(hours=1)


@pytest.fixture
def context(store_url: str, store: Store) -> Context:
    joined = Context(settings(store_url, ROOT / "config"))
    joined.__dict__["store"] = store
    return joined


def judged(revision: int, text: str) -> Assessment:
    """An assessment as of a complaint, or as of a report of wrongdoing where the text says so."""
    plain = assessment(revision)
    if "举报" not in text:
        return plain
    value = {**plain.value, "petition_kind": {"label": "检举控告", "score": 0.9}, "accused": ["housing"]}
    return replace(plain, value=value)


def opened(context: Context, *posts: Post, hours: int = 0) -> OpenCounts:
    """The posts loaded, judged, opened and assigned."""
    put(context.store, *posts)
    waiting = [record for batch in context.store.unassessed(100) for record in batch]
    assert len(waiting) == len(posts)
    found = {record.post.id: (judged(record.revision, record.post.text), "") for record in waiting}
    context.store.put_assessments(found)
    context.store.refresh()
    counts = open_cases(context.store, context.opener(), SEEN + hours * HOUR)
    context.store.refresh()
    assign(context.store, context.office, SEEN + hours * HOUR)
    context.store.refresh()
    return counts


def case_with(context: Context, post_id: str) -> Case:
    """The one case that holds the post."""
    found = [case for case in context.store.list_cases(CaseFilter()) if post_id in case.posts]
    assert len(found) == 1, (post_id, found)
    return found[0]


def later(found: Post, text: str, hours: int) -> Post:
    return replace(found, text=text, collected_at=found.collected_at + hours * HOUR)


def hidden(case: Case) -> bool:
    return case.petition_kind == "检举控告" and "housing" in case.excluded and case.department != "housing"


def test_a_report_about_a_known_matter_has_a_case_of_its_own(context: Context) -> None:
    opened(context, post(1, TEXT))
    plain = case_with(context, "board:1")
    counts = opened(context, post(2, REPORT), post(3, REPORT), post(4, TEXT))
    assert counts.to_json() == {"in": 3, "opened": 2, "joined": 1, "none": 0, "to_review": 0}
    events = {id_: record.event for id_, record in context.store.get_posts(["board:1", "board:2", "board:3"]).items()}
    assert set(events.values()) == {"event:board:1"}
    assert case_with(context, "board:1").posts == ("board:1", "board:4")
    assert case_with(context, "board:1").department == plain.department
    for number in (2, 3):
        case = case_with(context, f"board:{number}")
        assert (case.posts, case.excluded) == ((f"board:{number}",), ("housing",))
        assert hidden(case)


def test_a_complaint_after_a_report_does_not_follow_it(context: Context) -> None:
    opened(context, post(1, REPORT))
    assert hidden(case_with(context, "board:1"))
    counts = opened(context, post(2, TEXT), post(3, TEXT))
    assert (counts.opened, counts.joined) == (1, 1)
    plain = case_with(context, "board:2")
    assert plain.posts == ("board:2", "board:3")
    assert not plain.excluded
    assert case_with(context, "board:1").posts == ("board:1",)


def test_a_complaint_that_becomes_a_report_leaves_its_department(context: Context) -> None:
    first = post(1, TEXT)
    opened(context, first)
    opened(context, post(2, TEXT))
    assert not hidden(case_with(context, "board:1"))
    counts = opened(context, later(first, REPORT, 2), hours=2)
    assert counts.to_json() == {"in": 1, "opened": 0, "joined": 1, "none": 0, "to_review": 0}
    case = case_with(context, "board:1")
    assert hidden(case)
    assert case.department == context.office.discipline_desk
    assert [entry.what for entry in case.history if entry.what in ("restricted", "revised")] == [
        "restricted",
        "revised",
    ]
    # Told once; a further edit and a further message of the matter change nothing of that.
    opened(context, later(first, REPORT + "！", 4), hours=4)
    again = case_with(context, "board:1")
    assert [entry.what for entry in again.history].count("restricted") == 1
    opened(context, post(3, TEXT), hours=5)
    assert case_with(context, "board:3").posts == ("board:3",)


def test_a_joined_post_that_becomes_a_report_takes_the_case_along(context: Context) -> None:
    second = post(2, TEXT)
    opened(context, post(1, TEXT))
    opened(context, second)
    opened(context, later(second, REPORT, 2), hours=2)
    case = case_with(context, "board:2")
    assert case.posts == ("board:1", "board:2")
    assert hidden(case)
    assert case.department == context.office.discipline_desk


def test_an_ended_case_is_hidden_too(context: Context) -> None:
    first = post(1, TEXT)
    opened(context, first)

    (case,) = context.store.list_cases(CaseFilter())
    ended = acts.transfer(case, "示例市公安局", "属于治安案件", "office", SEEN + HOUR)
    assert not context.store.save_cases([ended])
    context.store.refresh()
    opened(context, later(first, REPORT, 2), hours=2)
    case = case_with(context, "board:1")
    assert case.state == "transferred"
    assert hidden(case)


def test_an_event_bears_no_title_of_a_report(context: Context) -> None:
    opened(context, post(1, REPORT))
    event = context.store.get_events(["event:board:1"])["event:board:1"]
    assert event.title == "（检举控告件）"
    opened(context, post(2, TEXT))
    event = context.store.get_events(["event:board:1"])["event:board:1"]
    assert event.posts == ("board:1", "board:2")
    assert event.title.startswith("示例小区房屋漏水")
    assert "举报" not in event.title
