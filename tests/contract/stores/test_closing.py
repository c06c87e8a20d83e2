"""What has to be on record before a case is closed, and who must release a marked one, on every store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.assessment import Assessment
from casework.domain.case import Case, replay
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.event import Event
from casework.domain.follow_up import answered_at
from casework.domain.marks import endorsed, standing
from casework.domain.moves import GATES
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.domain.times import show_time
from casework.ports import Store
from casework.records import User
from casework.services.closing import lacking, proposals
from casework.services.respond import act
from pipeline.settings import ROOT
from tests.contract.stores.things import assessment, post, put
from tests.unit.domain.making import HOUR, START, opened

ID = "case:board:1"
MINUTE = timedelta(minutes=1)
LEAD = [{"source": "board", "title": "某某某说", "text": "自来水有毒"}]


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


class Desk:
    """A case of one disposition and level, and people who act on it, minute by minute."""

    def __init__(self, store: Store, office: Office, disposition: str | None, severity: str = "none") -> None:
        self.store, self.office, self.at = store, office, START
        put(store, post("1", text="路灯坏了", url="https://board.example/1"))
        if disposition is not None:
            value = {**assessment().value, "disposition": {"label": disposition, "score": 0.9}}
            store.put_assessments({"board:1": (Assessment(value, 1), "")})
            store.refresh()
        case = opened(severity=severity)
        case = acts.assign(case, Route("housing", (), "测试"), "huiying", START, office.worktime)
        assert store.create_cases([case]) == [True]
        for role in ("office", "department", "principal"):
            store.put_user(User(role, role, "-", "housing" if role == "department" else None))

    @property
    def case(self) -> Case:
        return self.store.get_case(ID)

    def do(self, verb: str, by: str = "cli", **args: Any) -> Case:
        self.at += MINUTE
        return act(self.store, self.office, ID, verb, args, by, self.at)

    def answer(self, number: int = 1, by: str = "cli") -> None:
        """Draft, four reviews, publication: what outside scripts do, without a word more."""
        self.review(by)
        self.do("publish", url=f"https://gov.example/{number}", at=show_time(self.at))

    def review(self, by: str = "cli") -> None:
        self.do("draft", by, text="已修好。")
        for gate in GATES:
            self.do("review", gate=gate, ok="yes")


PLAIN = (None, "建设性意见", "实际困难", "不了解情况", "错误看法", "重大问题")


@pytest.mark.parametrize("disposition", PLAIN)
def test_the_published_answer_is_enough_for_an_ordinary_matter(
    store: Store, office: Office, disposition: str | None
) -> None:
    desk = Desk(store, office, disposition)
    desk.do("sign")
    if disposition is not None:
        assert lacking(store, office, desk.case), "before the answer something is missing"
    desk.answer()
    assert lacking(store, office, desk.case) == ()
    assert desk.do("close").state == "closed"
    assert replay(ID, desk.case.history).state == "closed"


def test_a_rumour_is_closed_when_its_lead_is_handed_over(store: Store, office: Office) -> None:
    desk = Desk(store, office, "虚假信息")
    desk.do("sign")
    desk.answer()
    with pytest.raises(IllegalMove, match=r"not on record: lead \(线索移交\) or no_lead .*recorded by admin, office"):
        desk.do("close")
    with pytest.raises(IllegalMove, match="lead is recorded by admin, office; department is department"):
        desk.do("record", "department", item="lead", text="移交", to="cyberspace", lead=json.dumps(LEAD))
    with pytest.raises(DomainError, match="leads go to public_security, cyberspace"):
        desk.do("record", "office", item="lead", text="移交", to="housing", lead=json.dumps(LEAD))
    with pytest.raises(DomainError, match="to is missing"):
        desk.do("record", "office", item="lead", text="移交", lead=json.dumps(LEAD))
    desk.do("record", "office", item="lead", text="移交", to="cyberspace", lead=json.dumps(LEAD))
    entry = desk.case.history[-1]
    assert entry.data["to"] == ["cyberspace"]
    assert entry.data["lead"] == LEAD
    assert desk.do("close").state == "closed"


def test_why_no_lead_is_handed_over_is_enough_too(store: Store, office: Office) -> None:
    desk = Desk(store, office, "虚假信息")
    desk.do("sign")
    desk.answer()
    desk.do("record", item="no_lead", text="发帖人已自行更正，未造成影响")
    assert desk.do("close").state == "closed"


def test_a_grave_matter_stays_open_until_the_result_is_published_for_itself(store: Store, office: Office) -> None:
    desk = Desk(store, office, "重大问题", "major")
    desk.do("sign")
    with pytest.raises(IllegalMove, match="publish it first"):
        desk.do("record", item="result", text="结果")
    desk.answer()
    # A level of 重大 opens the emergency track; it ends by its own review.
    case = desk.case
    store.save_case(case.after("emergency_closed", desk.at, "zhang", None, {"lifted": []}))
    with pytest.raises(IllegalMove, match=r"result .*findings .*rectified") as refused:
        desk.do("close")
    assert "close" not in refused.value.allowed
    desk.do("record", item="findings", text="管道老化")
    desk.do("record", item="rectified", text="已更换")
    # The same text at another address is the first information again.
    desk.do("publish", url="https://gov.example/again", at=show_time(desk.at))
    with pytest.raises(IllegalMove, match="a text drafted, reviewed and published after the first information"):
        desk.do("record", item="result", text="调查结果", url="https://gov.example/again")
    desk.review()
    desk.do("publish", url="https://gov.example/2", at=show_time(desk.at))
    with pytest.raises(DomainError, match="is not where result was published; write one of https"):
        desk.do("record", item="result", text="调查结果", url="https://elsewhere.example/2")
    desk.do("record", item="result", text="调查结果", url="https://gov.example/2")
    assert desk.case.history[-1].data["url"] == "https://gov.example/2"
    assert desk.do("close").state == "closed"


def test_every_major_case_asks_for_the_result(store: Store, office: Office) -> None:
    desk = Desk(store, office, "实际困难", "extraordinary")
    desk.do("sign")
    desk.answer()
    assert [text.split(" ")[0] for text in lacking(store, office, desk.case)] == ["result"]


def test_a_marked_matter_is_released_by_the_principal_alone(store: Store, office: Office) -> None:
    desk = Desk(store, office, "实际困难")
    desk.do("sign")
    with pytest.raises(DomainError, match="write one of tendency, common, strong, attention"):
        desk.do("mark", mark="loud", reason="吵")
    desk.do("mark", "office", mark="common", reason="多个小区反映")
    with pytest.raises(IllegalMove, match="already"):
        desk.do("mark", mark="common", reason="再来一次")
    desk.review("principal_writes")
    with pytest.raises(IllegalMove, match=r"marked 普遍性: .*豫办〔2016〕60号 三（七）") as refused:
        desk.do("publish", url="https://gov.example/1", at=show_time(desk.at))
    assert "endorse" in refused.value.allowed
    with pytest.raises(IllegalMove, match="cli is no account"):
        desk.do("endorse", ok="yes")
    with pytest.raises(IllegalMove, match="office may not"):
        desk.do("endorse", "office", ok="yes")
    assert desk.do("endorse", "principal", ok="no").state == "handling"
    assert desk.case.gates == ()
    desk.review()
    desk.do("endorse", "principal", ok="yes")
    signed = endorsed(desk.case)
    assert signed is not None
    assert signed.by == "principal"
    desk.do("publish", url="https://gov.example/1", at=show_time(desk.at))
    # Another text needs its own sign-off.
    desk.review()
    with pytest.raises(IllegalMove, match="sign it off"):
        desk.do("publish", url="https://gov.example/2", at=show_time(desk.at))
    desk.do("unmark", "office", mark="common", reason="经核只此一处")
    desk.do("publish", url="https://gov.example/2", at=show_time(desk.at))


def test_nobody_signs_off_his_own_text(store: Store, office: Office) -> None:
    desk = Desk(store, office, None)
    desk.do("sign")
    desk.do("mark", mark="strong", reason="反应强烈")
    case = desk.case
    # The role of the principal does not draft; an office may give it the right.
    drafted = acts.draft(case, "我来写", "principal", desk.at)
    for gate in GATES:
        drafted = acts.review(drafted, gate, True, "li", desk.at)
    store.save_case(drafted)
    with pytest.raises(IllegalMove, match="wrote the draft"):
        desk.do("endorse", "principal", ok="yes")


def test_a_mark_goes_along_into_the_case_that_takes_over(store: Store, office: Office) -> None:
    desk = Desk(store, office, None)
    desk.do("mark", mark="attention", reason="热搜")
    other = opened("board:2")
    store.create_cases([other])
    act(store, office, ID, "merge", {"into": "case:board:2"}, "zhang", desk.at + HOUR)
    assert standing(store.get_case("case:board:2")) == {"attention": f"自 {ID}"}


def test_marks_are_proposed_with_their_figures_and_never_set(store: Store, office: Office) -> None:
    desk = Desk(store, office, "实际困难")
    case = desk.case
    ids = tuple(f"board:{number}" for number in range(1, 8))
    store.put_events([Event(case.event, "路灯", ids, START, START, 9.5, ID)])
    found = {one.mark: one.reason for one in proposals(store, office, case, START)}
    assert set(found) >= {"common", "attention"}
    assert found["common"].startswith("事件共 7 篇，热度 9.5：")
    assert standing(desk.case) == {}
    desk.do("mark", mark="common", reason="同意")
    assert desk.case.history[-1].data["proposed"].startswith("事件共 7 篇")
    assert "common" not in {one.mark for one in proposals(store, office, desk.case, START)}


def test_an_office_that_asks_nothing_more_closes_as_before(store: Store, office: Office) -> None:
    bare = replace(office, closing=type(office.closing)())
    desk = Desk(store, bare, "虚假信息")
    desk.do("sign")
    desk.answer()
    assert desk.do("close").state == "closed"


def test_a_case_of_before_is_read_and_goes_on(store: Store, office: Office) -> None:
    """Its entries say nothing of notices, marks and follow-ups: what is new is left out where it has nothing to say."""
    case = Desk(store, office, None).case
    old = case.after(
        "extension_asked", START, "li", "要鉴定", {"rule": "case_finish", "to": show_time(START), "keys": []}
    )
    old = old.after("reopened", START, "li", None, {"clocks": []})
    store.save_case(old)
    read = store.get_case(ID)
    assert read.history == old.history
    assert standing(read) == {}
    assert endorsed(read) is None
    assert read.outbox == case.outbox
    merged = {
        "from": "case:x",
        "posts": ["board:8"],
        "messages": ["board:8"],
        "excluded": [],
        "rules": [],
        "clocks": [],
    }
    taken = read.after("absorbed", START, "li", None, merged)
    assert standing(replay(ID, taken.history)) == {}
    assert answered_at(taken) == {}
