"""The case page marks the words that decided in the text of a post."""

from __future__ import annotations

from casework.domain.assessment import Assessment
from tests.unit.dashboards.making import Desk


def test_the_words_that_decided_are_marked_with_what_they_decided(desk: Desk) -> None:
    case = desk.case(1, text="物业不修路灯 <b>", title="路灯")
    evidence = {"board_domain": ["物业", "路灯"], "sentiment": ["不修"]}
    value = {"board_domain": {"label": "城建", "score": 0.9}, "severity": {"level": "none"}, "evidence": evidence}
    desk.context.store.put_assessments({"board:1": (Assessment(value, 1), "")})
    page = desk.signed_in("li").get(f"/cases/{case.id}").text
    assert '<mark title="据此判断：领域">物业</mark><mark title="据此判断：情感">不修</mark>' in page
    assert '<mark title="据此判断：领域">路灯</mark> &lt;b&gt;' in page


def test_a_post_that_was_not_judged_is_shown_plain(desk: Desk) -> None:
    case = desk.case(1, text="物业不修路灯")
    page = desk.signed_in("li").get(f"/cases/{case.id}").text
    assert "物业不修路灯" in page
    assert "<mark" not in page
