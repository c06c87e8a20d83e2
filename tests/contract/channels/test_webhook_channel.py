"""The webhook as its receiver sees it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request

from alerting.load import kind
from tests.contract.channels.servers import HOOK_PATH, SECRET, Bench, make_bench, message
from tests.contract.channels.tls import make_certificate, server_context


@pytest.fixture
def hook(certificate: Path, httpserver: HTTPServer) -> Bench:
    return make_bench(kind("webhook"), certificate, httpserver.url_for(HOOK_PATH))


def received(httpserver: HTTPServer) -> list[Request]:
    assert httpserver.log
    return [request for request, _ in httpserver.log]


def test_the_receiver_can_check_who_sent_it_and_when(hook: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(HOOK_PATH, method="POST").respond_with_data("")
    assert hook.build().send(message()).ok
    request = received(httpserver)[0]
    body, stamp = request.get_data(), request.headers["X-Huiying-Timestamp"]
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert request.headers["X-Huiying-Signature"] == f"sha256={expected}"
    assert abs(time.time() - int(stamp)) < 60
    fields = json.loads(body)
    assert fields["timestamp"] == int(stamp)
    assert fields["delivery"] == request.headers["X-Huiying-Delivery"]
    assert (fields["subject"], fields["body"]) == (message().subject, message().body)
    assert fields["recipient"] == {"id": "示例市城管局/contact", "name": "张三（示例）"}
    assert b"13800000000" not in body
    assert b"zhang@example.com" not in body


def test_two_tries_have_one_key_and_two_deliveries(hook: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(HOOK_PATH).respond_with_data("", status=503)
    channel = hook.build()
    assert channel.send(message()).retry
    assert channel.send(message()).retry
    bodies = [json.loads(request.get_data()) for request in received(httpserver)]
    assert bodies[0]["key"] == bodies[1]["key"] == message().key
    assert bodies[0]["delivery"] != bodies[1]["delivery"]


@pytest.mark.parametrize(
    ("answer", "ok", "retry"),
    [
        ("", True, False),
        ("ok", True, False),
        ("[]", True, False),
        ('{"code": 0}', True, False),
        ('{"code": "0", "msg": "success"}', True, False),
        ('{"code": 200}', True, False),
        ('{"errcode": 0, "errmsg": "ok"}', True, False),
        ('{"success": true, "error": null}', True, False),
        ('{"errcode": 310000, "errmsg": "sign not match"}', False, False),
        ('{"errcode": -1, "errmsg": "system busy"}', False, True),
        ('{"code": 429}', False, True),
        ('{"code": 503}', False, True),
        ('{"code": "AUTH", "message": "no"}', False, False),
        ('{"code": false}', False, False),
        ('{"success": false}', False, False),
        ('{"ok": false}', False, False),
        ('{"error": "quota"}', False, False),
    ],
)
def test_the_answer_is_read(hook: Bench, httpserver: HTTPServer, answer: str, ok: bool, retry: bool) -> None:
    httpserver.expect_request(HOOK_PATH).respond_with_data(answer)
    delivery = hook.build().send(message())
    assert (delivery.ok, delivery.retry) == (ok, retry), delivery.detail


def test_nothing_is_taken_from_the_environment(
    hook: Bench, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login u password netrc-pass\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    httpserver.expect_request(HOOK_PATH).respond_with_data("", headers={"Set-Cookie": "a=b"})
    channel = hook.build()
    assert channel.send(message()).ok
    assert channel.send(message()).ok
    for request in received(httpserver):
        assert "Authorization" not in request.headers
        assert "Cookie" not in request.headers


def test_https_with_the_offices_own_certificate(hook: Bench, certificate: Path, tmp_path: Path) -> None:
    other = make_certificate(tmp_path)
    with HTTPServer(host="localhost", ssl_context=server_context(certificate)) as server:
        server.expect_request(HOOK_PATH).respond_with_data("")
        environ = {**hook.environ, "HUIYING_WEBHOOK_URL": server.url_for(HOOK_PATH)}
        assert hook.build(environ, ca_file=str(certificate)).send(message()).ok
        for ca_file in (None, str(other)):
            delivery = hook.build(environ, ca_file=ca_file).send(message())
            assert (delivery.ok, delivery.retry) == (False, False)
            assert "certificate" in delivery.detail
        assert len(server.log) == 1, "nothing reached a server whose certificate was not accepted"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/b",
        "https://",
        "//a/b",
        "https://u:p4ss@a/b",
        "http://oa.example.gov.cn/h",
        "https://[::1",
        "x",
        "https://a:99999/",
    ],
)
def test_addresses_that_are_refused(hook: Bench, url: str) -> None:
    with pytest.raises(ValueError, match=r"write https|take it out") as raised:
        hook.build({**hook.environ, "HUIYING_WEBHOOK_URL": url})
    assert "HUIYING_WEBHOOK_URL" in str(raised.value)
    assert "p4ss" not in str(raised.value)
    with pytest.raises(ValueError, match=r"write https|take it out"):
        hook.build(url=url, url_env=None)


@pytest.mark.parametrize("settings", [{"url_env": None}, {"url": "https://a/b"}])
def test_one_address_exactly(hook: Bench, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="exactly one of url and url_env"):
        hook.build(**settings)


def test_a_certificate_file_that_is_not_there(hook: Bench) -> None:
    with pytest.raises(ValueError, match=r"/nowhere\.pem is not a file"):
        hook.build(ca_file="/nowhere.pem")
