"""The office's own system at the other end of the webhook: writes down what arrives, and may be made to fail.

It answers as such systems do: 200 with an error code inside, 429 with ``Retry-After``, 500, or after the caller has
given up. What it took it has taken, also where the caller never heard of it: that is how a double comes about.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW = 1.5
"""Seconds of an answer that comes too late; the channel of the proofs waits for one second."""
FAULTS = ("500", "429", "code", "late", "lost")
"""``late``: taken, answered too late. ``lost``: not taken, no answer at all."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message that the receiver took: its key, to whom, its heading, and the moment as the month's clock had it."""

    key: str
    to: str
    subject: str
    body: str
    at: str


@dataclass(slots=True)
class Receiver:
    """``share`` of the calls fail. ``now`` is set by whoever drives the clock."""

    share: float = 0.0
    seed: int = 0
    now: str = ""
    url: str = ""
    taken: list[Arrived] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    """Keys that were taken and of which the caller did not hear."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _chance: random.Random = field(default_factory=random.Random)

    def fault(self) -> str | None:
        """What goes wrong with this call."""
        with self._lock:
            found = self._chance.choice(FAULTS) if self._chance.random() < self.share else None
            if found:
                self.failed[found] = self.failed.get(found, 0) + 1
            return found

    def take(self, body: bytes, unheard: bool) -> None:
        """Write one down."""
        said = json.loads(body)
        with self._lock:
            self.taken.append(Arrived(said["key"], said["recipient"]["id"], said["subject"], said["body"], self.now))
            if unheard:
                self.unheard.add(said["key"])


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """Serve on a free port of this machine; ``receiver.url`` is where."""
    receiver._chance.seed(receiver.seed)

    class Handler(_Handler):
        to = receiver

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/huiying"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, at once: else each answer waits 40 ms for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    to: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.to.fault()
        if fault in (None, "late"):
            self.to.take(body, fault == "late")
        if fault == "lost":
            self.close_connection = True
            return
        if fault == "late":
            time.sleep(SLOW)
        status = {"500": 500, "429": 429}.get(fault or "", 200)
        inside = -1 if fault == "code" else 0
        answer = json.dumps({"code": inside, "msg": "system busy" if inside else "ok"}).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "5")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: thousands of lines a minute."""
