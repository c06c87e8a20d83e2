"""Searching page by page with counts: the same on every store, and nothing of what is hidden, in hits or counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from casework.domain.assessment import Assessment
from casework.domain.matching import REPORT
from casework.ports import Store
from casework.records import CaseFilter, Opened, PostQuery
from tests.contract.stores.things import assessment, case, post, put
from tests.unit.domain.making import START


def judged(store: Store, number: int, text: str, case_: str | None = None, **labels: object) -> str:
    """A post that was judged and decided on."""
    one = post(number, text)
    put(store, one)
    value = {**assessment().value, "sentiment": {"label": "negative"}, **labels}
    store.put_assessments({one.id: (Assessment(value, 1), text)})
    store.put_opened([Opened(one.id, f"event:{one.id}", "opened" if case_ else "none", case_)])
    store.refresh()
    return one.id


def test_pages_totals_and_facets(store: Store) -> None:
    for number in range(1, 8):
        judged(store, number, f"路灯坏了第{number}次")
    judged(store, 8, "井盖没了", severity={"level": None}, sentiment={"label": "neutral"})
    put(store, post(9, "路灯还没研判"))
    page = store.find_posts(PostQuery(), 0, 3)
    assert [record.post.native_id for record in page.records] == ["8", "7", "6"]
    assert (page.total, page.more) == (8, False)
    assert page.facets["sentiment"] == (("negative", 7), ("neutral", 1))
    assert page.facets["severity"] == (("none", 7), ("unknown", 1))
    assert page.facets["kind"] == (("message", 8),)
    assert page.facets["board_domain"] == (("城建", 8),)
    assert [record.post.native_id for record in store.find_posts(PostQuery(), 6, 3).records] == ["2", "1"]
    assert store.find_posts(PostQuery(), 20, 3).records == ()
    assert store.find_posts(PostQuery("坏了第3"), 0, 9).total == 1
    assert store.find_posts(PostQuery("没了坏"), 0, 9).total == 0
    assert store.find_posts(PostQuery("？！"), 0, 9).total == 0
    assert store.find_posts(PostQuery(severity="unknown"), 0, 9).total == 1
    assert store.find_posts(PostQuery(sentiment="neutral", board_domain="城建", region="4101"), 0, 9).total == 1
    assert store.find_posts(PostQuery(region="4401"), 0, 9).total == 0
    since = START + timedelta(minutes=7)
    assert store.find_posts(PostQuery(since=since), 0, 9).total == 2
    assert store.find_posts(PostQuery(until=since, kind="message", source="board"), 0, 9).total == 6


def test_what_is_hidden_is_in_no_hit_and_no_count(store: Store) -> None:
    judged(store, 1, "路灯坏了")
    judged(store, 2, "某科长收钱", petition_kind={"label": REPORT})
    judged(store, 3, "可能收了钱", unsure=["petition_kind"])
    judged(store, 4, "路灯又坏了", "case:board:4")
    assert store.find_posts(PostQuery(), 0, 9).total == 4
    shown = store.find_posts(PostQuery(reports=False, without_cases=("case:board:4",)), 0, 9)
    assert [record.post.native_id for record in shown.records] == ["1"]
    assert (shown.total, shown.facets["kind"]) == (1, (("message", 1),))
    assert store.find_posts(PostQuery("收钱", reports=False), 0, 9).total == 0


def test_a_changed_text_waits_until_it_is_judged_again(store: Store) -> None:
    judged(store, 1, "路灯坏了")
    put(store, replace(post(1, "井盖没了"), collected_at=START + timedelta(days=9)))
    assert store.find_posts(PostQuery(), 0, 9).total == 0


def test_cases_that_exclude_a_department_are_found_by_it(store: Store) -> None:
    one, two = case(1), replace(case(2), excluded=("housing",), petition_kind=REPORT)
    assert store.create_cases([one, two]) == [True, True]
    store.refresh()
    assert [found.id for found in store.list_cases(CaseFilter(excluding=("housing", "water")))] == [two.id]
    assert list(store.list_cases(CaseFilter(excluding=("water",)))) == []
    assert [found.id for found in store.list_cases(CaseFilter(petition_kind=REPORT))] == [two.id]
