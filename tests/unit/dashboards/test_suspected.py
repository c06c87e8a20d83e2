"""A case that may be a report of wrongdoing: who sees it, and how a person settles it on its page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.ports import Opened
from tests.unit.dashboards.making import Desk, press, token

REPORT = "检举控告"
VALUE = {
    "petition_kind": {"label": "申诉求决", "score": 0.6},
    "unsure": ["petition_kind"],
    "units": ["housing"],
    "severity": {"level": "none"},
    "evidence": {},
    "models": {},
}


@pytest.fixture
def doubted(desk: Desk, tmp_path: object) -> Case:
    """A case in doubt whose post was judged; the working files are the test's own."""
    desk.context.settings = replace(desk.context.settings, var=tmp_path)  # type: ignore[arg-type]
    case = desk.case(1, to=None, state="to_review", kind=REPORT, excluded=("housing",))
    desk.context.store.put_assessments({"board:1": (Assessment(VALUE, 1), "")})
    desk.context.store.put_opened([Opened("board:1", "event:board:1", "to_review", case.id)])
    return case


def test_the_office_settles_it_and_nobody_else_sees_it(desk: Desk, doubted: Case) -> None:
    page = desk.signed_in("li").get(f"/cases/{doubted.id}").text
    assert "疑似检举控告" in page
    assert "现在要做：认定检举控告" in page
    assert "/do/confirm" in page
    assert "/do/lift" in page
    for verb in ("accept", "assign", "merge"):
        assert f"/do/{verb}" not in page
    for role, department in (("department", "housing"), ("department", "urban_management"), ("leader", None)):
        assert desk.signed_in("w", role, department).get(f"/cases/{doubted.id}").status_code == 404
    assert "疑似检举控告" in desk.signed_in("li").get("/").text


def test_a_person_lifts_it_with_a_reason(desk: Desk, doubted: Case) -> None:
    client = desk.signed_in("li")
    assert press(client, doubted, "lift", kind="申诉求决").status_code == 400
    assert press(client, doubted, "lift", kind="申诉求决", reason="只问账目").status_code == 303
    now = desk.stored(doubted)
    assert (now.state, now.petition_kind, now.excluded) == ("opened", "申诉求决", ())
    page = client.get(f"/cases/{doubted.id}").text
    assert "排除检举控告" in page
    assert "只问账目" in page
    assert "疑似" not in page
    assert [entry.detail["label"] for entry in desk.logged("corrected")] == ["申诉求决"]


def test_a_person_confirms_it_and_names_one_more(desk: Desk, doubted: Case) -> None:
    assert press(desk.signed_in("li"), doubted, "confirm", unit="urban_management").status_code == 303
    now = desk.stored(doubted)
    assert (now.state, now.petition_kind, now.suspected) == ("opened", REPORT, False)
    assert {"housing", "urban_management"} <= set(now.excluded)


def test_what_has_to_be_settled_first_is_said(desk: Desk, doubted: Case) -> None:
    answer = press(desk.signed_in("li"), doubted, "accept")
    assert answer.status_code == 409
    assert "要先认定或者排除检举控告" in answer.text


@pytest.mark.parametrize(("label", "state", "kind"), [("建议意见", "opened", "建议意见"), (REPORT, "opened", REPORT)])
def test_the_correct_label_settles_the_case_too(desk: Desk, doubted: Case, label: str, state: str, kind: str) -> None:
    client = desk.signed_in("li")
    page = client.get(f"/cases/{doubted.id}").text
    entered = {"csrf": token(page), "post": "board:1", "choice": f"petition_kind|{label}"}
    assert client.post(f"/cases/{doubted.id}/label", data=entered).status_code == 303
    now = desk.stored(doubted)
    assert (now.state, now.petition_kind, now.suspected) == (state, kind, False)
    assert len(desk.logged("corrected")) == 1


def test_a_label_that_settles_nothing_is_a_correction_alone(desk: Desk, doubted: Case) -> None:
    client = desk.signed_in("li")
    page = client.get(f"/cases/{doubted.id}").text
    entered = {"csrf": token(page), "post": "board:1", "choice": "board_domain|医疗"}
    assert client.post(f"/cases/{doubted.id}/label", data=entered).status_code == 303
    assert desk.stored(doubted).suspected
