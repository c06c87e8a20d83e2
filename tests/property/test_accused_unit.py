"""信访工作条例 第三十条, through every way out, whatever the office looks like and whoever acts in whatever order.

No unit that a 检举控告 reports, none below it and none that took over from it has the case, is told of it, or meets
it in a list, a count, a page, a paper, an alarm or a subscription.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from alerting import render, retry
from casework.config.load import load_office
from casework.domain import acts
from casework.domain.alarm import Finding
from casework.domain.assessment import Assessment
from casework.domain.case import Case
from casework.domain.departments import Department
from casework.domain.errors import DomainError
from casework.domain.event import Event
from casework.domain.matching import Facts
from casework.domain.moves import FROM
from casework.domain.notice import Delivery, Limits, Message
from casework.domain.office import Office
from casework.domain.subscription import Subscription
from casework.domain.times import SHANGHAI
from casework.ports import Store, StoreError
from casework.records import CaseFilter, Opened, PostRecord, User
from casework.services import alarms, assign, notify, respond, subscriptions, supervise
from casework.services.roster import OfficeRoster
from casework.stores.open import open_store
from dashboards import access
from pipeline import reports
from pipeline.settings import ROOT
from tests.contract.stores.things import assessment, post
from tests.property.offices import NAMES, Step, World, office_of, touched, worlds
from tests.unit.domain.making import START

HOUR = timedelta(hours=1)
TITLE = "示例小区路灯不亮"


@contextmanager
def fresh() -> Iterator[Store]:
    """A store of its own for each example: what one office left must not meet the next."""
    with TemporaryDirectory() as folder:
        found = open_store(f"sqlite:///{folder}/x.db")
        yield found
        found.close()


@pytest.fixture(scope="module")
def shipped() -> Office:
    return load_office(ROOT / "config")


@dataclass
class Ear:
    """A channel that keeps whom it told of what."""

    name: str = "ear"
    limits: Limits = field(default_factory=Limits)
    heard: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.heard.append(message)
        return Delivery(True)


def judged(report: bool, world: World, revision: int = 1) -> Assessment:
    value: dict[str, Any] = {**assessment(revision).value, "units": list(world.named)}
    value["message_type"] = {"label": "投诉", "score": 0.9}
    if report:
        value |= {"petition_kind": {"label": "检举控告", "score": 0.9}, "accused": list(world.accused)}
    return Assessment(value, revision)


def opened(number: int, world: World, office: Office, report: bool) -> tuple[Case, PostRecord]:
    """A case of one message, as opening makes it, with its post."""
    found = post(f"w{number}", TITLE)
    verdict = judged(report, world)
    from casework.services.opening import opening_of

    opener = SimpleNamespace(office=office, masker=SimpleNamespace(mask_text=str))
    record = PostRecord(found, assessment=verdict)
    key = f"case:{found.id}"
    opening: Any = opening_of(key, record, f"event:{found.id}", (found.id,), opener, "opened", "r", START)  # type: ignore[arg-type]
    facts = Facts(found.kind, found.source, petition_kind="检举控告" if report else "申诉求决")
    return acts.open_case(opening, office.frozen_rules(facts, START), START, office.worktime), record


def act(store: Store, office: Office, world: World, id_: str, step: Step, at: datetime, other: str) -> None:
    """One step of a person or of the system; what is refused changes nothing."""
    verb, one, two, _ = step
    args = {"to": one, "with": two, "reason": "理由", "text": "答复", "into": other}
    try:
        if verb == "join":
            case = store.get_case(id_)
            store.save_case(acts.join(case, f"board:j{case.version}", True, at, office.worktime))
        elif verb == "restrict":
            barred = {name for name in NAMES if touched(name, world)}
            store.save_case(acts.restrict(store.get_case(id_), "board:x", barred, at))
        else:
            assert verb in FROM
            respond.act(store, office, id_, verb, args, "somebody", at)
    except (DomainError, StoreError):
        return


COUNT = iter(range(10**9))


def lived(store: Store, world: World, office: Office, ear: Ear) -> tuple[str, datetime, list[Message]]:
    """The case's life: opened, routed, acted on, supervised, told; its id, the end, what was told while a report."""
    number = next(COUNT)
    case, record = opened(number, world, office, not world.late)
    other, _ = opened(next(COUNT), replace(world, accused=(NAMES[number % 4],)), office, True)
    store.put_posts([record.post], START)
    assert record.assessment is not None
    store.put_assessments({record.post.id: (record.assessment, "")})
    store.put_opened([Opened(record.post.id, case.event, "opened", case.id)])
    assert all(store.create_cases([case, other]))
    teller = notify.Teller(
        office,
        OfficeRoster(office),
        render.render,
        SimpleNamespace(channel_of=retry.channel_of, after_failure=retry.after_failure),
        lambda _kind, _to, _private: (ear,),
        timedelta(0),
    )
    at, after = START, len(ear.heard)
    for step in (*world.steps, ("restrict", "", "", 1), ("handle", "", "", 60 * 24 * 40)):
        report = store.get_case(case.id).petition_kind == "检举控告"
        after = after if report else len(ear.heard)
        assign.assign(store, office, at)
        if step[0] == "restrict":
            act(store, office, world, case.id, step, at, other.id)
            after = len(ear.heard) if not report else after
        supervise.supervise(store, office, at)
        notify.notify(store, teller, at)
        at += timedelta(minutes=step[3])
        act(store, office, world, case.id, step, at, other.id)
    alarms.raise_alarms(
        store, office, [Finding(f"topic:{number}", "爆", {"case_id": case.id, "title": TITLE}, kind="alarm")], at
    )
    subscribers(store, office, world, number, case.id, record, at)
    alarms.tell_alarms(store, teller, at, notify.NotifyCounts())
    supervise.supervise(store, office, at)
    notify.notify(store, teller, at)
    return case.id, at, ear.heard[after:]


