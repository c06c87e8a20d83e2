"""Telling over a store: one message for many notices, silences, quotas, dead letters, receipts; both stores alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.notice import Delivery, Limits
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.domain.silence import Silence
from casework.ports import CaseFilter, Conflict, NotFound, Sheet, Store
from casework.services import dead_letters, silences
from casework.services.holding import open_gate
from casework.services.notice_facts import facts_of_notice
from casework.services.notify import NotifyCounts, Teller, Wanted, attempt, notify
from casework.services.supervise import supervise
from tests.contract.stores.things import alarm, case
from tests.unit.domain.making import ANSWER, HOUR, START, WORKTIME, opened
from tests.unit.telling.making import TAKEN, Box, Receipts, office, teller

MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR
REFUSED, BUSY = Delivery(False, detail="550 unknown"), Delivery(False, retry=True, detail="busy", retry_after=90)


@pytest.fixture(scope="module")
def news() -> Office:
    return office()


def many(number: int) -> Case:
    """A case of many messages, each owed an answer, at a department and told so."""
    found = opened("board:0", rules=(ANSWER,))
    for index in range(1, number):
        found = acts.join(found, f"board:{index}", True, START + index * MINUTE, WORKTIME)
    return found


def round_(store: Store, mail: Teller, at_hours: float) -> dict[str, int]:
    store.refresh()
    counts = notify(store, mail, START + at_hours * HOUR).to_json()
    store.refresh()
    return counts


def test_two_hundred_messages_on_one_matter_are_one_alarm_with_the_count(store: Store, news: Office) -> None:
    store.create_cases([many(200)])
    box = Box("mail")
    mail = teller(news, box)
    now = START + 10 * DAY
    store.refresh()
    supervise(store, replace(news, worktime=WORKTIME), now)
    waiting = store.get_case("case:board:0").waiting()
    assert len(waiting) == 400, "200 overdue to the head, 200 escalated to the leader"
    hours = (now - START) / HOUR
    round_(store, mail, hours)
    told = [(one.kind, one.recipient.id.rpartition("/")[2]) for one in box.given]
    assert sorted(told) == [("escalated", "leader"), ("overdue", "head")]
    overdue = next(one for one in box.given if one.kind == "overdue")
    assert "本案共 200 件诉求同此情形" in overdue.body
    found = store.get_case("case:board:0")
    assert found.waiting() == ()
    assert {notice.state for notice in found.outbox} == {"sent"}
    assert len(found.history) - len([e for e in found.history if e.what != "notified"]) == 2
    assert round_(store, mail, hours + 1)["in"] == 0
    assert len(box.given) == 2


def test_more_of_the_same_waits_until_the_time_between_two_messages_is_over(store: Store, news: Office) -> None:
    found = many(3)
    store.create_cases([found])
    box = Box("mail")
    mail, desk = teller(news, box, every=timedelta(hours=3)), replace(news, worktime=WORKTIME)
    first = min(clock.due for clock in found.clocks if clock.due)
    for step in range(0, 8):
        # Each message is received a minute later, but their limits end at the same midnight: let one be moved.
        now = first + step * HOUR
        store.refresh()
        supervise(store, desk, now)
        if step == 1:
            joined = acts.join(store.get_case(found.id), "board:9", True, START - 3 * DAY, WORKTIME)
            store.save_case(joined)
        store.refresh()
        notify(store, mail, now)
    overdue = [one for one in box.given if one.kind == "overdue"]
    assert len(overdue) == 2, "the later one is told, once the time is over"
    assert "共 3 件" in overdue[0].body
    assert store.get_case(found.id).waiting() == ()


def test_a_message_says_who_what_where_how_serious_and_what_to_do(store: Store, news: Office) -> None:
    found = acts.assign(replace(opened("board:1"), places=("410105",)), _route("housing"), "huiying", START, WORKTIME)
    told = replace(teller(news, box := Box("mail")), place=lambda code: {"410105": "河南省/郑州市/金水区"}[code])
    gate = open_gate(store, START, None)
    facts = facts_of_notice(found, found.outbox[0], news, START, 1, told.place(found.places[0]) if told.place else None)
    attempt(Wanted(found.outbox[0], "housing/contact", facts, "http://127.0.0.1/1"), told, gate, NotifyCounts())
    (message,) = box.given
    for said in (
        *("【交办】路灯不亮", "事项编号：case:board:1", "承办单位：郑州市住房保障和房地产管理局"),
        *(
            "涉及地区：河南省/郑州市/金水区",
            "严重程度：非突发事件",
            "办理时限：",
            "时限依据：",
            "请您办理：请签收并办理",
        ),
    ):
        assert said in message.body, said
    assert message.fields["due"] in message.body


def test_another_rung_and_an_act_are_news_at_once(store: Store, news: Office) -> None:
    given = acts.give_back(case(1, to="housing"), "不属本单位", "zhang", START, WORKTIME)
    again = acts.assign(given, _route("housing"), "huiying", START, WORKTIME)
    store.create_cases([again])
    box = Box("mail")
    round_(store, teller(news, box, every=DAY), 0)
    assert sorted(one.kind for one in box.given) == ["assigned", "assigned", "returned"]


def _report(post: str) -> Case:
    held = _route("discipline", held=True)
    return acts.assign(opened(post, excluded=("housing",)), held, "huiying", START, WORKTIME)


def _route(to: str, held: bool = False) -> Route:
    return Route(to, (), "测试", held=held)


def test_a_silence_holds_back_until_it_ends_and_nothing_is_lost(store: Store, news: Office) -> None:
    store.create_cases([case(1, to="housing"), case(2, to="news")])
    quiet = Silence("s1", START, START + 5 * HOUR, "li", "系统检修", departments=("housing",))
    silences.add_silence(store, quiet, news.routing.departments)
    assert store.list_sheets("silence")[0].doc["reason"] == "系统检修"
    box = Box("mail")
    assert round_(store, teller(news, box), 1) == {"in": 2, "sent": 1, "waiting": 1, "failed": 0}
    assert [one.recipient.id for one in box.given] == ["news/contact"]
    assert [one.id for one in silences.silences(store, START + HOUR)] == ["s1"]
    silences.end_silence(store, "s1", "wang", START + 2 * HOUR)
    assert silences.silences(store, START + 2 * HOUR) == []
    assert round_(store, teller(news, box), 2)["sent"] == 1
    with pytest.raises(DomainError, match="ended already"):
        silences.end_silence(store, "s1", "wang", START + 3 * HOUR)
    with pytest.raises(NotFound):
        silences.end_silence(store, "s2", "wang", START)
    assert [entry.what for entry in store.audit_entries()] == ["silence_added", "silence_ended"]


def test_no_silence_hides_a_grave_matter_unless_it_names_it() -> None:
    grave = replace(case(1, to="housing"), severity="major")
    (notice,) = grave.waiting()
    broad = Silence("a", START, START + DAY, "li", "检修", roles=("contact",))
    assert broad.holds(case(1, to="housing"), notice, START)
    assert not broad.holds(grave, notice, START)
    assert replace(broad, cases=(grave.id,)).holds(grave, notice, START)
    assert not broad.holds(case(1, to="housing"), notice, START + DAY)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"until": START}, "later end"),
    ({"reason": " "}, "why"),
    ({"departments": ()}, "silence of everything"),
    ({"kinds": ("asigned",)}, "no kind of notice 'asigned'"),
    ({"departments": ("nowhere",)}, "no such department 'nowhere'"),
]


def test_a_silence_that_may_not_begin(store: Store, news: Office) -> None:
    asked = Silence("a", START, START + HOUR, "li", "检修", departments=("housing",))
    for changes, said in WRONG:
        with pytest.raises(DomainError, match=said):
            silences.add_silence(store, replace(asked, **changes), news.routing.departments)
    assert store.list_sheets("silence") == []


def test_a_full_channel_is_given_no_more_by_however_many_senders(store: Store, news: Office) -> None:
    store.create_cases([case(number, to="housing") for number in range(12)])
    box = Box("robot", Limits(per_minute=8))
    first = round_(store, teller(news, box), 0)
    assert (first["sent"], first["waiting"]) == (6, 6), "a quarter is left for what is urgent"
    # Another process of the same store: it knows what the first one sent.
    second = round_(store, teller(news, Box("robot", Limits(per_minute=8))), 0.5 / 60)
    assert (second["sent"], second["waiting"]) == (0, 6)
    assert round_(store, teller(news, box), 1 / 60 + 0.001)["sent"] == 6
    assert len(box.given) == 12
    assert not any(one.attempts for found in store.list_cases(CaseFilter()) for one in found.outbox)


def test_a_failure_is_tried_again_then_elsewhere_then_kept_as_a_dead_letter(store: Store, news: Office) -> None:
    store.create_cases([case(1, to="housing"), case(2)])
    mail, spare = Box("mail", answers=[BUSY, REFUSED]), Box("sms", answers=[REFUSED])
    both = teller(news, mail, spare)
    assert round_(store, both, 0)["waiting"] == 1
    assert round_(store, both, 1 / 60)["in"] == 0, "Retry-After asks for 90 s, more than the table's minute"
    assert round_(store, both, 2 / 60)["waiting"] == 1
    assert round_(store, both, 2 / 60)["failed"] == 1
    assert (len(mail.given), len(spare.given)) == (2, 1)
    assert len({one.key for one in (*mail.given, *spare.given)}) == 1, "receivers drop repeats by the key"
    (dead,) = dead_letters.notices(store, "failed")
    assert (dead.owner, dead.notice.detail) == ("case:board:1", "sms: 550 unknown")
    assert [found.id for found in store.list_cases(CaseFilter(dead=True))] == ["case:board:1"]
    assert round_(store, both, 5)["in"] == 0
    dead_letters.resend(store, dead_letters.find_dead(store, dead.notice.key), "li", START + 6 * HOUR)
    assert list(dead_letters.notices(store, "failed")) == []
    with pytest.raises(Conflict):
        dead_letters.resend(store, dead, "li", START + 6 * HOUR)
    assert round_(store, both, 6)["sent"] == 1
    with pytest.raises(NotFound):
        dead_letters.find_dead(store, dead.notice.key)
    assert store.check() == [f"{i}: post board:{n} is not in the store" for n in (1, 2) for i in [f"case:board:{n}"]]


def test_an_alarm_that_was_given_up_is_sent_again_too(store: Store, news: Office) -> None:
    from casework.services.alarms import tell_alarms

    store.save_alarm(alarm())
    box = Box("mail", answers=[REFUSED])
    assert tell_alarms(store, teller(news, box), START + DAY, NotifyCounts()).failed == 1
    (dead,) = dead_letters.notices(store, "failed")
    dead_letters.resend(store, dead, "li", START + DAY)
    assert tell_alarms(store, teller(news, box), START + DAY, NotifyCounts()).sent == 1


def test_a_report_of_wrongdoing_goes_to_no_group_and_to_nobody_reported(store: Store, news: Office) -> None:
    report = acts.assign(
        opened("board:1", excluded=("housing",)), _route("discipline", held=True), "huiying", START, WORKTIME
    )
    store.create_cases([report])
    group, alone = Box("group", Limits(shared=True)), Box("mail")
    assert round_(store, teller(news, group, alone), 0)["sent"] == 1
    assert (len(group.given), len(alone.given)) == (0, 1)
    other = acts.assign(
        opened("board:2", excluded=("housing",)), _route("discipline", held=True), "huiying", START, WORKTIME
    )
    store.create_cases([other])
    assert round_(store, teller(news, group), 0)["failed"] == 1
    assert group.given == []
    (dead,) = dead_letters.notices(store, "failed")
    assert "one person alone" in dead.notice.detail


@pytest.mark.parametrize("arrived", [True, False, None])
def test_a_receipt_is_asked_for_until_the_service_knows(store: Store, news: Office, arrived: bool | None) -> None:
    store.create_cases([case(1, to="housing")])
    sms = Receipts("sms", answers=[replace(TAKEN, receipt="r-1")])
    spare = Box("mail")
    both = teller(news, sms, spare)
    round_(store, both, 0)
    (notice,) = store.get_case("case:board:1").outbox
    assert (notice.state, notice.receipt) == ("sent", "r-1")
    round_(store, both, 2 / 60)
    assert store.get_case("case:board:1").outbox[0].receipt == "r-1", "not known yet: asked again"
    sms.arrived = None if arrived is None else Delivery(arrived, detail="MOBILE_NOT_ON_SERVICE")
    round_(store, both, 2)
    (notice,) = store.get_case("case:board:1").outbox
    assert notice.receipt is None
    assert len(spare.given) == 0
    round_(store, both, 2)
    assert len(spare.given) == (1 if arrived is False else 0), "what did not arrive goes the other way"
    assert store.get_case("case:board:1").notify_at is None


def test_sheets_are_kept_by_kind_and_two_writers_told_apart(store: Store) -> None:
    store.save_sheet(Sheet("silence", "b", {"x": 1}))
    store.save_sheet(Sheet("silence", "a", {"x": {"y": [1, "二"]}}))
    store.save_sheet(Sheet("quota", "a", {}))
    assert [(one.id, one.doc) for one in store.list_sheets("silence")] == [
        ("a", {"x": {"y": [1, "二"]}}),
        ("b", {"x": 1}),
    ]
    with pytest.raises(Conflict):
        store.save_sheet(Sheet("silence", "a", {}))
    held = store.get_sheet("silence", "a")
    assert held is not None
    store.save_sheet(replace(held, doc={"x": 2}))
    with pytest.raises(Conflict):
        store.save_sheet(replace(held, doc={"x": 3}))
    assert store.drop_sheet("silence", "a")
    assert not store.drop_sheet("silence", "a")
    assert store.get_sheet("silence", "a") is None
    assert store.get_sheet("nothing", "a") is None


def test_histories_of_before_grouping_are_read(store: Store) -> None:
    found = case(1, to="housing")
    told = found.after("notified", START, "huiying", None, {"key": found.outbox[0].key, "channel": "console"})
    store.create_cases([told])
    assert store.get_case(told.id).outbox[0].state == "sent"
