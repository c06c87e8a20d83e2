"""The emergency track on every store: from the first minute to the review."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.config.load import load_office
from casework.domain import acts
from casework.domain.case import Case, replay
from casework.domain.clock import FrozenRule
from casework.domain.emergency import is_open, track, trail, urgent
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.office import Office
from casework.domain.times import parse_time, show_time, store_time
from casework.ports import Store
from casework.records import User
from casework.services.emergency import act, picture, said_of, tracks
from casework.services.respond import act as act_on_case
from casework.services.supervise import supervise
from pipeline import cli
from pipeline.settings import ROOT
from tests.contract.stores.things import post, put
from tests.unit.domain.making import HOUR, START

MINUTE = timedelta(minutes=1)
ID = "case:board:1"


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


def grave(office: Office, severity: str | None = "major", number: int = 1) -> Case:
    """A case of that level with the office's rules for emergencies."""
    wanted = ("report_phone_major", "report_paper_major", "authoritative_info_major", "press_conference_major")
    rules = {rule.id: rule for rule in office.deadline_rules}
    chosen = wanted if severity == "major" else ("case_finish",)
    frozen = [FrozenRule.freeze(rules[id_], office.ladders[rules[id_].ladder], START) for id_ in chosen]
    opening = acts.Opening(
        id=f"case:board:{number}",
        trigger=f"board:{number}",
        title="某路段坍塌",
        posts=(f"board:{number}", "weibo:9"),
        messages=(),
        event=f"event:board:{number}",
        severity=severity,
        petition_kind=None,
        board_domain=None,
        excluded=(),
        state="opened",
        reason="grave",
        moments={"discovered": START, "occurred": START, "assigned": START},
    )
    return acts.open_case(opening, [rule for rule in frozen if rule is not None], START, office.worktime)


def shown(store: Store, office: Office, now: datetime) -> dict[str, Any]:
    case = store.get_case(ID)
    return picture(
        case, office, store.get_posts(list(case.posts)).values(), now, lambda text: text.replace("13800000000", "***")
    )


def test_the_track_from_the_first_minute_to_its_review(store: Store, office: Office) -> None:
    put(store, post(1), post(9, kind="weibo", published_at=START - 30 * MINUTE))
    assert all(store.create_cases([grave(office)]))
    found = shown(store, office, START + 10 * MINUTE)
    assert [(one["rule"], one["left"]) for one in found["countdown"]][:2] == [
        ("report_phone_major", "还有 5 分"),
        ("report_paper_major", "还有 25 分"),
    ]
    # The first post of the net is the message, one minute after the start.
    assert (found["net"]["trails"], found["net"]["behind_minutes"]) == (True, 9)
    assert said_of(found["net"]) == ["信息报送滞后于网络：网上已出现 9 分钟，尚未报送"]
    act_on_case(store, office, ID, "fulfil", {"rule": "report_phone_major"}, "zhang", START + 12 * MINUTE)
    args = {"text": "3 人受伤，联系人 13800000000", "source": "120", "at": show_time(START + 11 * MINUTE)}
    act(store, office, ID, "inform", args, "zhang", START + 13 * MINUTE)
    act(
        store,
        office,
        ID,
        "inform",
        {"text": "道路封闭", "source": "交警", "at": show_time(START)},
        "zhang",
        START + 14 * MINUTE,
    )
    act(store, office, ID, "told", {"who": "分管副市长", "how": "电话"}, "zhang", START + 15 * MINUTE)
    found = shown(store, office, START + 20 * MINUTE)
    assert [one["text"] for one in found["information"]] == ["道路封闭", "3 人受伤，联系人 ***"]
    assert [(one["who"], one["how"]) for one in found["told"]] == [("分管副市长", "电话")]
    assert said_of(found["net"]) == ["信息报送滞后于网络：首报比网上晚 11 分钟"]
    assert [case.id for case in tracks(store)] == [ID]
    end(store, office)


