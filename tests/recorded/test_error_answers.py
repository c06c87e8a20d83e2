"""Every source against its own recorded site as it refuses, stalls and breaks: the same posts, or a reason.

Nobody writes a test for a source: its recording is served by the replica, once as it is and once a fault.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawlers.replica import Fault, Replica
from crawlers.replica.server import OPEN_ROBOTS, serve_sites
from crawlers.replica.site import NOT_FOUND, Answer, Ask
from crawlers.source_folder import load_sources

HERE = Path(__file__).parent
NOW = "2026-11-24T11:00:00+08:00"
SOURCES = sorted(load_sources())


class RecordedSite:
    """Answers as recorded; whatever was not recorded is not there."""

    def __init__(self, case: Path, hosts: tuple[str, ...]) -> None:
        self.source, self.hosts = case.parent.name, hosts
        self._answers = {}
        for row in json.loads((case / "exchanges.json").read_text(encoding="utf-8"))["exchanges"]:
            body = (case / row["file"]).read_bytes() if "file" in row else b""
            answer = Answer(body, row.get("content_type", "text/html"), row.get("status", 200))
            self._answers[_key(row["url"], row.get("form", {}))] = answer

    def answer(self, ask: Ask) -> Answer:
        found = self._answers.get((ask.host, ask.path, frozenset(ask.query.items()), frozenset(ask.form.items())))
        return found if found is not None else NOT_FOUND


def _key(url: str, form: dict[str, str]) -> tuple[str | None, str, frozenset[Any], frozenset[Any]]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return parts.hostname, parts.path or "/", frozenset(query.items()), frozenset(form.items())


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a site misbehaves. ``ends`` is in the reason of a stop; without it nothing may be lost."""

    faults: tuple[Fault, ...] = ()
    robots: str = OPEN_ROBOTS
    ends: str | None = None
    most_asked: int | None = None
    """How many requests may reach the site, robots.txt included."""


WAYS = {
    "as recorded": Way(),
    "GBK bytes that do not say so": Way((Fault("gbk"),)),
    "a content type that lies": Way((Fault("mistyped"),)),
    "slow bodies": Way((Fault("trickle", seconds=0.4, times=2),)),
    "a connection cut once": Way((Fault("cut", times=1),)),
    "429 once": Way((Fault("status", 429, times=1, retry_after=0),)),
    "connections cut": Way((Fault("cut"),), ends="cut off"),
    "304 unasked": Way((Fault("status", 304),), ends="304"),
    "429 for good": Way((Fault("status", 429, retry_after=0),), ends="HTTP 429 for the third time", most_asked=4),
    "432": Way((Fault("status", 432),), ends="HTTP 432", most_asked=2),
    "302 to a log-in page": Way((Fault("redirect"),), ends="log-in page (HTTP 302", most_asked=2),
    "robots refuse": Way(robots="User-agent: *\nDisallow: /\n", ends="robots.txt of", most_asked=1),
}
JSON_SHAPES = ("message_board", "json_api", "open_api", "hot_list")
"""Their answers are UTF-8 by the standard of JSON: other bytes are a broken answer."""


def recording_of(source: str) -> Path:
    """The source's recording that brings the most posts to its end."""
    whole: dict[Path, int] = {}
    for file in sorted((HERE / source).glob("*/expected.json")):
        expected = json.loads(file.read_text(encoding="utf-8"))
        if expected["stopped"] is None:
            whole[file.parent] = len(expected["posts"])
    assert whole, f"tests/recorded/{source}: no recording that comes to its end"
    return max(whole, key=lambda case: whole[case])


@cache
def results(source: str) -> dict[str, tuple[dict[str, Any], Replica]]:
    """What each way gave, all crawled in one process."""
    case = recording_of(source)
    recording = json.loads((case / "exchanges.json").read_text(encoding="utf-8"))
    made = load_sources(overrides={source: recording.get("overrides", {})})[source]
    # How few rows are too few is a matter of the live site.
    value = {**made.model_dump(mode="json"), "expected": {"min": 0, "max": 1000}}
    environment = {**os.environ, **dict.fromkeys(made.secrets(), "a-key-of-nobody")}
    with ExitStack() as open_:
        replicas = [
            open_.enter_context(serve_sites([RecordedSite(case, made.hosts)], way.faults, way.robots))
            for way in WAYS.values()
        ]
        jobs = [{"source": value, "base_url": replica.base_url, "now": NOW} for replica in replicas]
        done = subprocess.run(
            [sys.executable, HERE / "many_crawls.py"],
            input="".join(json.dumps(job) + "\n" for job in jobs),
            capture_output=True,
            text=True,
            env={**environment, "PYTHONPATH": str(HERE.parents[1])},
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(WAYS, zip(found, replicas, strict=True), strict=True))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SOURCES])
def test_a_source_takes_what_was_shown_or_says_why_not(source: str, way: str) -> None:
    expected = json.loads((recording_of(source) / "expected.json").read_text(encoding="utf-8"))["posts"]
    assert expected
    found, replica = results(source)[way]
    pinned = {post["native_id"]: post for post in expected}
    for post in found["posts"]:
        assert post == pinned[post["native_id"]]
    ends = WAYS[way].ends
    if way.startswith("GBK") and load_sources()[source].shape in JSON_SHAPES and found["state"] != "done":
        ends = "broken answer"
    if ends is None:
        # A recording of fewer pages than the list has says so; it is no failure.
        reason = found["reason"] if "(walk.most)" not in (found["reason"] or "") else None
        assert (found["state"], reason) == ("done", None)
        assert len(found["posts"]) == len(expected)
        return
    assert found["state"] == "stopped"
    assert ends in found["reason"]
    assert found["posts"] == []
    most = WAYS[way].most_asked
    if most is not None:
        assert len(replica.asked) == most
