"""Real servers on loopback, and channels led to them by their own examples."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword
from pytest_httpserver import HTTPServer
from werkzeug import Request

from alerting.channel import AnyChannel
from alerting.load import Kind
from casework.domain.notice import Message, Recipient

HOOK_PATH = "/hook/path-s3cret-5150"
OPEN_PATH = "/service"
"""Where a service is that everybody knows."""
SECRET = "p4ss-w0rd-never-shown"
ADDRESS = "localhost"


def message(**changes: Any) -> Message:
    """A notice as the outbox holds it, with the characters that break careless code."""
    values: dict[str, Any] = {
        "key": "case-1/overdue/hot_issue",
        "recipient": Recipient("示例市城管局/contact", "张三（示例）", "zhang@example.com", "13800000000"),
        "subject": '【逾期】示例小区消防通道被占 <&">',
        "body": "第一行\n事项编号：case-1 ☂ 𠮷\n.\n末行",
        "link": "http://127.0.0.1/cases/case-1",
        "urgent": True,
    }
    return Message(**{**values, **changes})


@dataclass
class Mailbox:
    """What the mail server took, and the answer that a test wants it to give."""

    envelopes: list[Any] = field(default_factory=list)
    answer: str = "250 OK"
    logins: list[bytes] = field(default_factory=list)
    login_answer: str | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """aiosmtpd's hook: keep what was accepted."""
        if self.answer.startswith("2"):
            self.envelopes.append(envelope)
        return self.answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        """aiosmtpd's hook: the right password, unless a test wants another answer."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password)
        if self.login_answer:
            return AuthResult(success=False, handled=False, message=self.login_answer)
        return AuthResult(success=data.password == SECRET.encode(), handled=False)


@dataclass
class Bench:
    """One kind of channel, the settings that lead it to the servers of the test, and its environment."""

    kind: Kind
    settings: dict[str, Any]
    environ: dict[str, str]

    @property
    def path(self) -> str:
        """Where a message is given."""
        return self.hook + self.kind.example.path

    @property
    def hook(self) -> str:
        """The configured address: a secret where a variable holds it."""
        return HOOK_PATH if any("url" in key and key.endswith("_env") for key in self.settings) else OPEN_PATH

    @property
    def echo(self) -> str:
        """What a server may say again: every secret that this channel has sent it, and the way it was asked by."""
        return " ".join([*(value for value in self.environ.values() if value == SECRET), self.hook])

    def prepare(self, httpserver: HTTPServer) -> None:
        """Let the server answer what the channel asks before it gives a message."""
        for path, answer in self.kind.example.before.items():
            httpserver.expect_request(self.hook + path).respond_with_data(answer)

    def turn(self, url: str) -> None:
        """Lead the channel to another address."""
        self.environ |= {name: url for name, value in self.environ.items() if value.startswith("http")}
        self.settings |= {
            key: url.replace(HOOK_PATH, OPEN_PATH)
            for key, value in self.settings.items()
            if str(value).startswith("http")
        }

    def given(self, httpserver: HTTPServer) -> list[Request]:
        """The requests that gave a message."""
        return [request for request, _ in httpserver.log if request.path == self.path]

    def build(self, environ: Mapping[str, str] | None = None, **settings: Any) -> AnyChannel:
        """The channel, built from checked settings as the loader builds it."""
        checked = self.kind.settings.model_validate({**self.settings, **settings})
        return self.kind.build("under_test", checked, self.environ if environ is None else environ)

    def reach(self, start_mail: Callable[[], int]) -> dict[str, Any]:
        """The setting that leads to a mail server, which is started only for a channel that needs one."""
        return {"port": start_mail()} if self.kind.example.transport == "smtp" else {}

    def plain(self) -> dict[str, Any]:
        """Settings for a bare socket that speaks no TLS."""
        return {"security": "none", "username": None, "password_env": None} if "security" in self.settings else {}


StartMail = Callable[..., int]
"""``start_mail(security, login=…)`` starts a mail server and gives its port."""


def make_bench(one: Kind, certificate: Path, url: str) -> Bench:
    """The example's settings, with every address turned to this machine and every variable filled."""
    settings, environ = dict(one.example.settings), {}
    for key, value in one.example.settings.items():
        if key.endswith("_env"):
            environ[value] = url if "url" in key else SECRET
        elif str(value).startswith(("http://", "https://")):
            settings[key] = url.replace(HOOK_PATH, OPEN_PATH)
    if "timeout" in one.settings.model_fields:
        settings["timeout"] = 3.0
    if one.example.transport == "smtp":
        settings |= {"host": ADDRESS, "ca_file": str(certificate)}
    return Bench(one, settings, environ)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
