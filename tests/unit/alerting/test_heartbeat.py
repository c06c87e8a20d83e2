"""The sign of life to a watchman outside."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from casework.domain.times import parse_time
from pipeline import heartbeat
from pipeline.errors import CallError

NOW = parse_time("2026-11-24T10:30:00+08:00")
PATH = "/ping/0c2f9a6e-secret"


def test_nobody_is_told_where_no_watchman_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(heartbeat.VARIABLE, raising=False)
    assert heartbeat.beat(NOW) is False


def test_the_watchman_gets_the_moment(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"system": "huiying", "at": "2026-11-24T10:30:00+08:00"}
    httpserver.expect_request(PATH, method="POST", json=body).respond_with_data("OK")
    monkeypatch.setenv(heartbeat.VARIABLE, httpserver.url_for(PATH))
    assert heartbeat.beat(NOW) is True


def test_a_watchman_that_refuses_is_logged_without_his_address_and_stops_nothing(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request(PATH).respond_with_data(f"not found: {PATH}", status=404)
    monkeypatch.setenv(heartbeat.VARIABLE, httpserver.url_for(PATH))
    assert heartbeat.beat(NOW) is False
    logged = capsys.readouterr().err
    assert "404" in logged
    assert "secret" not in logged


@pytest.mark.parametrize("address", ["http://watch.example.org/abcdefgh-secret", "abcdefgh-secret", "https://"])
def test_an_address_that_may_not_be_used_is_named_by_its_variable(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(heartbeat.VARIABLE, address)
    with pytest.raises(CallError, match=heartbeat.VARIABLE) as caught:
        heartbeat.beat(NOW)
    assert "secret" not in str(caught.value)
