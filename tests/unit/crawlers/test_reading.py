"""A page whose reading ends the run is not asked for first by every run after it."""

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

import pytest

from crawlers.reading import TIMES, Reading
from crawlers.replica import Fault, serve_replica
from crawlers.run import collect
from crawlers.walk import Walk

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
ROOT = Path(__file__).resolve().parents[3]
CODE = (
    "import sys\nfrom pathlib import Path\nfrom datetime import datetime\nfrom crawlers.run import collect\n"
    "out = Path(sys.argv[1])\nnow = datetime.fromisoformat('2026-11-24T11:00:00+08:00')\n"
    "collect('henan_gov', out, out / 'state', sys.argv[2], now=now)\n"
)


def test_a_page_may_end_a_run_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "a.reading"
    for times in range(TIMES):
        reading = Reading(path)
        assert (reading.ends_runs("7"), reading.times) == (False, times)
        reading.begin("3")
        reading.begin("7")
    last = Reading(path)
    assert last.ends_runs("7")
    assert not last.ends_runs("3")
    last.begin("8")
    assert not Reading(path).ends_runs("7"), "another page was reached"
    last.close()
    assert not path.exists()
    path.write_text("no mark", encoding="ascii")
    assert (Reading(path).key, Reading(path).times) == ("", 0)


@pytest.mark.parametrize(("path", "list_page"), [("/5000003.html", False), ("/index", True)], ids=["article", "list"])
def test_what_ended_two_runs_is_put_aside_and_the_rest_is_read(
    path: str, list_page: bool, tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = [make_post("henan_gov", n) for n in range(6 if not list_page else 30)]
    with serve_replica(posts, faults=[Fault("slow", seconds=0.4, path="/2026/")]) as replica:
        process = subprocess.Popen([sys.executable, "-c", CODE, str(tmp_path), replica.base_url], cwd=ROOT)
        while not any("/2026/" in asked for _, _, asked, _ in replica.asked):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.5)
        walk = Walk(tmp_path / "state", tmp_path, "henan_gov", now)
        key, url = next((key, one["url"]) for key, one in walk.pending.items() if path in one["url"])
        walk.journal.close()
        (tmp_path / "state" / "henan_gov.reading").write_text(f"{key} {TIMES}", encoding="ascii")
        replica.set_faults()
        begun = len(replica.asked)
        result = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
        asked = [one for _, _, one, _ in replica.asked[begun:]]
        second = collect("henan_gov", tmp_path, tmp_path / "state", replica.base_url, now=now)
    assert not [one for one in asked if url.endswith(one)]
    assert not (tmp_path / "state" / "henan_gov.reading").exists()
    if list_page:
        assert result.state == "stopped"
        assert "reading this page has ended the run again and again" in str(result.reason)
        return
    assert (result.state, result.quarantined, second.new) == ("done", 1, 0)
    assert len({line["native_id"] for line in read_lines(tmp_path)}) == 5
    (refused,) = read_lines(tmp_path, "*.quarantine.jsonl")
    assert "reading this page has ended the run again and again" in refused["reason"]
    assert url in refused["raw"]
