"""What 600 equal messages on one matter make of the office's telephones: notices written, messages sent."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from casework.domain.notice import Delivery, Limits, Message
from casework.domain.times import SHANGHAI, show_time
from pipeline.bench import Row, row

ABOUT = "600 equal messages in two days, all unanswered for 30 days: at most two messages a day"
MESSAGES, DAYS, EVERY = 600, 30, timedelta(hours=2)
MOST = 2 * DAYS
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
TEXT = "文化路与东风路交叉口自来水管破裂，路面积水，整个小区停水，请尽快抢修。"


class _Counting:
    """A channel that takes everything and remembers what."""

    name = "counting"
    limits = Limits()

    def __init__(self) -> None:
        self.taken: list[Message] = []

    def send(self, message: Message) -> Delivery:
        """Keep it."""
        self.taken.append(message)
        return Delivery(ok=True)


def measure(store: str | None) -> list[Row]:
    """One row; the store is an own one, SQLite or (``store`` an Elasticsearch URL) that."""
    with tempfile.TemporaryDirectory() as name:
        notices, taken = _month(Path(name), store)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(one.kind for one in taken).items()))
    detail = f"{MESSAGES} messages, {notices:,} notices in the outbox, {len(taken)} messages sent: {kinds}"
    return [row("messages_for_600_equal", len(taken), "messages", "ceiling", MOST, False, detail)]


def _month(folder: Path, store: str | None) -> tuple[int, list[Message]]:
    from casework.ports import CaseFilter
    from pipeline import jobs
    from pipeline.settings import ROOT, settings
    from pipeline.wiring import Context

    moment = [BEGIN]
    chosen = settings(store or f"sqlite:///{folder}/x.db", ROOT / "config")
    context = Context(replace(chosen, var=folder / "var"), lambda: moment[0], makes=True)
    channel = _Counting()
    context.__dict__["teller"] = replace(context.teller, channels=lambda kind, to, private: (channel,))
    lines = [_line(number) for number in range(MESSAGES)]
    step = 0
    while moment[0] <= BEGIN + timedelta(days=DAYS):
        # What was written since the last round comes in as a file.
        fresh = [line for line in lines if step * EVERY <= line[0] < (step + 1) * EVERY]
        if fresh:
            path = folder / f"{step}.jsonl"
            path.write_bytes(b"".join(line for _, line in fresh))
            jobs.load(context, [path], moment[0] + EVERY)
        moment[0] += EVERY
        step += 1
        if fresh:
            jobs.assess(context)
            jobs.open_cases(context, moment[0])
            jobs.assign(context, moment[0])
        jobs.supervise(context, moment[0], watch=False)
        jobs.notify(context, moment[0])
    cases = list(context.store.list_cases(CaseFilter()))
    context.close()
    return sum(len(case.outbox) for case in cases), channel.taken


def _line(number: int) -> tuple[timedelta, bytes]:
    after = number * timedelta(days=2) / MESSAGES
    post = {
        "source": "people_board",
        "native_id": f"n{number}",
        "kind": "message",
        "title": "水管破裂",
        "text": TEXT,
        "published_at": show_time(BEGIN + after),
        "collected_at": show_time(BEGIN + after),
    }
    return after, json.dumps(post, ensure_ascii=False).encode() + b"\n"
