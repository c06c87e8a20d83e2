"""What may be a report of wrongdoing is kept from those it names until a person has said what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.post import Post
from casework.ports import Store
from casework.records import CaseFilter
from casework.services.assign import assign
from casework.services.open_cases import OpenCounts, open_cases
from casework.services.respond import act
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.test_reports_apart import HOUR, case_with, later
from tests.contract.stores.things import SEEN, assessment, post, put

TEXT = "示例小区房屋漏水半年，多次反映没有人管，请住房部门尽快处理。"
DOUBT = TEXT + "账目也说不清。"


@pytest.fixture
def context(store_url: str, store: Store) -> Context:
    joined = Context(settings(store_url, ROOT / "config"))
    joined.__dict__["store"] = store
    return joined


def judged(revision: int, text: str, units: tuple[str, ...]) -> Assessment:
    """As of a complaint; unsure where the accounts are spoken of, a report where the text says so."""
    plain = assessment(revision)
    value: dict[str, Any] = {**plain.value, "units": list(units), "unsure": ["emotion"]}
    if "账目" in text:
        value["unsure"] = ["petition_kind"]
    if "举报" in text:
        value |= {"petition_kind": {"label": "检举控告", "score": 0.9}, "accused": ["housing"]}
    return replace(plain, value=value)


def opened(context: Context, *posts: Post, hours: int = 0, units: tuple[str, ...] = ("housing",)) -> OpenCounts:
    """The posts loaded, judged, opened and assigned."""
    put(context.store, *posts)
    waiting = [record for batch in context.store.unassessed(100) for record in batch]
    assert len(waiting) == len(posts)
    found = {record.post.id: (judged(record.revision, record.post.text, units), "") for record in waiting}
    context.store.put_assessments(found)
    context.store.refresh()
    counts = open_cases(context.store, context.opener(), SEEN + hours * HOUR)
    routed(context, hours)
    return counts


def routed(context: Context, hours: int) -> None:
    context.store.refresh()
    assign(context.store, context.office, SEEN + hours * HOUR)
    context.store.refresh()


def said(context: Context, case: Case, verb: str, hours: int = 1, **args: str) -> Case:
    done = act(context.store, context.office, case.id, verb, args, "li", SEEN + hours * HOUR)
    routed(context, hours)
    return context.store.get_case(done.id)


def test_a_letter_in_doubt_waits_for_a_person_kept_from_those_it_names(context: Context) -> None:
    counts = opened(context, post(1, DOUBT), units=("housing", "discipline", "某物业公司"))
    assert counts.to_json() == {"in": 1, "opened": 0, "joined": 0, "none": 0, "to_review": 1}
    case = case_with(context, "board:1")
    assert (case.state, case.petition_kind, case.suspected) == ("to_review", "检举控告", True)
    # The discipline desk is asked to inquire; it is not what the letter complains of.
    assert case.excluded == ("housing",)
    assert case.reason == "report_suspected"
    assert [notice.to for notice in case.outbox] == ["@review/contact"]
    for verb, args in (("accept", {}), ("assign", {"to": "urban_management"}), ("merge", {"into": case.id})):
        with pytest.raises(IllegalMove, match="first say whether it is a 检举控告") as refused:
            said(context, case, verb, **args)
        assert refused.value.allowed == ("confirm", "lift")


def test_nothing_of_its_matter_is_joined_to_it_and_it_joins_nothing(context: Context) -> None:
    opened(context, post(1, TEXT))
    plain = case_with(context, "board:1")
    opened(context, post(2, DOUBT), post(3, TEXT))
    assert case_with(context, "board:1").posts == ("board:1", "board:3")
    assert case_with(context, "board:1").department == plain.department == "housing"
    doubted = case_with(context, "board:2")
    assert doubted.posts == ("board:2",)
    assert doubted.suspected


def test_lifted_it_goes_the_ordinary_way(context: Context) -> None:
    opened(context, post(1, DOUBT))
    case = said(context, case_with(context, "board:1"), "lift", reason="只是要求公布账目")
    assert (case.state, case.petition_kind, case.department) == ("assigned", "申诉求决", "housing")
    assert case.excluded == ()
    entry = next(entry for entry in case.history if entry.what == "lifted")
    assert (entry.by, entry.note, entry.data) == ("li", "只是要求公布账目", {"petition_kind": "申诉求决"})
    # A person has read it: the next edit does not bring the doubt back, a clear accusation does.
    opened(context, later(post(1), DOUBT + "请回复。", 2), hours=2)
    assert case_with(context, "board:1").department == "housing"
    opened(context, later(post(1), DOUBT + "举报房管干部受贿。", 3), hours=3)
    assert case_with(context, "board:1").department == context.office.discipline_desk


def test_confirmed_it_goes_to_the_discipline_desk(context: Context) -> None:
    opened(context, post(1, DOUBT))
    case = said(context, case_with(context, "board:1"), "confirm", note="点名支书侵吞集体资金")
    assert (case.state, case.petition_kind) == ("assigned", "检举控告")
    assert case.department == context.office.discipline_desk
    assert case.excluded == ("housing",)
    assert not case.suspected
    with pytest.raises(IllegalMove, match="it is a 检举控告 already"):
        said(context, case, "confirm", hours=2)


def test_a_person_says_who_is_accused(context: Context) -> None:
    opened(context, post(1, DOUBT))
    case = case_with(context, "board:1")
    with pytest.raises(DomainError, match="no such department 'nobody'; write one of"):
        said(context, case, "confirm", units="housing,nobody")
    case = said(context, case, "confirm", units="urban_management，discipline")
    assert {"urban_management", "discipline"} <= set(case.excluded)
    assert "housing" not in case.excluded
    assert case.department == context.office.default_desk


def test_an_ordinary_case_that_a_person_confirms_leaves_its_department(context: Context) -> None:
    opened(context, post(1, TEXT))
    case = case_with(context, "board:1")
    assert case.department == "housing"
    with pytest.raises(IllegalMove, match="it is no 检举控告"):
        said(context, case, "lift", reason="不是")
    case = said(context, said(context, case, "sign"), "confirm", hours=2)
    assert case.department == context.office.discipline_desk
    assert case.excluded == ("housing",)
    case = said(context, case, "lift", hours=3, reason="看错了", kind="建议意见")
    assert (case.department, case.petition_kind, case.excluded) == ("housing", "建议意见", ())
    with pytest.raises(DomainError, match="kind: '感谢'; write one of 申诉求决, 建议意见"):
        said(context, said(context, case, "confirm", hours=4), "lift", hours=5, reason="再看", kind="感谢")


def test_where_those_who_review_are_named_the_discipline_desk_decides(context: Context) -> None:
    opened(context, post(1, DOUBT), units=(context.office.review_desk,))
    case = case_with(context, "board:1")
    assert not case.suspected
    assert case.department == context.office.discipline_desk
    assert context.office.review_desk in case.excluded


def test_a_case_whose_letter_comes_into_doubt_is_taken_back(context: Context) -> None:
    opened(context, post(1, TEXT))
    assert case_with(context, "board:1").department == "housing"
    opened(context, later(post(1), DOUBT, 2), hours=2)
    case = case_with(context, "board:1")
    assert case.suspected
    assert (case.department, case.excluded) == (None, ("housing",))
    assert [notice.kind for notice in case.outbox].count("review_needed") == 1
    opened(context, later(post(1), DOUBT + "！", 4), hours=4)
    again = case_with(context, "board:1")
    assert [entry.what for entry in again.history].count("restricted") == 1
    assert [case.id for case in context.store.list_cases(CaseFilter(viewer=("housing",)))] == []
