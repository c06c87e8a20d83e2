"""A wrong label is corrected by a click: on record, kept for training, never by who may not route."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from casework.domain.assessment import Assessment
from tests.unit.dashboards.making import Desk, token

VALUE = {"board_domain": {"label": "城建", "score": 0.6}, "severity": {"level": "none"}, "evidence": {}, "models": {}}


@pytest.fixture
def judged(desk: Desk, tmp_path: object) -> Desk:
    """A case whose post was judged; the working files are the test's own."""
    desk.context.settings = replace(desk.context.settings, var=tmp_path)  # type: ignore[arg-type]
    desk.case(1)
    desk.context.store.put_assessments({"board:1": (Assessment(VALUE, 1), "")})
    return desk


def test_a_click_puts_the_label_right(judged: Desk) -> None:
    client = judged.signed_in("li")
    page = client.get("/cases/case:board:1").text
    assert "领域：城建" in page
    assert '<option value="board_domain|医疗">医疗</option>' in page
    entered = {"csrf": token(page), "post": "board:1", "choice": "board_domain|医疗"}
    answer = client.post("/cases/case:board:1/label", data=entered)
    assert answer.status_code == 303
    assert "领域：医疗" in client.get("/cases/case:board:1").text
    (entry,) = judged.logged("corrected")
    assert (entry.by, entry.thing, entry.detail["was"]) == ("li", "board:1", "城建")
    path = judged.context.settings.var / "training" / "corrections.jsonl"
    (kept,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (kept["task"], kept["label"], kept["by"]) == ("board_domain", "医疗", "li")


def test_who_may_not_route_may_not_correct(judged: Desk) -> None:
    client = judged.signed_in("wang", "department", "housing")
    page = client.get("/cases/case:board:1").text
    assert "更正判断" not in page
    entered = {"csrf": token(page), "post": "board:1", "choice": "board_domain|医疗"}
    assert client.post("/cases/case:board:1/label", data=entered).status_code == 403
    assert judged.logged("corrected") == []


def test_a_strange_choice_a_strange_post_and_an_old_page_change_nothing(judged: Desk) -> None:
    client = judged.signed_in("li")
    good = token(client.get("/cases/case:board:1").text)
    for entered, status in (
        ({"csrf": good, "post": "board:1", "choice": "board_domain|宇宙"}, 400),
        ({"csrf": good, "post": "board:1"}, 400),
        ({"csrf": good, "post": "board:2", "choice": "board_domain|医疗"}, 404),
        ({"csrf": "old", "post": "board:1", "choice": "board_domain|医疗"}, 403),
    ):
        assert client.post("/cases/case:board:1/label", data=entered).status_code == status
    assert judged.logged("corrected") == []


def test_units_are_put_right_by_the_form_beside(judged: Desk) -> None:
    client = judged.signed_in("li")
    entered = {"csrf": token(client.get("/cases/case:board:1").text), "post": "board:1", "choice": "units|"}
    assert client.post("/cases/case:board:1/label", data={**entered, "said": ""}).status_code == 400
    assert client.post("/cases/case:board:1/label", data={**entered, "said": "housing"}).status_code == 303
    found = judged.context.store.get_posts(["board:1"])["board:1"].assessment
    assert found is not None
    assert (found.units, found.by_hand("units")) == (("housing",), True)
