"""Merging and splitting events by hand, remembered by what is grouped later; on every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.domain.errors import DomainError
from casework.domain.event import Event
from casework.ports import NotFound, Opened, Store
from casework.services import events
from nlp.grouping import Grouper
from nlp.settings import read_settings
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores import things

PLANT = "示例新城小区旁边的搅拌站噪音很大,灰尘飞到家里,请环保部门处理"
LAMPS = "样板花园南门的路灯坏了三个月,晚上老人出行不便,请维修"
MORE_LAMPS = "样板花园南门路灯还是不亮,报修三个月没人来维修,老人晚上不敢出门"
NOW = things.SEEN + timedelta(days=1)
OPENER = Context(settings(None, ROOT / "config")).opener()


def _event(store: Store, *numbers: int) -> Event:
    ids = [f"board:{number}" for number in numbers]
    records = store.get_posts(ids)
    first = records[ids[0]].post
    event = Event(f"event:{ids[0]}", "标题", (ids[0],), first.published_at, first.published_at, 1.0)
    for id_ in ids[1:]:
        event = event.joined(id_, records[id_].post.published_at, 1.0)
    store.put_events([event])
    store.put_assessments({id_: (things.assessment(), "") for id_ in ids})
    store.put_opened([Opened(id_, event.id, "none", None) for id_ in ids])
    store.refresh()
    return event


@pytest.fixture
def filled(store: Store) -> Store:
    """Event 1: a plant, and lamps that do not belong there; event 3: the plant again."""
    things.put(store, things.post(1, PLANT), things.post(2, LAMPS), things.post(3, PLANT + "!再次反映"))
    _event(store, 1, 2)
    _event(store, 3)
    return store


def _where(store: Store, text: str) -> str:
    """The event of a new post with ``text``, after a restart."""
    grouper = Grouper.of_settings(read_settings()["nlp"]["grouping"])
    events_ = [known for known in store.grouped(things.START - timedelta(days=9))]
    assert events_
    from casework.records import Placed

    for known in events_:
        grouper.seed(known.id, known.title, known.text, Placed(known.event.removeprefix("event:"), known.copy_of))
    return f"event:{grouper.add('board:9', None, text).root}"


def test_what_was_merged_stays_one_event(filled: Store) -> None:
    event = events.merge(filled, "event:board:3", "event:board:1", "li", NOW).event
    assert event.posts == ("board:1", "board:2", "board:3")
    assert filled.get_posts(["board:3"])["board:3"].event == "event:board:1"
    assert events.find_event(filled, "event:board:3").id == "event:board:1"
    assert events.figures_of(filled, event, NOW)["posts"] == 3
    with pytest.raises(DomainError, match="are one event already"):
        events.merge(filled, "event:board:3", "event:board:1", "li", NOW)
    assert [entry.what for entry in filled.audit_entries()] == ["event_merged"]


def test_what_was_split_draws_later_posts_like_it(filled: Store) -> None:
    assert _where(filled, MORE_LAMPS) == "event:board:1"
    fresh = events.split(filled, OPENER, "event:board:1", ["board:2"], "li", NOW).event
    assert (fresh.id, fresh.posts) == ("event:board:2", ("board:2",))
    assert events.find_event(filled, "event:board:1").posts == ("board:1",)
    assert _where(filled, MORE_LAMPS) == "event:board:2"
    back = events.merge(filled, fresh.id, "event:board:1", "li", NOW).event
    assert back.posts == ("board:1", "board:2")
    assert _where(filled, MORE_LAMPS) == "event:board:1"


def test_what_cannot_be_split_or_found_is_said(filled: Store) -> None:
    with pytest.raises(DomainError, match="has no post board:3; its posts: board:1, board:2"):
        events.split(filled, OPENER, "event:board:1", ["board:3"], "li", NOW)
    with pytest.raises(DomainError, match="gives event:board:1 its name and stays"):
        events.split(filled, OPENER, "event:board:1", ["board:1"], "li", NOW)
    with pytest.raises(NotFound, match="no such event"):
        events.find_event(filled, "event:board:77")
