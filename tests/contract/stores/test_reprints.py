"""Reprints over every store: they join their original's event, count in its heat, and do not flood a search."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.domain.post import Post
from casework.ports import SearchFilter, Store
from casework.records import PostRecord
from casework.services.open_cases import open_cases
from casework.services.search import folded
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.things import SEEN, assessment, post, put, retold

TEXT = "示例路与样板街交叉口红绿灯已坏三天，早晚高峰车辆拥堵严重，附近居民盼望交警部门尽快维修。"
OTHER = "示例小区二次供水水箱长期不清洗，自来水有异味，居民反映多次物业不管。"


@pytest.fixture
def context(store_url: str, store: Store) -> Context:
    joined = Context(settings(store_url, ROOT / "config"))
    joined.__dict__["store"] = store
    return joined


def news(number: int, text: str = TEXT, **more: object) -> Post:
    """A piece of news on a site of its own."""
    return post(number, text, kind="news", url=f"https://site{number}.example/a.html", **more)


def opened(context: Context, *posts: Post) -> dict[str, PostRecord]:
    """The posts put, judged and opened; what is kept of each."""
    put(context.store, *posts)
    waiting = [record for batch in context.store.unassessed(100) for record in batch]
    context.store.put_assessments({record.post.id: (assessment(record.revision), "") for record in waiting})
    context.store.refresh()
    open_cases(context.store, context.opener(), SEEN)
    context.store.refresh()
    return context.store.get_posts([one.id for one in posts])


def test_a_reprint_joins_the_event_of_its_original_and_counts_in_its_heat(context: Context) -> None:
    opened(context, news(1), news(2, OTHER))
    alone = context.store.get_events(["event:board:1"])["event:board:1"]
    kept = opened(context, news(3), news(4, TEXT + "（来源：样板日报）"), news(5, OTHER + "!"))
    assert {id_: (one.event, one.reprint_of) for id_, one in kept.items()} == {
        "board:3": ("event:board:1", "board:1"),
        "board:4": ("event:board:1", "board:1"),
        "board:5": ("event:board:2", "board:2"),
    }
    event = context.store.get_events(["event:board:1"])["event:board:1"]
    assert event.posts == ("board:1", "board:3", "board:4")
    assert event.heat == pytest.approx(3 * alone.heat, rel=0.01)


def test_a_message_is_never_a_reprint_but_gives_the_text_that_news_reprint(context: Context) -> None:
    kept = opened(context, post(1, TEXT), post(2, TEXT), news(3))
    assert [kept[f"board:{n}"].reprint_of for n in (1, 2, 3)] == [None, None, "board:1"]
    assert [kept[f"board:{n}"].copy_of for n in (1, 2, 3)] == [None, "board:1", "board:1"]
    assert {one.case for one in kept.values()} == {"case:board:1"}
    # Both writers are owed an answer of their own.
    case = context.store.get_case("case:board:1")
    assert {clock.post for clock in case.clocks} >= {"board:1", "board:2"}


def test_a_restart_and_a_revision_keep_the_link(context: Context) -> None:
    opened(context, news(1), news(2))
    # A new run knows its posts from the store alone.
    kept = opened(context, news(3, TEXT + "!"), replace(retold(news(2)), title="路口信号灯坏了"))
    assert {id_: one.reprint_of for id_, one in kept.items()} == {"board:3": "board:1", "board:2": "board:1"}
    assert kept["board:2"].revision == 2


def test_a_search_shows_a_text_once_and_counts_its_reprints(context: Context) -> None:
    opened(context, news(1), news(2, OTHER), *(news(number) for number in range(3, 43)))
    hits = folded(context.store, "示例", SearchFilter(), 10)
    assert [(hit.record.post.id, hit.reprints) for hit in hits] == [("board:42", 40), ("board:2", 0)]
    assert [hit.record.post.id for hit in folded(context.store, "示例", SearchFilter(), 1)] == ["board:42"]
    # All of them stay to be had.
    assert len(context.store.search("示例", SearchFilter(), 100)) == 42


def test_what_is_not_opened_yet_is_shown_for_itself(context: Context) -> None:
    put(context.store, news(1), news(2))
    hits = folded(context.store, "红绿灯", SearchFilter(), 10)
    assert [(hit.record.post.id, hit.reprints) for hit in hits] == [("board:2", 0), ("board:1", 0)]


def test_a_later_hit_stands_for_a_text_whose_original_is_not_asked_for(context: Context) -> None:
    first = news(1)
    opened(context, first, news(2), news(3))
    since = SearchFilter(since=first.published_at + timedelta(seconds=1))
    (hit,) = folded(context.store, "红绿灯", since, 10)
    assert (hit.record.post.id, hit.reprints) == ("board:3", 1)
