"""Mail against a real SMTP server, with real TLS and real log-ins."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd import smtp
from pytest_httpserver import HTTPServer

from alerting.load import kind
from casework.domain.notice import Delivery, Recipient
from tests.contract.channels.servers import (
    SECRET,
    Bench,
    Mailbox,
    StartMail,
    make_bench,
    message,
)
from tests.contract.channels.tls import make_certificate


@pytest.fixture
def mail(certificate: Path, httpserver: HTTPServer) -> Bench:
    return make_bench(kind("mail"), certificate, httpserver.url_for("/"))


def parsed(mailbox: Mailbox) -> EmailMessage:
    assert len(mailbox.envelopes) == 1
    found = email.message_from_bytes(mailbox.envelopes[0].content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_what_arrives_is_what_was_written(mail: Bench, start_mail: StartMail, mailbox: Mailbox, security: str) -> None:
    delivery = mail.build(port=start_mail(security), security=security).send(message())
    assert delivery == Delivery(ok=True, detail="taken by localhost")
    got = parsed(mailbox)
    assert got["Subject"] == message().subject
    assert got["To"].addresses[0].display_name == "张三（示例）"
    assert got["From"].addresses[0].display_name == "政务舆情回应"
    assert mailbox.envelopes[0].rcpt_tos == ["zhang@example.com"]
    lines = got.get_content().splitlines()
    assert lines == ["第一行", "事项编号：case-1 ☂ 𠮷", ".", "末行", "http://127.0.0.1/cases/case-1"]
    assert (got["Importance"], got["Auto-Submitted"]) == ("high", "auto-generated")
    assert mailbox.logins == [SECRET.encode()]


def test_an_inner_relay_without_log_in(mail: Bench, start_mail: StartMail, mailbox: Mailbox) -> None:
    port = start_mail("none", login=False)
    assert mail.build(port=port, **mail.plain()).send(message(urgent=False)).ok
    assert parsed(mailbox)["Importance"] is None


def test_a_second_try_carries_the_same_message_id(mail: Bench, start_mail: StartMail, mailbox: Mailbox) -> None:
    channel = mail.build(port=start_mail())
    channel.send(message())
    channel.send(message())
    channel.send(message(key="case-2/overdue"))
    ids = [email.message_from_bytes(one.content)["Message-ID"] for one in mailbox.envelopes]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.gov.cn>")


def test_a_wrong_password_is_final_and_says_where_to_look(mail: Bench, start_mail: StartMail, mailbox: Mailbox) -> None:
    delivery = mail.build({"HUIYING_MAIL_PASSWORD": "wr0ng-one"}, port=start_mail()).send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "HUIYING_MAIL_PASSWORD" in delivery.detail
    assert "535" in delivery.detail
    assert "wr0ng-one" not in delivery.detail
    assert mailbox.logins
    assert not mailbox.envelopes


def test_a_log_in_that_is_busy_is_tried_again(mail: Bench, start_mail: StartMail, mailbox: Mailbox) -> None:
    mailbox.login_answer = f"454 4.7.0 busy, you sent {SECRET}"
    delivery = mail.build(port=start_mail()).send(message())
    assert (delivery.ok, delivery.retry) == (False, True)
    assert SECRET not in delivery.detail


@pytest.mark.parametrize(
    ("answer", "retry"),
    [
        ("421 closing", True),
        ("450 mailbox busy", True),
        ("451 error", True),
        ("452 full", True),
        ("550 no such user", False),
        ("552 too big", False),
        ("554 refused as spam", False),
    ],
)
def test_retry_table(mail: Bench, start_mail: StartMail, mailbox: Mailbox, answer: str, retry: bool) -> None:
    mailbox.answer = answer
    delivery = mail.build(port=start_mail()).send(message())
    assert (delivery.ok, delivery.retry) == (False, retry)
    assert answer.partition(" ")[0] in delivery.detail


@pytest.mark.parametrize(("answer", "retry"), [("450 later", True), ("550 unknown", False)])
def test_a_refused_recipient(
    mail: Bench, start_mail: StartMail, monkeypatch: pytest.MonkeyPatch, answer: str, retry: bool
) -> None:
    async def refuse(server: smtp.SMTP, arg: str) -> None:
        await server.push(answer)

    monkeypatch.setattr(smtp.SMTP, "smtp_RCPT", refuse)
    delivery = mail.build(port=start_mail()).send(message())
    assert (delivery.ok, delivery.retry) == (False, retry)
    assert "recipient refused" in delivery.detail
    assert "zhang@example.com" not in delivery.detail


def test_a_server_without_starttls_gets_nothing(mail: Bench, start_mail: StartMail, mailbox: Mailbox) -> None:
    delivery = mail.build(port=start_mail("none")).send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "STARTTLS" in delivery.detail
    assert not mailbox.logins
    assert not mailbox.envelopes


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_a_strange_certificate_gets_nothing(
    mail: Bench, start_mail: StartMail, mailbox: Mailbox, tmp_path: Path, security: str
) -> None:
    other = make_certificate(tmp_path)
    channel = mail.build(port=start_mail(security), security=security, ca_file=str(other))
    delivery = channel.send(message())
    assert (delivery.ok, delivery.retry) == (False, False)
    assert "certificate" in delivery.detail
    assert "ca_file" in delivery.detail
    assert not mailbox.logins
    assert not mailbox.envelopes


@pytest.mark.parametrize("address", [None, "", "no-at-sign", "a b@example.com", "张@example.com", "x@"])
def test_an_address_that_cannot_be_written_to(mail: Bench, address: str | None) -> None:
    delivery = mail.build(port=9).send(message(recipient=Recipient("甲局/contact", "甲", address)))
    assert (delivery.ok, delivery.retry) == (False, False)
    assert delivery.detail.startswith("甲局/contact: ")
    assert "correct it" in delivery.detail or "write this" in delivery.detail or "write one" in delivery.detail


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"security": "none"}, "in the clear"),
        ({"username": None}, "both or neither"),
        ({"host": "smtp example"}, "host"),
        ({"host": "x" * 70}, "host"),
        ({"port": 0}, "port"),
        ({"timeout": 0}, "timeout"),
        ({"sender": "nobody"}, "sender"),
        ({"security": "ssl"}, "implicit"),
        ({"ca_file": "/nowhere/ca.pem"}, "/nowhere/ca.pem"),
    ],
)
def test_settings_that_cannot_work(mail: Bench, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mail.build(**settings)


def test_a_password_that_smtp_cannot_carry(mail: Bench) -> None:
    with pytest.raises(ValueError, match="HUIYING_MAIL_PASSWORD is not ASCII") as raised:
        mail.build({"HUIYING_MAIL_PASSWORD": "口令一二三"})
    assert "口令" not in str(raised.value)
