"""A real Chromium before the pages, served on loopback over a store in a folder of the test's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from dashboards.app import create_app
from pipeline import accounts
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.unit.dashboards.making import Desk

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Without the background ones Chromium asks its maker's hosts at every start."""
AXE = "4.14.1"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


@dataclass(slots=True)
class Site:
    """The pages as served: their address, the desk behind them."""

    base: str
    desk: Desk


@dataclass(slots=True)
class Watched:
    """A page and everything that must not happen on it."""

    page: Any
    site: Site
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note messages of the console, errors of scripts and requests to other hosts."""
        self.page.on("console", lambda message: self.wrong.append(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", lambda request: self._request(request))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site.base + "/", "data:")):
            self.wrong.append(f"request to {request.url}")

    def enter(self, to: str = "/") -> None:
        """Sign in by a one-time link, then to the page ``to``: roles begin at different ones."""
        self.page.goto(accounts.one_time_link(self.site.desk.context, self.site.base))
        self.page.goto(self.site.base + to)


# Not for the session: while it runs, Playwright keeps an event loop running in this thread, and tests that run one of
# their own would fail.
@pytest.fixture(scope="module")
def chromium(need_absent: Callable[[str, str], None]) -> Iterator[Any]:
    """A started Chromium; the test is skipped where there is none."""
    found = os.environ.get("HUIYING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        need_absent("browser", "no chromium on the path (or HUIYING_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The pages on a free port of loopback."""
    context = Context(settings(f"sqlite:////{str(tmp_path / 'huiying.db').lstrip('/')}", ROOT / "config"))
    desk = Desk(context)
    context.now = lambda: desk.clock[0]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(context), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        assert server.started
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", desk)
        server.should_exit = True
        thread.join()
    context.close()


@pytest.fixture
def open_page(chromium: Any, site: Site) -> Iterator[Callable[..., Watched]]:
    """Opens a watched page of some width; nothing wrong may have happened on any of them."""
    opened: list[Watched] = []

    def opener(width: int, height: int = 800, **more: Any) -> Watched:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **more)
        watched = Watched(context.new_page(), site)
        watched.watch()
        opened.append(watched)
        return watched

    yield opener
    for one in opened:
        one.page.context.close()
    assert opened
    assert [wrong for one in opened for wrong in one.wrong] == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from a cache outside the project, fetched into it once from npm."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huiying"
    file = cache / f"axe-{AXE}.min.js"
    if not file.exists():
        _fetch_axe(cache, file)
    source = file.read_bytes()
    assert hashlib.sha256(source).hexdigest() == AXE_SHA256, f"{file}: is not axe-core {AXE}; remove it"
    return source.decode()


def _fetch_axe(cache: Path, file: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("axe-core: no npm to fetch it")
    cache.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", f"axe-core@{AXE}"]
    done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip("axe-core: npm could not fetch it")
    packed = cache / done.stdout.split()[-1]
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        file.write_bytes(member.read())
    packed.unlink()