def subscribers(
    store: Store, office: Office, world: World, number: int, id_: str, record: PostRecord, at: datetime
) -> None:
    """Everybody wants to hear of street lamps, as it comes and afterwards."""
    for name in NAMES:
        subscriptions.add(
            store, Subscription(f"s{number}{name}", "路灯", f"{name}/contact", "x", at, any_=("路灯",)), world.units
        )
    event = Event(f"event:{record.post.id}", TITLE, (record.post.id,), at, at, 1.0)
    seen = subscriptions.Seen(replace(record, event=event.id), event, store.get_case(id_))
    subscriptions.watch(store, office, [seen], at, timedelta(0))
    for name in NAMES:
        subscriptions.remove(store, f"s{number}{name}", "x", at)


def speaks_of(message: Message, id_: str) -> bool:
    return id_ in message.key or id_ in message.body or (message.link or "").endswith(id_)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_no_accused_unit_meets_the_case_anywhere(world: World, shipped: Office) -> None:
    with fresh() as store:
        check(world, store, office_of(world, shipped), Ear())


def check(world: World, store: Store, office: Office, ear: Ear) -> None:
    id_, at, told = lived(store, world, office, ear)
    case = store.get_case(id_)
    assert case.petition_kind == "检举控告"
    barred = {name for name in NAMES if touched(name, world)}
    have = {case.department, *case.co_departments, *case.watchers}
    assert not have & barred
    for message in told:
        if speaks_of(message, id_):
            department = message.recipient.id.split("/")[0]
            assert department not in barred
            assert (message.recipient.email or "?")[0] not in barred
    users = [User("u", role, "", name) for name in sorted(barred) for role in office.roles]
    for user in users:
        assert not access.visible(user, office, case)
        assert not seen_in_lists(store, office, user, id_)
        assert not any(access.may_do(user, office, case, verb) and access.visible(user, office, case) for verb in FROM)
    assert paper_of(store, office, at, id_) == []


def seen_in_lists(store: Store, office: Office, user: User, id_: str) -> list[str]:
    """By which lists and counts the user would meet the case."""
    where = access.list_filter(user, office, CaseFilter(post=id_.removeprefix("case:")))
    if where is None:
        return []
    found = [case.id for case in store.list_cases(where)]
    found += [case.id for case in store.page_cases(replace(where, words="路灯"), 0, 10).cases]
    counted = sum(store.count_cases("state", where).values()) + store.page_cases(where, 0, 1).total
    return found + ["counted"] * counted


def paper_of(store: Store, office: Office, at: datetime, id_: str) -> Sequence[str]:
    """What of the case stands in the daily papers of its first and last day."""
    joined: Any = SimpleNamespace(store=store, office=office)
    days = {START.astimezone(SHANGHAI).date(), at.astimezone(SHANGHAI).date()}
    texts = [repr(reports.daily_figures(joined, day, at)) for day in days]
    return [text for text in texts if id_ in text or id_.removeprefix("case:") in text]


def test_the_ways_out_are_not_empty(shipped: Office) -> None:
    """An ordinary case of the same office is met in every one of them: the property above does not pass on nothing."""
    units = {
        name: Department(name, f"{name}局", contacts={"contact": (name, f"{name}@x.example", None)}) for name in NAMES
    }
    world = World(units, ("a", "b", "c", "d", "a"), ("h",), (), True, ("g",))
    with fresh() as store:
        met(store, world, office_of(world, shipped), Ear())


def met(store: Store, world: World, office: Office, ear: Ear) -> None:
    number = next(COUNT)
    case, record = opened(number, world, office, False)
    store.put_posts([record.post], START)
    assert record.assessment is not None
    store.put_assessments({record.post.id: (record.assessment, "")})
    assert all(store.create_cases([case]))
    assign.assign(store, office, START)
    teller = notify.Teller(
        office,
        OfficeRoster(office),
        render.render,
        SimpleNamespace(channel_of=retry.channel_of, after_failure=retry.after_failure),
        lambda _kind, _to, _private: (ear,),
        timedelta(0),
    )
    subscribers(store, office, world, number, case.id, record, START)
    notify.notify(store, teller, START)
    alarms.tell_alarms(store, teller, START, notify.NotifyCounts())
    told = {message.recipient.id for message in ear.heard if speaks_of(message, case.id)}
    assert {"g/contact", "d/contact"} <= told
    assert {f"{name}/contact" for name in NAMES} <= told
    user = User("u", "department", "", "g")
    assert len(seen_in_lists(store, office, user, case.id)) == 4
    assert access.visible(user, office, store.get_case(case.id))
    assert access.visible(User("u", "department", "", "d"), office, store.get_case(case.id))
    assert paper_of(store, office, START, case.id)