def end(store: Store, office: Office) -> None:
    """It ends when all that is required is done or not needed, and there is a review."""
    later = START + 5 * HOUR
    required = [item.id for item in office.checklist if item.required]
    with pytest.raises(DomainError, match=rf"{len(required)} item\(s\) of the checklist are not done: {required[0]}"):
        act(store, office, ID, "close", {}, "li", later)
    for item in required[1:]:
        act(store, office, ID, "check", {"item": item}, "li", later)
    act(store, office, ID, "check", {"item": required[0], "not_needed": "与他案相同"}, "li", later)
    with pytest.raises(DomainError, match="no review"):
        act(store, office, ID, "close", {}, "li", later)
    act(store, office, ID, "review", {"text": "首报及时；发布偏晚。"}, "li", later)
    act(store, office, ID, "close", {}, "li", later)
    store.refresh()
    case = store.get_case(ID)
    assert not is_open(case)
    assert replay(case.id, case.history) == case
    assert list(tracks(store)) == []
    found = shown(store, office, later)
    assert (found["open"], found["review"]) == (False, "首报及时；发布偏晚。")
    line = next(one for one in found["checklist"] if one["item"] == required[0])
    assert (line["not_needed"], line["done_at"]) == ("与他案相同", None)


def test_what_is_newer_on_the_net_than_the_last_report_is_counted(office: Office) -> None:
    case = acts.fulfil(grave(office), "report_phone_major", START + 5 * MINUTE, "zhang", START + 6 * MINUTE)
    posts = [("hotline", START), ("weibo", START + 20 * MINUTE), ("news", START + 30 * MINUTE)]
    found = trail(case, posts)
    # A call to the hotline is not on the net: the report came first.
    assert (found.behind(START + HOUR), found.newer) == (None, 2)
    assert trail(case, posts[:1]).behind(START + HOUR) is None


def test_by_hand_with_its_level(store: Store, office: Office) -> None:
    assert all(store.create_cases([grave(office, "none"), grave(office, None, 2)]))
    assert track(store.get_case(ID)) is None
    with pytest.raises(DomainError, match="no such level"):
        act(store, office, ID, "open", {"level": "grave", "reason": "x"}, "li", START + HOUR)
    with pytest.raises(DomainError, match="reason is missing"):
        act(store, office, ID, "open", {"level": "ordinary", "reason": " "}, "li", START + HOUR)
    with pytest.raises(DomainError, match="no open emergency track; open one"):
        act(store, office, ID, "review", {"text": "x"}, "li", START + HOUR)
    act(store, office, ID, "open", {"level": "ordinary", "reason": "现场有人聚集"}, "li", START + HOUR)
    with pytest.raises(DomainError, match="open already"):
        act(store, office, ID, "open", {"level": "major", "reason": "x"}, "li", START + HOUR)
    store.refresh()
    case = store.get_case(ID)
    assert (case.severity, urgent(case)) == ("ordinary", True)
    assert [one.id for one in tracks(store)] == [ID]


def test_a_case_is_not_closed_while_its_track_is_open(office: Office) -> None:
    link = {"url": "https://x.example", "at": store_time(START)}
    published = grave(office).after("published", START, "li", None, link)
    with pytest.raises(IllegalMove, match="emergency track is open"):
        acts.close(published, "li", START + HOUR)


def test_nothing_is_recorded_of_the_future(store: Store, office: Office) -> None:
    assert all(store.create_cases([grave(office)]))
    args = {"text": "x", "source": "y", "at": show_time(START + HOUR)}
    with pytest.raises(DomainError, match="after now"):
        act(store, office, ID, "inform", args, "li", START)
    with pytest.raises(DomainError, match="no such item 'nothing'"):
        act(store, office, ID, "check", {"item": "nothing"}, "li", START)


