"""Weibo's five ways to say no (stop rules), at every place where they can meet a walk: each stops the source by name.

None of them is ever read as "no results", what came before stays, and nothing more is asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawlers.replica import Fault, Replica
from crawlers.replica.server import OPEN_ROBOTS, serve_sites
from crawlers.source_folder import load_sources
from tests.recorded.test_error_answers import NOW, RecordedSite

HERE = Path(__file__).parent
SIGNS = {
    "432": (Fault("status", 432), "no valid session (HTTP 432)"),
    "418": (Fault("status", 418), "the address is blocked (HTTP 418)"),
    "log in": (Fault("log_in"), "log-in wanted (ok -100)"),
    "redirect": (Fault("redirect"), "redirected to a log-in page (HTTP 302"),
    "page": (Fault("html"), "log-in page: not JSON"),
    "empty": (Fault("empty"), "empty cards"),
}
# Place: source, part of the path, requests to it that are answered first, posts that come before, requests in all.
PLACES = {
    "first page": ("weibo", "getIndex", 0, 0, 2),
    "second page": ("weibo", "getIndex", 1, 3, 4),
    "long text": ("weibo", "extend", 0, 3, 3),
    "hot list": ("weibo_hot", "hotSearch", 0, 0, 2),
}
WAYS = [(place, sign) for place in PLACES for sign in SIGNS if (place, sign) != ("long text", "empty")]
CASES = {"weibo": "timeline", "weibo_hot": "list"}


@cache
def results() -> dict[tuple[str, str], tuple[dict[str, Any], Replica]]:
    """What each sign gave at each place, all crawled in one process."""
    with ExitStack() as open_:
        jobs, replicas = [], []
        for place, sign in WAYS:
            name, path, after, _, _ = PLACES[place]
            case = HERE / name / CASES[name]
            overrides = json.loads((case / "exchanges.json").read_text(encoding="utf-8")).get("overrides", {})
            source = load_sources(overrides={name: overrides})[name]
            fault = Fault(SIGNS[sign][0].kind, SIGNS[sign][0].status, after=after, path=path)
            site = RecordedSite(case, source.hosts)
            replica = open_.enter_context(serve_sites([site], (fault,), OPEN_ROBOTS))
            replicas.append(replica)
            jobs.append({"source": source.model_dump(mode="json"), "base_url": replica.base_url, "now": NOW})
        done = subprocess.run(
            [sys.executable, HERE / "many_crawls.py"],
            input="".join(json.dumps(job) + "\n" for job in jobs),
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(HERE.parents[1])},
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(WAYS, zip(found, replicas, strict=True), strict=True))


@pytest.mark.xdist_group("stop_signs")
@pytest.mark.parametrize(("place", "sign"), WAYS)
def test_a_sign_stops_the_source_with_its_reason_wherever_it_is_met(place: str, sign: str) -> None:
    found, replica = results()[place, sign]
    _, _, _, before, asked = PLACES[place]
    wanted = "no list in" if (place, sign) == ("hot list", "empty") else SIGNS[sign][1]
    assert found["state"] == "stopped"
    assert wanted in found["reason"]
    assert len(found["posts"]) == before
    assert len(replica.asked) == asked, "nothing more is asked"
