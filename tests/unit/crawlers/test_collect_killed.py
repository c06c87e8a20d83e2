"""A crawl that is interrupted or killed at any moment loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.replica import Fault, serve_replica
from crawlers.run import collect
from pipeline.proof import kills

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
ROOT = Path(__file__).resolve().parents[3]
CODE = (
    "import sys\nfrom pathlib import Path\nfrom datetime import datetime\nfrom crawlers.run import collect\n"
    "out = Path(sys.argv[1])\n"
    "now = datetime.fromisoformat('2026-11-24T11:00:00+08:00')\n"
    "collect('people_board', out, out / 'state', sys.argv[2], now=now)\n"
)


def test_ctrl_c_keeps_what_came_and_the_next_run_brings_the_rest(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = [make_post("people_board", n) for n in range(60)]
    with serve_replica(posts, faults=[Fault("slow", seconds=0.2)]) as replica:
        command = [sys.executable, "-c", CODE, str(tmp_path), replica.base_url]
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE)
        while len(replica.asked) < 4:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert b"KeyboardInterrupt" in errors
        kept = len(read_lines(tmp_path))
        replica.set_faults()
        rest = collect("people_board", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert 20 <= kept < 60
    assert (rest.new, rest.state) == (60 - kept, "done")


def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path, make_post: Make, read_lines: Read) -> None:
    posts = [make_post("people_board", n) for n in range(60)]
    with serve_replica(posts, faults=[Fault("slow", seconds=0.1)]) as replica:
        for wait in (0.6, 1.2, 1.8):
            process = subprocess.Popen([sys.executable, "-c", CODE, str(tmp_path), replica.base_url], cwd=ROOT)
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        replica.set_faults()
        time.sleep(0.5)
        last = collect("people_board", tmp_path, tmp_path / "state", replica.base_url)
        again = collect("people_board", tmp_path, tmp_path / "state", replica.base_url)
    assert last.state == "done"
    assert {line["native_id"] for line in read_lines(tmp_path)} == {post["native_id"] for post in posts}
    assert (again.new, again.changed) == (0, 0)
    assert not list(tmp_path.glob(".*.part"))


def test_killed_and_resumed_a_crawl_fetches_next_to_nothing_twice(tmp_path: Path) -> None:
    result = kills.run(pages=220, kills=4, seed=3, folder=tmp_path)
    assert (result["pages"], result["kills"]) == (220, 4)
    assert (result["lost"], result["doubled"]) == (0, 0)
    # One page a kill may be under way, and the first pages of the lists are read again at the end.
    assert result["fetched_twice"] <= 4 + 4
    assert (result["last"]["state"], result["second"]["new"], result["second"]["changed"]) == ("done", 0, 0)
