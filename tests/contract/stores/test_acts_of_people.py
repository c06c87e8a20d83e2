"""What a person enters is held to what can be, on every store."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from casework.config.load import load_office
from casework.domain import acts, happenings
from casework.domain.case import Case, replay
from casework.domain.clock import FrozenRule
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.office import Office
from casework.domain.routing import Route
from casework.domain.times import full_time, show_time, store_time
from casework.ports import Store
from casework.services.respond import act
from casework.services.supervise import supervise
from pipeline import cli
from pipeline.commands.cases import history
from pipeline.settings import ROOT
from tests.contract.stores.things import SEEN, case, post, put
from tests.unit.domain.making import HOUR, LADDER, START, WORKTIME, opened

LATER = START + 30 * HOUR
URL = "https://www.example.gov.example/answers/1"


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


DESK = "郑州市住房保障和房地产管理局"


def approved(at: datetime = START) -> Case:
    """Ready to be published."""
    found = acts.draft(acts.sign(case(1, to="housing", at=at), "zhang", at, WORKTIME), "已修复。", "zhang", at)
    for gate in ("first", "second", "third", "secrecy"):
        found = acts.review(found, gate, True, "li", at)
    return found


def stored(store: Store, *cases: Case) -> None:
    assert all(store.create_cases(cases))
    store.refresh()


def before_and_now(store: Store) -> Case:
    return store.get_case("case:board:1")


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-1, "before the matter was known"), (-24 * 3650, "before the matter was known"), (31, "after now")],
)
def test_an_answer_is_not_dated_before_the_matter_nor_after_now(
    store: Store, office: Office, hours: int, said: str
) -> None:
    stored(store, approved())
    before = before_and_now(store)
    given = {"url": URL, "at": store_time(START + hours * HOUR)}
    with pytest.raises(DomainError, match=said):
        act(store, office, "case:board:1", "publish", given, "li", LATER)
    with pytest.raises(DomainError, match=said):
        act(store, office, "case:board:1", "fulfil", {"rule": "case_finish", "at": given["at"]}, "li", LATER)
    assert before_and_now(store) == before
    act(store, office, "case:board:1", "publish", {"url": URL, "at": store_time(START)}, "li", LATER)
    assert before_and_now(store).publications == ((URL, START),)


@pytest.mark.parametrize(
    "url", ["notaurl", "https://", "https:///a", "ftp://a.example/1", "http://a.example/ b", "http://[x"]
)
def test_an_address_is_one_that_can_be_opened(store: Store, office: Office, url: str) -> None:
    stored(store, approved())
    with pytest.raises(DomainError, match="is no address"):
        act(store, office, "case:board:1", "publish", {"url": url, "at": store_time(START)}, "li", LATER)
    assert before_and_now(store).state == "approved"


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("pause", {"reason": "等待鉴定"}),
        ("handle", {}),
        ("draft", {"text": "已修复。"}),
        ("merge", {"into": "case:board:2"}),
    ],
)
def test_a_history_does_not_run_backwards(store: Store, office: Office, verb: str, args: dict[str, str]) -> None:
    stored(store, acts.sign(case(1, to="housing"), "zhang", LATER, WORKTIME), opened("board:2"))
    with pytest.raises(DomainError, match=r"2026-03-03T14:59:59\+08:00.*signed at 2026-03-03T15:00:00\+08:00"):
        act(store, office, "case:board:1", verb, args, "zhang", LATER - timedelta(seconds=1))
    assert before_and_now(store).version == 3
    assert act(store, office, "case:board:1", verb, args, "zhang", LATER).version > 3


def test_a_merge_before_the_last_entry_of_the_winner_is_refused(store: Store, office: Office) -> None:
    stored(store, case(1, to="housing"), opened("board:2", at=LATER))
    with pytest.raises(DomainError, match="does not run backwards"):
        act(store, office, "case:board:1", "merge", {"into": "case:board:2"}, "zhang", START)
    assert before_and_now(store).state == "assigned"


def test_an_extension_is_held_to_what_its_rule_allows(store: Store, office: Office) -> None:
    rules = {rule.id: rule for rule in office.deadline_rules}
    frozen = [
        FrozenRule.freeze(rules[id_], LADDER, START) for id_ in ("petition_finish", "petition_return", "case_finish")
    ]
    found = with_rules([rule for rule in frozen if rule is not None], office)
    stored(store, found)
    due = {clock.rule.id: clock.due for clock in found.clocks}

    def extend(rule: str, to: datetime, now: datetime = LATER) -> Case:
        args = {"rule": rule, "to": store_time(to), "reason": "情况复杂"}
        return act(store, office, found.id, "extend", args, "li", now)

    petition, own = due["petition_finish"], due["case_finish"]
    assert petition is not None
    assert own is not None
    with pytest.raises(
        IllegalMove, match=r"at most 30 calendar_days, to 2026-06-06T00:00:00\+08:00: 信访工作条例 第三十四条"
    ):
        extend("petition_finish", petition + timedelta(days=30, seconds=1))
    with pytest.raises(IllegalMove, match=r"petition_return may not be extended: 信访工作条例"):
        extend("petition_return", LATER + timedelta(days=30))
    # Fifteen working days after 2026-03-23, 清明节 between them.
    with pytest.raises(IllegalMove, match=r"at most 15 working_days, to 2026-04-15T00:00:00\+08:00: 本单位规定"):
        extend("case_finish", own + timedelta(days=999))
    assert before_and_now(store) == found
    after = extend("petition_finish", petition + timedelta(days=30))
    assert [clock.due for clock in after.clocks if clock.rule.id == "petition_finish"] == [
        petition + timedelta(days=30)
    ]
    with pytest.raises(IllegalMove, match=r"1 time\(s\) and has been"):
        extend("petition_finish", petition + timedelta(days=31))
    assert before_and_now(store).version == found.version + 1


def test_a_reminder_of_a_limit_that_is_past_is_noted_and_not_sent(store: Store, office: Office) -> None:
    stored(store, case(1, to="housing"))
    known = len(before_and_now(store).outbox)
    supervise(store, office, START + timedelta(days=30))
    found = before_and_now(store)
    assert "reminded" in [entry.what for entry in found.history]
    kinds = [notice.kind for notice in found.outbox[known:]]
    assert "reminder" not in kinds
    assert "overdue" in kinds


def test_what_supervision_left_says_which_limit_and_whom(store: Store, office: Office) -> None:
    stored(store, case(1, to="housing"))
    supervise(store, office, START + timedelta(days=30))
    found = before_and_now(store)
    sent = found.after("notified", LATER, "huiying", None, {"key": found.outbox[-1].key, "channel": "console"})
    failure = {"key": sent.outbox[0].key, "state": "failed", "attempts": 3, "next_at": None, "detail": "x"}
    store.save_case(sent.after("notice_failed", LATER, "huiying", None, failure))
    found = before_and_now(store)
    notes = {entry["what"]: entry["note"] for entry in history(found, office)}
    assert notes["overdue"] == f"到期未办：case_finish（case_finish，本单位规定）；通知{DESK}负责人"
    assert notes["escalated"] == f"逾期督办：case_finish（case_finish，本单位规定）；通知{DESK}分管领导"
    first = next(
        entry["note"] for entry in history(found, office) if entry["what"] == "overdue" and "board:1" in entry["note"]
    )
    assert first == f"到期未办：message_answer（message_answer，本单位规定，board:1）；通知{DESK}负责人"
    assert notes["notified"].startswith(f"升级通知已送达{DESK}分管领导：")
    assert notes["notice_failed"] == f"交办通知未送达{DESK}联络员"
    late = [entry["note"] for entry in history(found, office) if entry["what"] == "reminded"]
    assert late
    assert all(note.endswith("；期限已过，未再发送") for note in late)
    # Told when shown: what is hashed is as it was.
    assert all(entry.note is None for entry in found.history)
    assert happenings.verify(found.history) == found.version


def test_case_show_names_posts_that_were_deleted_and_edited_at_the_source(
    store: Store, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(store, case(1, to="housing"))
    put(store, post(1, "路灯坏了", title="求助"))
    days = [SEEN + day * 24 * HOUR for day in range(4)]
    assert put(store, post(1, "路灯已修好", title="已解决", collected_at=days[1])) == ["changed"]
    mark = {"deleted_at": show_time(days[2]), "deleted_as": "HTTP 404"}
    assert put(store, post(1, "", collected_at=days[2], extra=mark)) == ["seen"]
    store.refresh()
    call = ["case", "show", "case:board:1", "--store", store_url, "--now", show_time(LATER)]
    assert cli.run(call) == 0
    told = capsys.readouterr().out
    assert f"  board:1  来源已修改（{full_time(days[1])} 发现，改动：标题、正文）\n" in told
    assert f"  board:1  来源已删除（{full_time(days[2])} 发现：HTTP 404）\n" in told
    assert cli.run([*call, "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)["source_changes"]
    assert [(change["what"], change["at"], change["fields"]) for change in changes] == [
        ("edited", show_time(days[1]), ["title", "text"]),
        ("deleted", show_time(days[2]), []),
    ]
    assert put(store, post(1, "路灯已修好", title="已解决", collected_at=days[3])) == ["seen"]
    store.refresh()
    assert cli.run(call) == 0
    told = capsys.readouterr().out
    assert f"  board:1  曾从来源消失（{full_time(days[2])} 发现，{full_time(days[3])} 恢复）\n" in told
    assert "来源已删除" not in told


@pytest.mark.parametrize("hours", [5, -5])
def test_a_merged_case_has_each_limit_once_and_the_winner_speaks_for_its_posts(
    store: Store, store_url: str, office: Office, capsys: pytest.CaptureFixture[str], hours: int
) -> None:
    stored(store, case(1, to="housing", at=START + hours * HOUR), case(2, to="housing"))
    act(store, office, "case:board:1", "merge", {"into": "case:board:2"}, "li", LATER)
    store.refresh()
    winner = store.get_case("case:board:2")
    finish = [clock for clock in winner.running() if clock.rule.id == "case_finish"]
    assert [clock.due for clock in finish] == [START + 240 * HOUR + min(hours, 0) * HOUR]
    assert sorted(str(clock.post) for clock in winner.running() if clock.rule.per_message) == ["board:1", "board:2"]
    assert replay(winner.id, winner.history) == winner
    assert before_and_now(store).posts == ("board:1",)
    for more, ids in (([], ["case:board:2"]), (["--state", "merged"], ["case:board:1"])):
        assert cli.run(["case", "list", "--post", "board:1", "--store", store_url, "--json", *more]) == 0
        assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ids


def with_rules(rules: list[FrozenRule], office: Office) -> Case:
    """A case at a department with the office's real rules."""
    opening = acts.Opening(
        id="case:board:1",
        trigger="board:1",
        title="路灯不亮",
        posts=("board:1",),
        messages=("board:1",),
        event="event:board:1",
        severity="none",
        petition_kind="申诉求决",
        board_domain=None,
        excluded=(),
        state="opened",
        reason="messages",
        moments={"received": START},
    )
    found = acts.open_case(opening, rules, START, office.worktime)
    return acts.assign(found, Route("housing", (), "测试"), "huiying", START, office.worktime)


def test_what_a_run_adds_that_began_earlier_is_dated_with_the_entry_it_follows(store: Store) -> None:
    stored(store, acts.sign(case(1, to="housing"), "zhang", LATER, WORKTIME))
    late = acts.join(before_and_now(store), "board:9", True, START, WORKTIME)
    store.save_case(late)
    found = before_and_now(store)
    assert [entry.at for entry in found.history] == sorted(entry.at for entry in found.history)
    assert found.history[-1].at == LATER
    assert [clock.start for clock in found.clocks if clock.post == "board:9"] == [START]
    assert happenings.verify(found.history) == found.version
