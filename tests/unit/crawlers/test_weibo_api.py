"""Weibo's official interface: the office's key, its budget, its error codes; over HTTP against the replica."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import CollectError
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, check_allowed, check_secrets, collect
from crawlers.source_folder import find_source
from crawlers.sources.weibo_api.budget import Budget
from crawlers.sources.weibo_api.codes import CODES, read_code, reason
from crawlers.text import HAN
from pipeline import jobs
from pipeline.settings import ROOT, Settings
from pipeline.wiring import Context

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
KEY = "2.00zXcVbNmAsDfGhJkLqW-proof"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HUIYING_WEIBO_KEY", KEY)
    return KEY


def _posts(make: Make) -> list[dict[str, Any]]:
    at = "2026-11-23T09:00:00+08:00"
    own = [make("weibo_api", n, kind="weibo", published_at=at, extra={"line": "own"}) for n in range(2)]
    home = [make("weibo_api", 100 + n, kind="weibo", author="示例日报", published_at=at) for n in range(45)]
    named = [make("weibo_api", 200 + n, kind="weibo", author="示例网友", extra={"line": "mentions"}) for n in range(3)]
    named[0]["text"] = "停水的事情请管一管。" * 40
    under = {"comment_on": own[0]["native_id"]}
    comments = [make("weibo_api", 300 + n, kind="weibo", published_at=at, extra=under) for n in range(25)]
    comments[4] |= {"text": "回复@示例网友甲:南口也不亮//@示例网友乙：同问", "extra": {**under, "by_office": 1}}
    return [*own, *home, *named, *comments]


def _run(replica: Replica, tmp: Path, now: datetime, **other: Any) -> CollectResult:
    return collect("weibo_api", tmp / "out", tmp / "state", replica.base_url, now=now, **other)


def _everything_written(tmp: Path) -> str:
    files = [path for path in tmp.rglob("*") if path.is_file()]
    assert files
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_all_lines_are_read_once_and_nothing_new_costs_four_calls(
    key: str, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve_replica(_posts(make_post)) as replica:
        first = _run(replica, tmp_path, now)
        asked = [path.split("?")[0] for *_, path, _ in replica.asked]
        again = _run(replica, tmp_path, now)
        later = [path.split("?")[0] for *_, path, _ in replica.asked[len(asked) :]]
    assert (first.state, first.new, first.quarantined) == ("done", 75, 0)
    assert (again.state, again.new, again.changed, again.files) == ("done", 0, 0, ())
    assert asked[:3] == ["/robots.txt", "/2/account/rate_limit_status.json", "/2/statuses/user_timeline.json"]
    assert asked.count("/2/comments/show.json") == 3
    assert later[2:] == [f"/2/statuses/{name}.json" for name in ("user_timeline", "mentions", "home_timeline")]
    lines = {line["native_id"]: line for line in read_lines(tmp_path / "out")}
    assert len(lines) == 75
    comments = [line for line in lines.values() if "comment_on" in line["extra"]]
    assert len(comments) == 25
    assert {line["author"] for line in comments} == {None}
    assert lines["c5000304"]["text"] == "南口也不亮同问"
    assert lines["c5000304"]["extra"]["by_office"] == 1
    assert lines["5000200"]["text"] == "停水的事情请管一管。" * 40
    assert not lines["5000200"]["truncated"]
    assert key not in _everything_written(tmp_path)
    assert "示例网友甲" not in _everything_written(tmp_path)
    assert key not in "".join(path for *_, path, _ in replica.asked)
    assert key not in "".join(capfd.readouterr())


def test_the_budget_is_obeyed_and_the_next_hour_brings_the_rest(
    key: str, tmp_path: Path, now: datetime, make_post: Make
) -> None:
    posts, keep = _posts(make_post), {"weibo_api": {"keep_hits": 146}}
    with serve_replica(posts) as replica:
        first = _run(replica, tmp_path, now, overrides=keep)
        calls = len([path for *_, path, _ in replica.asked if "rate_limit" not in path and "robots" not in path])
        replica.set_posts(posts)
        second = _run(replica, tmp_path, now)
    assert calls == 4
    assert first.state == "stopped"
    assert first.reason == "微博接口本小时可用次数已用完，30 分钟后恢复；还有 3 页未读，下一轮接着采"
    assert second.state == "done"
    assert first.new + second.new == 75


FAULTS = {
    "expired": (403, {"error_code": 21327, "error": f"expired_token:{KEY}"}, "微博接口错误 21327：密钥已过期"),
    "limit": (403, {"error_code": "10023", "error": "User requests out of rate limit!"}, "微博接口错误 10023"),
    "unknown": (400, {"error_code": 29999, "error": KEY}, "微博接口错误 29999：平台服务级错误（本表没有这个代码）"),
    "no code": (403, {"error": KEY}, "broken answer: HTTP 403 without an error code"),
    "no number": (200, {"error_code": KEY}, "微博接口错误 0：平台报错"),
    "no rows": (200, {"statuses": KEY}, "broken answer: no rows in {'statuses': '***'}"),
    "no object": (200, [KEY], "broken answer (HTTP 200): no object but ['***']"),
    "empty": (200, {"statuses": [], "total_number": 9}, "empty answer of statuses/user_timeline, though it counts 9"),
    "no session": (432, {}, "no valid session (HTTP 432)"),
    "blocked": (418, {}, "the address is blocked (HTTP 418)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_error_stops_the_source_with_its_reason_and_without_the_key(
    name: str, key: str, tmp_path: Path, now: datetime, make_post: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    status, body, wanted = FAULTS[name]
    fault = Fault("status", status, path="user_timeline", body=json.dumps(body))
    with serve_replica(_posts(make_post), faults=[fault]) as replica:
        result = _run(replica, tmp_path, now)
    assert (result.state, result.new) == ("stopped", 0)
    assert str(result.reason).startswith(wanted)
    assert len(replica.asked) == 3, "robots.txt, the limits, one call, then nothing more"
    assert key not in str(result.reason) + _everything_written(tmp_path) + "".join(capfd.readouterr())


def test_one_posts_comments_that_are_gone_hinder_nothing(
    key: str, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    body = json.dumps({"error_code": 20101, "error": "target weibo does not exist!"})
    with serve_replica(_posts(make_post), faults=[Fault("status", 400, path="comments", body=body)]) as replica:
        result = _run(replica, tmp_path, now)
    assert (result.state, result.new, result.quarantined) == ("done", 50, 1)
    (refused,) = read_lines(tmp_path / "out", "*.quarantine.jsonl")
    assert refused["reason"] == "微博接口错误 20101：该微博不存在（可能已删除）；这一条读不到，其余照常"


def test_a_post_that_left_its_line_is_asked_for_and_marked_only_where_the_platform_says_that_it_is_gone(
    key: str, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = _posts(make_post)
    gone, hidden = posts.pop(42), posts[38]
    days = [now + timedelta(days=day) for day in range(5)]
    denied = Fault("status", 400, path="/statuses/show", body=json.dumps({"error_code": 20112, "error": "privacy"}))
    with serve_replica([*posts, gone]) as replica:
        assert _run(replica, tmp_path, days[0]).new == 75
        hidden["extra"] = {"line": "nowhere"}
        replica.set_posts(posts)
        replica.set_faults(denied)
        unclear = _run(replica, tmp_path, days[1])
        replica.set_faults()
        told = _run(replica, tmp_path, days[2])
        asked = len(replica.asked)
        again = _run(replica, tmp_path, days[3])
        shows = [path for *_, path, _ in replica.asked[asked:] if "/statuses/show" in path]
        replica.set_posts([*posts, gone])
        back = _run(replica, tmp_path, days[4])
    assert (unclear.state, unclear.new, unclear.changed, unclear.quarantined) == ("done", 0, 0, 0)
    assert (told.state, told.new, told.changed, told.quarantined) == ("done", 0, 1, 0)
    assert (again.changed, back.changed, shows) == (0, 1, []), "asked once it is known, it is not asked again"
    marked = [line for line in read_lines(tmp_path / "out") if "deleted_at" in line["extra"]]
    assert [(line["native_id"], line["extra"]["deleted_as"]) for line in marked] == [
        (gone["native_id"], "该微博不存在（可能已删除）"),
    ]


def test_without_a_key_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HUIYING_WEIBO_KEY", raising=False)
    for base_url in (None, "http://127.0.0.1:9"):
        with pytest.raises(CollectError) as caught:
            collect("weibo_api", tmp_path / "out", tmp_path / "state", base_url)
        assert str(caught.value).startswith(
            "weibo_api/source.yml: key_env: HUIYING_WEIBO_KEY is not set in the environment: set HUIYING_WEIBO_KEY to"
        )
    assert not (tmp_path / "out").exists()


def test_a_run_without_the_key_says_so_and_its_other_sources_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime, make_post: Make
) -> None:
    monkeypatch.delenv("HUIYING_WEIBO_KEY", raising=False)
    context = Context(Settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config", tmp_path))
    with serve_replica([make_post("gov_cn", n) for n in range(3)]) as replica:
        found = jobs.collect(context, jobs.CollectOptions(("weibo_api", "gov_cn"), replica.base_url), now)
    assert (found["gov_cn"]["state"], found["gov_cn"]["new"]) == ("done", 3)
    assert found["weibo_api"]["state"] == "failed"
    assert "HUIYING_WEIBO_KEY is not set" in found["weibo_api"]["reason"]


def test_a_key_that_is_none_and_a_strange_base_url_are_refused_without_showing_it(key: str) -> None:
    source = find_source("weibo_api")
    with pytest.raises(CollectError) as caught:
        check_secrets(source, {"HUIYING_WEIBO_KEY": f"{KEY}\nX-Other: 1"})
    assert "is no key" in str(caught.value)
    assert KEY not in str(caught.value)
    with pytest.raises(CollectError, match="goes to its platform or this machine only"):
        check_allowed(source, "http://elsewhere.example")
    check_allowed(source, "http://127.0.0.1:9")


def test_every_code_has_a_reason_in_chinese_and_what_to_do() -> None:
    systemic = {*range(10001, 10025)}
    assert CODES.keys() >= systemic
    assert len(CODES) >= 60
    for code in [*CODES, 10999, 20999, 7, 0]:
        says, _, do = reason(code).partition("；")
        assert says.startswith(f"微博接口错误 {code}：")
        assert len(HAN.findall(says)) >= 8
        assert len(HAN.findall(do)) >= 8


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_any_code_is_read_as_an_error_or_as_none(value: Any) -> None:
    code = read_code({"error_code": value})
    assert (code is None) == (value is None)
    assert code is None or reason(code)


def test_an_interface_with_a_limit_of_its_own_has_it() -> None:
    limits = [
        {"api": "/comments/show", "limit_time_unit": "HOURS", "remaining_hits": 5},
        {"api": "/comments/show", "limit_time_unit": "DAYS", "remaining_hits": 1},
        {"api": "/statuses/mentions", "remaining_hits": None},
        "strange",
    ]
    budget = Budget({"remaining_user_hits": 20, "remaining_ip_hits": 900, "api_rate_limits": limits}, 10)
    assert [budget.spend("comments/show") for _ in range(2)] == [True, False]
    assert [budget.spend("statuses/mentions") for _ in range(10)] == [True] * 9 + [False]
    assert (budget.left, budget.unasked) == (0, 2)
    with pytest.raises(ValueError, match="no remaining hits"):
        Budget({"remaining_user_hits": None}, 10)
