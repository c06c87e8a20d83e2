"""A channel of every kind found, wired to a server of its sort; nothing here names a kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer

from alerting.load import kind, names
from tests.contract.channels.servers import (
    ADDRESS,
    HOOK_PATH,
    Bench,
    Mailbox,
    StartMail,
    free_port,
    make_bench,
)
from tests.contract.channels.tls import make_certificate, server_context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def start_mail(mailbox: Mailbox, certificate: Path) -> Iterator[StartMail]:
    """Start a real SMTP server: ``start_mail("starttls"|"implicit"|"none", login=…)`` gives its port."""
    running: list[Controller] = []

    def start(security: str = "starttls", login: bool = True) -> int:
        context = server_context(certificate)
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
        if security == "implicit":
            options |= {"ssl_context": context, "server_hostname": ADDRESS}
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if login:
            # Over implicit TLS aiosmtpd does not know that the line is closed already.
            tls_first = security == "starttls"
            options |= {"authenticator": mailbox.authenticate, "auth_require_tls": tls_first}
        controller = Controller(mailbox, **options)
        controller.start()
        running.append(controller)
        return int(options["port"])

    yield start
    for controller in running:
        controller.stop(no_assert=True)


def ready(name: str, httpserver: HTTPServer, certificate: Path) -> Bench:
    """A channel of this kind, led to the servers of the test."""
    made = make_bench(kind(name), certificate, httpserver.url_for(HOOK_PATH))
    made.prepare(httpserver)
    return made


def speaking(*transports: str) -> list[str]:
    """The channel files whose other end is one of these."""
    return [name for name in names() if kind(name).example.transport in transports]


@pytest.fixture(params=names())
def bench(request: pytest.FixtureRequest, httpserver: HTTPServer, certificate: Path) -> Bench:
    """Every channel file there is, with its own example settings."""
    return ready(request.param, httpserver, certificate)


@pytest.fixture(params=speaking("http"))
def http_bench(request: pytest.FixtureRequest, httpserver: HTTPServer, certificate: Path) -> Bench:
    """Every channel that speaks HTTP."""
    return ready(request.param, httpserver, certificate)


@pytest.fixture(params=speaking("http", "smtp"))
def remote_bench(request: pytest.FixtureRequest, httpserver: HTTPServer, certificate: Path) -> Bench:
    """Every channel with another side."""
    return ready(request.param, httpserver, certificate)


@pytest.fixture(params=[name for name in names() if any(k.endswith("_env") for k in kind(name).example.settings)])
def secret_bench(request: pytest.FixtureRequest, httpserver: HTTPServer, certificate: Path) -> Bench:
    """Every channel with a secret."""
    return ready(request.param, httpserver, certificate)
