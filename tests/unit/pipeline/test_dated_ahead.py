"""On a machine in service nothing is dated ahead; a case that was is put right by command; time zones do not matter."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.domain.times import show_time
from casework.stores.open import open_store
from pipeline import cli
from tests.unit.domain.making import assigned

REAL = datetime.now(UTC).replace(microsecond=0)
CASE = "case:board:1"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with one case, assigned an hour ago."""
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    assert store.create_cases([assigned(at=REAL - timedelta(hours=1))]) == [True]
    store.close()
    return f"sqlite:///{tmp_path}/x.db"


def run(*arguments: str) -> int:
    return cli.run(["case", *arguments])


def test_in_service_an_act_dated_ahead_is_refused_and_a_rehearsal_is_free(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = ["sign", CASE, "--store", url, "--now", show_time(REAL + timedelta(days=400))]
    monkeypatch.setenv("HUIYING_AHEAD_MINUTES", "5")
    assert run(*ahead) == 2
    assert "HUIYING_AHEAD_MINUTES" in capsys.readouterr().err
    assert run("list", "--store", url, "--now", ahead[-1]) == 0
    assert run("handle", CASE, "--store", url, "--now", show_time(REAL + timedelta(minutes=4))) == 1
    monkeypatch.setenv("HUIYING_AHEAD_MINUTES", "five")
    assert run(*ahead) == 2
    monkeypatch.delenv("HUIYING_AHEAD_MINUTES")
    assert run(*ahead) == 0


def test_a_case_dated_ahead_is_put_right(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sign", CASE, "--store", url, "--by", "wang", "--now", show_time(REAL + timedelta(days=400))) == 0
    assert run("handle", CASE, "--store", url) == 2
    said = capsys.readouterr().err
    assert "signed at" in said
    assert f"huiying case redate {CASE}" in said
    at = show_time(REAL - timedelta(minutes=30))
    assert run("redate", CASE, "--store", url, "--at", at, "--reason", "年份敲错", "--json") == 0
    lines = capsys.readouterr().out.strip().split("\n")
    deadlines = {one["rule"]: one["state"] for one in json.loads(lines[-1])["deadlines"]}
    assert deadlines["case_sign"] == "met"
    assert run("handle", CASE, "--store", url) == 0
    assert cli.run(["audit", "verify", "--store", url]) == 0


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_a_server_of_another_time_zone_counts_and_shows_the_same(
    zone: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        call = ["deadline", "explain", "--rule", "case_sign", "--start", "2026-02-14T08:00:00Z", "--json"]
        assert cli.run(call) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["start"], found["due"]) == ("2026-02-14T16:00:00+08:00", "2026-02-24T12:00:00+08:00")
        assert cli.run(call[:-1]) == 0
        assert "2026-02-14  周六  计 1 小时（16:00–17:00）" in capsys.readouterr().out
    finally:
        monkeypatch.undo()
        time.tzset()
