"""What every channel owes, over all files in ``alerting/channels``: a new one is held to it unedited."""

from __future__ import annotations

import logging
import pickle
import socket
import threading
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from alerting.channel import SecretMissing
from alerting.load import kind, names
from casework.domain.notice import Delivery, Recipient
from tests.contract.channels.servers import (
    HOOK_PATH,
    SECRET,
    Bench,
    Mailbox,
    StartMail,
    free_port,
    message,
)

SHOWN_NEVER = (SECRET, "path-s3cret-5150", "t0ken-never-shown")


def clean(*texts: str) -> None:
    """No text holds a secret."""
    for text in texts:
        assert not any(secret in text for secret in SHOWN_NEVER), "a secret was shown"


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes a connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield int(listener.getsockname()[1])


def test_there_are_channels() -> None:
    assert set(names()) == {"console", "dingtalk", "feishu", "mail", "sms", "webhook", "wecom_app", "wecom_robot"}
    transports = {kind(name).example.transport for name in names()}
    assert transports == {"local", "smtp", "http"}


def test_a_notice_is_taken_once(bench: Bench, httpserver: HTTPServer, start_mail: StartMail, mailbox: Mailbox) -> None:
    httpserver.expect_request(bench.path, method="POST").respond_with_data(bench.kind.example.good)
    delivery = bench.build(**bench.reach(start_mail)).send(message())
    assert (delivery.ok, delivery.retry) == (True, False), delivery.detail
    taken = len(bench.given(httpserver)) + len(mailbox.envelopes)
    assert taken == (0 if bench.kind.example.transport == "local" else 1)
    clean(delivery.detail)


@pytest.mark.parametrize(
    ("status", "retry"),
    [
        (400, False),
        (401, False),
        (403, False),
        (404, False),
        (408, True),
        (410, False),
        (413, False),
        (422, False),
        (425, True),
        (429, True),
        (500, True),
        (502, True),
        (503, True),
        (504, True),
    ],
)
def test_http_retry_table(http_bench: Bench, httpserver: HTTPServer, status: int, retry: bool) -> None:
    httpserver.expect_request(http_bench.path).respond_with_data(f"said {http_bench.echo}", status=status)
    delivery = http_bench.build().send(message())
    assert (delivery.ok, delivery.retry) == (False, retry)
    assert str(status) in delivery.detail
    assert len(http_bench.given(httpserver)) == 1, "a channel tries once; the outbox tries again"
    clean(delivery.detail)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("120", 120, 120),
        ("0", 0, 0),
        ("99999999999", 86400, 86400),
        ("soon", None, None),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0, 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86400, 86400),
    ],
)
def test_retry_after_is_read(
    http_bench: Bench, httpserver: HTTPServer, header: str, low: float | None, high: float | None
) -> None:
    httpserver.expect_request(http_bench.path).respond_with_data("", status=429, headers={"Retry-After": header})
    after = http_bench.build().send(message()).retry_after
    assert after == low == high


def test_an_error_inside_a_200_is_a_failure(http_bench: Bench, httpserver: HTTPServer) -> None:
    assert http_bench.kind.example.bad, "an HTTP channel's example shows a refusal inside a 200"
    httpserver.expect_request(http_bench.path).respond_with_data(http_bench.kind.example.bad)
    delivery = http_bench.build().send(message())
    assert not delivery.ok
    assert len(delivery.detail) > len("127.0.0.1: 200 "), "the answer's own words are told"


