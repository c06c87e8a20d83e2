"""One of the eight workers of ``chaos``: sweeps and tells without end, with a clock that jumps back and forth."""

from __future__ import annotations

import random
import sys
import time
from datetime import timedelta
from pathlib import Path

from casework.domain.times import parse_time
from casework.ports import StoreError
from pipeline import jobs
from pipeline.proof.chaos import DAYS, MINUTES
from pipeline.proof.city import BEGIN
from pipeline.settings import Settings
from pipeline.wiring import Context


def work(folder: Path, store: str, number: int) -> None:
    """Round after round at the moment that ``folder/now`` says, one in three of them days before it."""
    chance = random.Random(f"{number}/{time.time()}")
    context = Context(Settings(store, folder / "office", folder))
    while True:
        try:
            now = parse_time((folder / "now").read_text("utf-8"))
            if chance.random() < 1 / 3:
                # Back to a moment of days before, at which nothing is due that was not taken.
                before = [day for day in DAYS if BEGIN + timedelta(days=day + 1) < now]
                now = BEGIN + timedelta(days=chance.choice(before or [1]), minutes=MINUTES[0] if before else 0)
            if chance.random() < 1 / 2:
                jobs.supervise(context, now, watch=False)
            jobs.notify(context, now)
        except (StoreError, ValueError, FileNotFoundError):
            # The server is away, or the moment is just being written.
            time.sleep(chance.uniform(0.2, 1.0))


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
