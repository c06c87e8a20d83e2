"""Subscriptions over a store: met once an event, counted after, and never what is not the subscriber's to know."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.domain.assessment import Assessment, facts_of
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.event import Event
from casework.domain.office import Office
from casework.domain.subscription import Subscription, spoken
from casework.ports import NotFound, PostRecord, Store
from casework.services import subscriptions
from casework.services.alarms import tell_alarms
from casework.services.notify import NotifyCounts
from casework.services.subscriptions import Seen, flush, may_hear, watch
from tests.contract.stores.things import SEEN, assessment, post
from tests.unit.domain.making import START, opened
from tests.unit.telling.making import Box, office, teller

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ASKED = Subscription("w1", "爆管", "housing/contact", "li", START, any_=("爆管", "水管破裂"))


@pytest.fixture(scope="module")
def news() -> Office:
    return office()


def seen(number: int, text: str = "文化路水管破裂，积水很深", case: Case | None = None, **labels: Any) -> Seen:
    """A post of one event."""
    made = assessment()
    value = {**made.value, **{name: {"label": label, "score": 0.9} for name, label in labels.items()}}
    found = replace(post(number), text=text)
    event = Event("event:board:1", "水管破裂", tuple(f"board:{n}" for n in range(1, number + 1)), START, START, 3.0)
    return Seen(PostRecord(found, assessment=Assessment(value, 1)), event, case)


def add(store: Store, found: Office, **changes: Any) -> Subscription:
    return subscriptions.add(store, replace(ASKED, **changes), found.routing.departments)


def told(store: Store, found: Office, box: Box, at: timedelta) -> list[str]:
    """The bodies that went out in this round."""
    flush(store, START + at, HOUR)
    before = len(box.given)
    tell_alarms(store, teller(found, box), START + at, NotifyCounts())
    return [one.body for one in box.given[before:]]


def test_two_hundred_posts_on_a_burst_pipe_are_one_message_and_an_update_with_the_count(
    store: Store, news: Office
) -> None:
    add(store, news)
    box = Box("mail")
    sent = []
    for first in range(1, 201, 10):
        at = first * timedelta(seconds=20)
        watch(store, news, [seen(number) for number in range(first, first + 10)], START + at, HOUR)
        sent += told(store, news, box, at)
    assert len(sent) == 2, "200 posts within 67 minutes: the first at once, the count after an hour"
    assert "已有 10 条相关内容" in sent[0]
    assert "命中：水管破裂" in sent[0]
    assert "已有 190 条相关内容" in sent[1]
    (last,) = told(store, news, box, 3 * HOUR)
    assert "已有 200 条相关内容" in last
    assert told(store, news, box, 9 * HOUR) == []
    watch(store, news, [seen(number) for number in range(1, 201)], START + 9 * HOUR, HOUR)
    assert told(store, news, box, 9 * HOUR) == [], "the same posts once more say nothing new"


def test_a_kill_between_notice_and_ledger_tells_nobody_twice(store: Store, news: Office) -> None:
    add(store, news)
    box = Box("mail")
    watch(store, news, [seen(1)], START, HOUR)
    held = store.get_sheet("subscription", "w1")
    assert held is not None
    # The ledger as it was before: as if the run had been killed after the notices were written.
    store.save_sheet(replace(held, doc={**held.doc, "told": {}}))
    watch(store, news, [seen(1)], START, HOUR)
    assert len(told(store, news, box, MINUTE)) == 1


@pytest.mark.parametrize(
    ("changes", "meant"),
    [
        ({}, True),
        ({"any_": ("爆管",)}, False),
        ({"any_": (), "all_": ("水管", "积水")}, True),
        ({"any_": (), "all_": ("水管", "停电")}, False),
        ({"none_": ("积水",)}, False),
        ({"any_": (), "phrases": ("文化路水管破裂",)}, True),
        ({"any_": (), "phrases": ("水管积水",)}, False),
        ({"places": ("3301",)}, True),
        ({"places": ("4101",)}, False),
        ({"sources": ("board",)}, True),
        ({"sources": ("weibo",)}, False),
        ({"severity": ("none",)}, True),
        ({"severity": ("major",)}, False),
        ({"heat": 2.0}, True),
        ({"heat": 9.0}, False),
    ],
)
def test_everything_given_must_hold(changes: dict[str, Any], meant: bool) -> None:
    one = seen(1)
    assert one.record.assessment is not None
    placed = {**one.record.assessment.value, "regions": [{"code": "330106", "name": "西湖区", "path": "浙江省/杭州市"}]}
    facts = facts_of(one.record.post, Assessment(placed, 1), 3.0)
    found = replace(ASKED, **changes).hits(facts, spoken(one.record.post.text))
    assert (found is not None) == meant


def test_a_report_of_wrongdoing_reaches_the_discipline_desk_alone(store: Store, news: Office) -> None:
    report = opened("board:1", excluded=("housing",))
    for number, department in enumerate(sorted(news.routing.departments)):
        add(store, news, id=f"w{number}", to=f"{department}/contact", any_=("水管",))
    assert len(news.routing.departments) > 10
    for one in (seen(1, case=report), seen(1, petition_kind="检举控告")):
        watch(store, news, [one], START, HOUR)
    heard = {notice.to for alarm in store.list_alarms() for notice in alarm.notices}
    assert heard == {f"{news.discipline_desk}/contact"}


def test_the_accused_never_hear_whatever_comes(news: Office) -> None:
    """Random subscribers, cases and judgements: who is excluded or accused hears nothing of a report."""
    chance, departments = random.Random(7), sorted(news.routing.departments)
    heard = 0
    for _ in range(2_000):
        excluded = tuple(chance.sample(departments, chance.randrange(1, 4)))
        case = opened("board:1", excluded=excluded if chance.random() < 0.7 else ())
        labels = {"petition_kind": chance.choice(["检举控告", "申诉求决"])}
        one = seen(1, case=case if chance.random() < 0.8 else None, **labels)
        who = replace(ASKED, to=f"{chance.choice(departments)}/head")
        report = labels["petition_kind"] == "检举控告" or (one.case is not None and bool(one.case.excluded))
        if may_hear(who, one, news):
            heard += 1
            assert not report or who.to == f"{news.discipline_desk}/head"
            assert one.case is None or who.to.partition("/")[0] not in one.case.excluded
    assert heard > 200


def test_the_hotline_is_for_those_who_have_the_case(news: Office) -> None:
    from tests.contract.stores.things import case

    one = seen(1)
    hotline = replace(one, record=replace(one.record, post=replace(one.record.post, kind="hotline")))
    assert not may_hear(ASKED, hotline, news)
    assert may_hear(ASKED, replace(hotline, case=case(1, to="housing")), news)
    assert may_hear(ASKED, replace(hotline, case=case(1, to="news", co=("housing",))), news)
    assert may_hear(replace(ASKED, to=f"{news.review_desk}/contact"), hotline, news)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"any_": ()}, "asks for words"),
    ({"any_": ("！？",)}, "no letter"),
    ({"severity": ("huge",)}, "no severity 'huge'"),
    ({"places": ("杭州",)}, "no division code"),
    ({"to": "nowhere/contact"}, "write DEPARTMENT/ROLE"),
    ({"to": "housing/boss"}, "write DEPARTMENT/ROLE"),
    ({"name": " "}, "has a name"),
]


def test_a_subscription_that_cannot_be_kept(store: Store, news: Office) -> None:
    for changes, said in WRONG:
        with pytest.raises(DomainError, match=said):
            add(store, news, **changes)
    assert store.list_sheets("subscription") == []


def test_they_are_listed_and_taken_away(store: Store, news: Office) -> None:
    kept = add(store, news, heat=2.5, places=("41",))
    assert subscriptions.subscriptions(store) == [kept]
    subscriptions.remove(store, "w1", "li", SEEN)
    with pytest.raises(NotFound):
        subscriptions.remove(store, "w1", "li", SEEN)
    assert [entry.what for entry in store.audit_entries()] == ["subscription_added", "subscription_removed"]
    assert watch(store, news, [seen(1)], START, HOUR) == 0