def test_the_commands(store: Store, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(store, post(1))
    assert all(store.create_cases([grave(office)]))
    store.refresh()
    text = tmp_path / "review.txt"
    text.write_text("复盘", encoding="utf-8")
    common = ["--store", store.url, "--config", str(ROOT / "config"), "--now", show_time(START + 2 * HOUR), "--json"]

    def run(*arguments: str) -> tuple[int, Any]:
        code = cli.run(["emergency", *arguments, *common])
        return code, json.loads(capsys.readouterr().out)

    assert run("list")[1]["case"] == ID
    assert run("show", ID)[1]["open"] is True
    assert run("inform", ID, "--text", "情况", "--source", "现场")[1]["information"][0]["text"] == "情况"
    assert run("told", ID, "--who", "局长", "--how", "电话")[1]["told"][0]["who"] == "局长"
    assert run("review", ID, "--text-file", str(text))[1]["review"] == "复盘"
    code, answer = run("close", ID)
    assert (code, answer["error"]["kind"]) == (2, "wrong_value")
    for item in office.checklist:
        assert run("check", ID, item.id)[0] == 0
    code, answer = run("close", ID)
    assert (code, answer["open"]) == (0, False)
    assert parse_time(answer["closed_at"]) == START + 2 * HOUR
    assert run("open", ID, "--level", "major", "--reason", "余震")[1]["open"] is True
    assert cli.run(["emergency", "show", ID, *common[:-1]]) == 0
    assert "突发事件处置中" in capsys.readouterr().out


def test_a_level_opens_the_track_with_its_reports_by_the_clock_until_it_ends(store: Store, office: Office) -> None:
    put(store, post(1))
    assert all(store.create_cases([grave(office, "none")]))
    act(store, office, ID, "open", {"level": "serious", "reason": "两人受伤"}, "li", START + HOUR)
    found = shown(store, office, START + HOUR)
    assert (found["opened_by"], found["reason"], found["level"]) == ("li", "两人受伤", "serious")
    # Known at 09:00 of that day: the next report is due at 17:00, then at 08:00 of the next day.
    assert ("report_followup", "2026-03-02T17:00:00+08:00") in [(one["rule"], one["due"]) for one in found["countdown"]]
    supervise(store, office, parse_time("2026-03-05T09:00:00+08:00"))
    case = store.get_case(ID)
    dues = [clock.due for clock in case.clocks if clock.rule.id == "report_followup"]
    told = [entry for entry in case.history if entry.what == "overdue" and "followup" in entry.data["clock"]]
    # 17:00 and 08:00 of three days that nobody looked, each once; the one of 17:00 today is ahead.
    assert (len(dues), len(set(dues)), len(told)) == (7, 7, 6)
    assert [entry.data["moment"] for entry in told] == sorted(entry.data["moment"] for entry in told)
    for item in office.checklist:
        act(store, office, ID, "check", {"item": item.id}, "li", case.history[-1].at)
    act(store, office, ID, "review", {"text": "续报迟了"}, "li", case.history[-1].at)
    act(store, office, ID, "close", {}, "li", case.history[-1].at)
    ended = store.get_case(ID)
    assert [clock for clock in ended.running() if clock.rule.times] == []
    assert replay(ended.id, ended.history) == ended
    assert supervise(store, office, parse_time("2026-03-09T09:00:00+08:00")).looked <= 1
    later = store.get_case(ID)
    assert not any(entry.what == "recounted" and entry.at > ended.history[-1].at for entry in later.history)


def test_a_merge_carries_the_emergency_on(store: Store, office: Office) -> None:
    assert all(store.create_cases([grave(office), grave(office, "none", 2)]))
    act_on_case(store, office, ID, "merge", {"into": "case:board:2"}, "li", START + HOUR)
    store.refresh()
    winner = store.get_case("case:board:2")
    assert (is_open(store.get_case(ID)), is_open(winner), winner.severity) == (False, True, "major")
    assert [case.id for case in tracks(store)] == ["case:board:2"]
    assert replay(winner.id, winner.history) == winner
    with pytest.raises(DomainError, match="no open emergency track"):
        act(store, office, ID, "review", {"text": "x"}, "li", START + HOUR)


def test_who_has_not_the_right_records_nothing_on_the_track(store: Store, office: Office) -> None:
    store.create_cases([grave(office)])
    for name, role, disabled in (("bureau", "department", False), ("boss", "leader", False), ("gone", "office", True)):
        store.put_user(User(name, role, "-", "housing" if role == "department" else None, disabled))
    store.put_user(User("desk", "office", "-"))
    version = store.get_case(ID).version
    args = {"text": "已疏散", "source": "现场"}
    for by in ("bureau", "boss", "gone"):
        with pytest.raises(IllegalMove, match=f"emergency inform is not allowed .*{by} may not, as"):
            act(store, office, ID, "inform", args, by, START + HOUR)
    assert store.get_case(ID).version == version
    assert act(store, office, ID, "inform", args, "desk", START + HOUR).history[-1].by == "desk"
