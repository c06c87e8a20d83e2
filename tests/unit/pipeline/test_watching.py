"""``huiying collect --status``: every source with how it fares, for people and for programs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.domain.times import parse_time
from crawlers.run_log import Run, add_run, log_path
from crawlers.source_folder import load_sources
from pipeline import cli

NOW = "2026-11-24T10:30:00+08:00"
HEAD = ("来源", "状态", "新增", "隔离", "原因")


def told(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = cli.run(["collect", "--status", "--now", NOW, *more])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def healthy(state: Path, source: str, until: datetime) -> None:
    for number in range(48, 0, -1):
        at = until - timedelta(hours=number)
        add_run(log_path(state, source), Run(at, "done", read=30, new=2, delays=(300, 900), timed=2))


def test_every_source_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/huiying.db")
    state = tmp_path / "collect-state"
    healthy(state, "henan_gov", parse_time(NOW))
    healthy(state, "gov_cn", parse_time(NOW))
    add_run(log_path(state, "gov_cn"), Run(parse_time(NOW), "stopped", "the site refuses (HTTP 403)"))
    code, out, _ = told(capsys, *store, "--json")
    assert code == 0
    found: dict[str, dict[str, Any]] = {one["id"]: one for one in json.loads(out)["sources"]}
    assert list(found) == sorted(load_sources())
    fine = found["henan_gov"]
    assert (fine["state"], fine["reason"], fine["new"], fine["changed"]) == ("collecting", None, 2, 0)
    assert fine["day"]["new"] == 48
    assert fine["delay"] == {"p50": 600, "p95": 900, "posts": 96}
    assert fine["last_success"] == "2026-11-24T09:30:00+08:00"
    assert fine["expected"]["min"] < 30 < fine["expected"]["max"]
    assert fine["expected"]["silence_hours"] > 1
    stopped = found["gov_cn"]
    assert stopped["state"] == "stopped"
    assert "HTTP 403" in stopped["reason"]
    assert {one["state"] for name, one in found.items() if not one["enabled"]} == {"off"}
    assert found["people_board"]["state"] == "waiting"
    assert found["people_board"]["last_run"] is None

    code, out, _ = told(capsys, *store)
    assert code == 0
    assert all(name in out for name in HEAD)
    assert "正常采集" in out
    assert "已停止" in out


def test_one_source_and_a_state_folder_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    healthy(tmp_path / "mine", "henan_gov", parse_time(NOW))
    code, out, _ = told(capsys, "henan_gov", "--state", str(tmp_path / "mine"), "--json")
    assert code == 0
    assert [one["state"] for one in json.loads(out)["sources"]] == ["collecting"]


def test_wrong_calls_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "henan")
    assert code == 2
    assert "henan: no such source; the sources are " in err
    assert cli.run(["collect"]) == 2
    assert "no source named" in capsys.readouterr().err


def test_a_source_with_a_mistake_is_shown_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], office_folder: Path
) -> None:
    (office_folder / "sources.yml").write_text("sources: {henan_gov: {rhythm_minutes: 1}}\n", encoding="utf-8")
    code, out, _ = told(capsys, "--config", str(office_folder), "--json")
    assert code == 0
    found = {one["id"]: one for one in json.loads(out)["sources"]}
    assert found["henan_gov"]["state"] == "stopped"
    assert "henan_gov/source.yml: rhythm_minutes" in found["henan_gov"]["reason"]


REFUSED = "the site refuses (HTTP 403)"


def swept(capsys: pytest.CaptureFixture[str], store: tuple[str, ...], at: datetime) -> str:
    """What ``supervise`` tells on the console at a moment."""
    assert cli.run(["supervise", *store, "--now", at.isoformat()]) == 0
    return capsys.readouterr().err


def test_an_alarm_goes_out_once_again_when_it_changes_and_its_end_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/huiying.db")
    log = log_path(tmp_path / "collect-state", "henan_gov")
    at = parse_time(NOW)
    healthy(tmp_path / "collect-state", "henan_gov", at)
    assert "来源告警" not in swept(capsys, store, at)

    add_run(log, Run(at, "stopped", REFUSED))
    told_ = swept(capsys, store, at)
    assert told_.count("【来源告警】河南省人民政府门户网站") >= 1
    assert "网站拒绝访问（the site refuses (HTTP 403)）" in told_
    assert "编号" in told_
    assert "/sources" in told_
    assert "来源告警" not in swept(capsys, store, at + timedelta(minutes=5))

    # Refused again is nothing new; asking to log in is.
    add_run(log, Run(at + timedelta(hours=1), "stopped", REFUSED))
    assert "来源告警" not in swept(capsys, store, at + timedelta(hours=1))
    add_run(log, Run(at + timedelta(hours=2), "stopped", "log-in wanted (HTTP 401)"))
    assert "网站要求登录" in swept(capsys, store, at + timedelta(hours=2))

    add_run(log, Run(at + timedelta(hours=3), "done", read=30, new=2))
    assert "【来源恢复】河南省人民政府门户网站" in swept(capsys, store, at + timedelta(hours=3))
    assert "来源恢复" not in swept(capsys, store, at + timedelta(hours=3, minutes=5))
    # Nobody collects any more: told although no run says so.
    assert "没有再采集" in swept(capsys, store, at + timedelta(hours=9))


def test_a_site_that_is_away_for_one_run_is_no_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/huiying.db")
    log = log_path(tmp_path / "collect-state", "henan_gov")
    at = parse_time(NOW)
    healthy(tmp_path / "collect-state", "henan_gov", at)
    away = "broken answer: not reachable: no answer in time"
    add_run(log, Run(at, "stopped", away))
    assert "【来源" not in swept(capsys, store, at)
    add_run(log, Run(at + timedelta(hours=1), "stopped", away))
    assert "网站连不上" in swept(capsys, store, at + timedelta(hours=1))


def test_a_source_that_falls_silent_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/huiying.db")
    state = tmp_path / "collect-state"
    at = parse_time(NOW)
    healthy(state, "henan_gov", at)
    told_ = []
    for hour in range(40):
        add_run(log_path(state, "henan_gov"), Run(at + timedelta(hours=hour), "done", read=30))
        told_.append("沉默" in swept(capsys, store, at + timedelta(hours=hour)))
    assert told_.count(True) == 1
    assert 5 < told_.index(True) < 40


def test_a_source_that_never_worked_is_no_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/huiying.db")
    add_run(log_path(tmp_path / "collect-state", "henan_gov"), Run(parse_time(NOW), "stopped", REFUSED))
    assert "【来源" not in swept(capsys, store, parse_time(NOW))
