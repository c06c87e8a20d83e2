"""How long a post waits until its department is told, and whether a burst is taken without loss, by the real worker."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any

from casework.stores.open import open_store
from pipeline.bench import Row, row
from pipeline.errors import UNAVAILABLE, CallError
from pipeline.settings import ROOT
from pipeline.wiring import clock_now

ABOUT = "run --follow: post seen to department told at 12 posts/s, p95 at most 60 s; 200/s for 60 s without loss"
STEADY, BURST = (12, 120), (200, 60)
"""Posts a second, and for how many seconds."""
BOUND = 60.0
DRAIN = 900.0
"""Seconds after which what has not come is lost."""
SETS = ("taidi_c_attach3_messages", "taidi_c_attach2_test_unlabelled", "taidi_c_attach4_reply_half")


def measure(store: str | None) -> list[Row]:
    """Three rows: p95 of the steady flow, posts of the burst that were lost, p95 of the burst for reading beside."""
    wanted = STEADY[0] * STEADY[1] + BURST[0] * BURST[1]
    texts, what = _texts(wanted)
    with tempfile.TemporaryDirectory() as folder, _receiver() as (port, arrived):
        worker = _Worker(Path(folder), port, store)
        feed = iter(enumerate(texts))
        steady = worker.feed(feed, *STEADY, name="steady")
        worker.drained(len(steady))
        burst = worker.feed(feed, *BURST, name="burst")
        worker.drained(len(steady) + len(burst))
        total = worker.end()
    first, second = _waits(steady, arrived), _waits(burst, arrived)
    cases = total["open"]["opened"] + total["open"]["to_review"]
    lost = len(steady) + len(burst) - total["load"]["new"] + cases - len(arrived)
    detail = f"{what} messages; told {len(first):,} and {len(second):,} cases; {json.dumps(total)}"
    return [
        row("follow_p95", _p95(first), "s", "ceiling", BOUND, False, f"{STEADY[0]} posts/s, {STEADY[1]} s; {detail}"),
        row("follow_burst_lost", lost, "posts", "ceiling", 0, False, f"{BURST[0]} posts/s for {BURST[1]} s; {detail}"),
        row("follow_burst_p95", _p95(second), "s", "ceiling", DRAIN, False, "told in the end; for reading beside"),
    ]


class _Worker:
    """The worker in a process of its own over a folder of its own."""

    def __init__(self, folder: Path, port: int, store: str | None) -> None:
        config, self.inbox = folder / "config", folder / "collected"
        shutil.copytree(ROOT / "config", config)
        settings = {"url": f"http://127.0.0.1:{port}/", "secret_env": "HUIYING_WEBHOOK_SECRET"}
        channel = {"use": "webhook", "enabled": True, "settings": settings}
        example = {"kind": "assigned", "role": "contact", "first": "bench", "why": "there is no other"}
        channels = {"channels": {"bench": channel}, "routes": [], "default": {"first": "bench"}, "examples": [example]}
        (config / "channels.yml").write_text(json.dumps(channels), encoding="utf-8")
        self.url = store or f"sqlite:///{folder / 'huiying.db'}"
        values = {"HUIYING_VAR": str(folder), "HUIYING_STORE": self.url, "HUIYING_CONFIG": str(config)}
        command = [sys.executable, "-m", "pipeline.cli", "run", "--follow", "--from", "load", "--json"]
        self.process = subprocess.Popen(
            command, env={**os.environ, **values, "HUIYING_WEBHOOK_SECRET": "bench"}, cwd=ROOT, stdout=subprocess.PIPE
        )
        while not self.inbox.is_dir():
            self._alive()
            time.sleep(0.1)

    def _alive(self) -> None:
        if self.process.poll() is not None:
            raise CallError(f"the worker ended by itself with exit code {self.process.returncode}", UNAVAILABLE)

    def feed(self, feed: Iterator[tuple[int, str]], rate: int, seconds: int, name: str) -> dict[str, float]:
        """Lay ``rate`` posts a second into the worker's inbox; native id → when it lay there (monotonic seconds)."""
        laid: dict[str, float] = {}
        begun = time.monotonic()
        for second in range(seconds):
            time.sleep(max(0.0, begun + second - time.monotonic()))
            part = list(islice(feed, rate))
            now = datetime.now(UTC).isoformat()
            lines = [json.dumps(_line(number, text, now), ensure_ascii=False) for number, text in part]
            path = self.inbox / f"{name}-{second:04d}.part"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            laid |= dict.fromkeys((str(number) for number, _ in part), time.monotonic())
            path.rename(path.with_suffix(".jsonl"))
        return laid

    def drained(self, posts: int) -> None:
        """Wait until the store holds so many posts, each decided of, and no case waits to be assigned or told of."""
        until = time.monotonic() + DRAIN
        while time.monotonic() < until:
            time.sleep(5)
            self._alive()
            store = open_store(self.url, create=False)
            try:
                waits = (store.cases_to_assign(), store.cases_to_notify(clock_now()))
                if store.count_posts()["opened"] >= posts and not any(next(iter(cases), None) for cases in waits):
                    return
            finally:
                store.close()

    def end(self) -> dict[str, Any]:
        """Tell it to end; the counts of all its rounds."""
        self.process.send_signal(signal.SIGTERM)
        printed, _ = self.process.communicate(timeout=DRAIN)
        stages: dict[str, Any] = json.loads(printed)["stages"]
        return stages


def _line(number: int, text: str, now: str) -> dict[str, Any]:
    return {
        "source": "bench",
        "native_id": str(number),
        "kind": "message",
        "text": text,
        "published_at": now,
        "collected_at": now,
    }


def _texts(number: int) -> tuple[Sequence[str], str]:
    """Different letters: real ones where they are present, filled up or replaced by made ones."""
    folder = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "data"
    texts: dict[str, None] = {}
    for name in SETS:
        path = folder / f"{name}.csv.gz"
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8-sig") as file:
                texts |= dict.fromkeys(f"{line['title']}\n{line['content']}" for line in csv.DictReader(file))
    from pipeline.bench import _reprints

    real = len(texts)
    if real < number:
        texts |= dict.fromkeys(_reprints.made_texts(number - real))
    return list(texts)[:number], f"{min(real, number):,} real, {number - min(real, number):,} made"


@contextmanager
def _receiver() -> Iterator[tuple[int, dict[str, float]]]:
    """A receiver of the webhook on loopback: its port, and when each post's case was first told of."""
    arrived: dict[str, float] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.setdefault(str(body["link"]).rsplit(":", 1)[-1], time.monotonic())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"code": 0}')

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], arrived
    finally:
        server.shutdown()
        server.server_close()


def _waits(laid: dict[str, float], arrived: dict[str, float]) -> list[float]:
    """Seconds from lying there to being told, of the posts that opened a case."""
    return sorted(arrived[post] - when for post, when in laid.items() if post in arrived)


def _p95(waits: Sequence[float]) -> float:
    return waits[min(len(waits) - 1, int(0.95 * len(waits)))] if waits else float("inf")