def test_a_log_in_page_in_a_200_is_a_failure(http_bench: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(http_bench.path).respond_with_data("<!doctype html><title>登录</title>")
    assert not http_bench.build().send(message()).ok


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(http_bench: Bench, httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/elsewhere").respond_with_data(http_bench.kind.example.good)
    where = {"Location": httpserver.url_for("/elsewhere")}
    httpserver.expect_request(http_bench.path).respond_with_data("", status=status, headers=where)
    delivery = http_bench.build().send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert len(http_bench.given(httpserver)) == 1
    assert "/elsewhere" not in [request.path for request, _ in httpserver.log]


def test_a_mute_server_is_a_time_out_to_try_again(remote_bench: Bench, mute: int) -> None:
    url = f"http://127.0.0.1:{mute}{HOOK_PATH}"
    remote_bench.turn(url)
    settings = {"port": mute, **remote_bench.plain()} if remote_bench.kind.example.transport == "smtp" else {}
    delivery = remote_bench.build(timeout=0.2, **settings).send(message())
    assert (delivery.ok, delivery.retry) == (False, True)
    assert "no answer within 0.2 s" in delivery.detail


@pytest.mark.parametrize(("piece", "wait"), [(b" ", 0.1), (b" " * 4096, 0.0)])
def test_an_answer_without_end_is_cut_off(http_bench: Bench, httpserver: HTTPServer, piece: bytes, wait: float) -> None:
    given, stop, pieces = [], threading.Event(), 20_000

    def chunks() -> Iterator[bytes]:
        for i in range(pieces):
            given.append(i)
            yield piece
            if stop.wait(wait):
                return

    def endless(request: Request) -> Response:
        return Response(chunks(), direct_passthrough=True)

    httpserver.expect_request(http_bench.path).respond_with_handler(endless)
    delivery = http_bench.build(timeout=0.4).send(message())
    stop.set()
    assert 0 < len(given) < pieces, "the channel read to the end"
    if wait:
        assert (delivery.ok, delivery.retry) == (False, True)
        assert "no answer within" in delivery.detail


def test_nobody_listens(remote_bench: Bench) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}{HOOK_PATH}"
    remote_bench.turn(url)
    delivery = remote_bench.build(**remote_bench.reach(lambda: port)).send(message())
    assert (delivery.ok, delivery.retry) == (False, True)
    clean(delivery.detail)


def test_no_secret_in_logs_errors_or_repr(
    bench: Bench,
    httpserver: HTTPServer,
    start_mail: StartMail,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request(bench.path).respond_with_data(bench.echo, status=400)
    channel = bench.build(**bench.reach(start_mail))
    first = channel.send(message())
    second = channel.send(message(recipient=Recipient("a/contact", "甲")))
    printed = capfd.readouterr()
    # The web server's own log is the other side's.
    logged = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    clean(first.detail, second.detail, *logged, printed.out, printed.err)
    clean(repr(channel), str(channel), repr(vars(channel)))


def test_a_missing_secret_is_named_by_its_variable(secret_bench: Bench) -> None:
    for gone in secret_bench.environ:
        for value in ("", "  ", None):
            environ = {name: text for name, text in secret_bench.environ.items() if name != gone}
            if value is not None:
                environ[gone] = value
            with pytest.raises(SecretMissing, match=gone) as raised:
                secret_bench.build(environ)
            clean(str(raised.value))


def test_settings_are_frozen_and_refuse_unknown_keys(bench: Bench) -> None:
    with pytest.raises(ValueError, match="Extra inputs") as raised:
        bench.build(password=SECRET)
    clean(str(raised.value))
    checked = bench.kind.settings.model_validate(bench.settings)
    assert pickle.loads(pickle.dumps(checked)) == checked
    assert bench.kind.settings.model_config["frozen"] is True
    assert SECRET not in repr(checked)


def test_the_example_is_what_a_person_may_copy(bench: Bench) -> None:
    example = bench.kind.example
    assert bench.kind.settings.model_validate(example.settings)
    for key in example.settings:
        assert not key.endswith(("password", "secret", "token")), f"{key}: name a variable in {key}_env"
    assert bench.kind.settings.__doc__
    assert bench.kind.channel.__doc__


def test_odd_notices_do_not_raise(
    bench: Bench, httpserver: HTTPServer, start_mail: StartMail, capfd: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request(bench.path).respond_with_data(bench.kind.example.good)
    channel = bench.build(**bench.reach(start_mail))
    odd = [
        message(subject="标题\r\nBcc: other@example.com", body="\x1b[2J\x07红\r\n二"),
        message(subject="", body="", link=None),
        message(subject="长" * 5000, body="长" * 200_000),
        message(subject="\ud800半个", body="\udfff半个"),
    ]
    deliveries = [channel.send(one) for one in odd]
    assert all(isinstance(one, Delivery) and one.ok for one in deliveries), deliveries
    assert "\x1b" not in capfd.readouterr().err
