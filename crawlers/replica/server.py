"""The replica's HTTP server: loopback, a free port, threads that end with it."""

from __future__ import annotations

import ssl
import sys
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawlers.replica.faults import Fault, Faults, disturb, spoil
from crawlers.replica.site import NOT_FOUND, Answer, Ask, Post, SavedPage, Site
from crawlers.replica.sites import make_sites

_PIECES = 8
"""Of a body that trickles."""
OPEN_ROBOTS = "User-agent: *\nAllow: /\n"


class Replica:
    """A running replica. ``asked`` lists (method, host, path with query, user agent) of every request in order."""

    def __init__(
        self,
        sites: Sequence[Site],
        faults: Sequence[Fault],
        robots: str,
        robots_status: int,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.robots, self.robots_status = robots, robots_status
        self.asked: list[tuple[str, str, str, str]] = []
        self.asked_at: list[float] = []
        self.tags = True
        """Whether answers carry an ETag and conditional requests are answered by 304."""
        self._sites = list(sites)
        self.faults = Faults(tuple(faults))
        handler = type("Handler", (_Handler,), {"replica": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._scheme = "http" if tls is None else "https"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """Address for ``--base-url``."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def set_posts(self, posts: Iterable[Post], pages: Iterable[SavedPage] = ()) -> None:
        """Serve these from now on: the site has changed."""
        self._sites = make_sites(posts, pages)

    def set_faults(self, *faults: Fault) -> None:
        """These faults from now on, their counts from 0."""
        self.faults = Faults(faults)

    def answer(self, ask: Ask) -> Answer:
        """The answer of the site that the host names; a host nobody names: the first site that has the address."""
        if ask.path == "/robots.txt":
            return Answer(self.robots.encode(), "text/plain", status=self.robots_status)
        named = [site for site in self._sites if ask.host in site.hosts]
        for site in named or self._sites:
            answer = site.answer(ask)
            if answer is not NOT_FOUND:
                return answer
        return NOT_FOUND

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End; open connections are dropped."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def serve_replica(
    posts: Iterable[Post] = (),
    pages: Iterable[SavedPage] = (),
    faults: Sequence[Fault] = (),
    robots: str = OPEN_ROBOTS,
    robots_status: int = 200,
) -> Iterator[Replica]:
    """Serve post lines, each in the format of its ``source``'s site, and saved pages behind a list page.

    Posts of a source without a replica site raise ValueError naming it. Gives the running Replica.
    """
    with serve_sites(make_sites(posts, pages), faults, robots, robots_status) as replica:
        yield replica


@contextmanager
def serve_sites(
    sites: Sequence[Site],
    faults: Sequence[Fault] = (),
    robots: str = OPEN_ROBOTS,
    robots_status: int = 200,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Replica]:
    """Serve these sites, with ``tls`` over HTTPS. Gives the running Replica."""
    replica = Replica(sites, faults, robots, robots_status, tls=tls)
    replica.start()
    try:
        yield replica
    finally:
        replica.stop()


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that went away: a killed crawl is what some tests want."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Called inside the handling of an error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    replica: Replica
    protocol_version = "HTTP/1.1"
    # Two small writes a response would otherwise wait 40 ms for each other's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer."""
        self._serve({})

    def do_POST(self) -> None:
        """Answer a form."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._serve(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked is in ``Replica.asked``."""

    def _serve(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        host = self.headers.get("X-Forwarded-Host") or (self.headers.get("Host") or "").split(":")[0]
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        ask = Ask(self.command, host, parts.path, query, form, self.headers.get("Authorization") or "")
        self.replica.asked.append((self.command, host, self.path, self.headers.get("User-Agent") or ""))
        self.replica.asked_at.append(time.monotonic())
        fault = self.replica.faults.due(ask)
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        spoilt = spoil(fault) if fault is not None else None
        answer = spoilt if spoilt is not None else self.replica.answer(ask)
        if fault is not None:
            answer = disturb(fault, answer)
        elif self.replica.tags and answer.status == 200:
            answer = self._tagged(answer)
        slowly = fault.seconds if fault is not None and fault.kind == "trickle" else 0.0
        if fault is not None and fault.kind == "endless":
            self._send_endless(answer)
        else:
            self._send(answer, fault is not None and fault.kind == "cut", slowly)

    def _tagged(self, answer: Answer) -> Answer:
        """The answer with its ETag; that nothing has changed, where the client says that it holds the same."""
        tag = f'"{zlib.crc32(answer.body):08x}"'
        if self.headers.get("If-None-Match") == tag:
            return Answer(b"", answer.content_type, 304, {"ETag": tag})
        return replace(answer, headers={**answer.headers, "ETag": tag})

    def _send(self, answer: Answer, cut: bool, seconds: float) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self._write(answer.body[: len(answer.body) // 2] if cut else answer.body, seconds)
        except (BrokenPipeError, ConnectionResetError):
            cut = True
        if cut:
            self.close_connection = True

    def _send_endless(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        with suppress(ConnectionError):
            while True:
                self.wfile.write(b" " * 65536)

    def _write(self, body: bytes, seconds: float) -> None:
        size = len(body) // _PIECES + 1 if seconds else len(body) or 1
        for begin in range(0, len(body), size):
            self.wfile.write(body[begin : begin + size])
            self.wfile.flush()
            time.sleep(seconds / _PIECES)
