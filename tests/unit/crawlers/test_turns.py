"""Sources that share a host keep its pace together, and a delay that no run could keep ends the run with a reason."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers import turns
from crawlers.replica import serve_replica
from crawlers.run import collect
from crawlers.source_folder import find_source
from crawlers.turns import Turns

Make = Callable[..., dict[str, Any]]
START = 1_790_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    held = [START]
    monkeypatch.setattr(turns.time, "time", lambda: held[0])

    def forward(seconds: float) -> None:
        held[0] += seconds

    return forward


@pytest.mark.parametrize("shared", [True, False])
def test_turns_of_a_host_lie_a_delay_apart(shared: bool, tmp_path: Path, clock: Callable[[float], None]) -> None:
    one = Turns(tmp_path if shared else None)
    other = Turns(tmp_path) if shared else one
    waits = [one.take("a.example", 3), other.take("a.example", 3), one.take("b.example", 3)]
    assert waits == pytest.approx([0, 3, 0], abs=0.01)
    clock(4)
    assert other.take("a.example", 3) == pytest.approx(2, abs=0.01)
    clock(10)
    one.answered("a.example", 3)
    assert other.take("a.example", 3) == pytest.approx(3, abs=0.01)


def test_a_clock_put_back_or_a_torn_file_does_not_hold_a_host(tmp_path: Path, clock: Callable[[float], None]) -> None:
    held = Turns(tmp_path)
    held.take("a.example", 3)
    clock(-86400)
    assert held.take("a.example", 3) == 0
    (tmp_path / "a.example").write_bytes(b"\xff")
    assert held.take("a.example", 3) == 0


def test_many_takers_at_once_never_get_the_same_turn(tmp_path: Path, clock: Callable[[float], None]) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = sorted(pool.map(lambda _: Turns(tmp_path).take("a.example", 1), range(40)))
    assert [round(wait) for wait in waits] == list(range(40))


def test_two_sources_of_one_host_keep_its_crawl_delay(tmp_path: Path, now: datetime, make_post: Make) -> None:
    posts = [make_post("henan_gov", n) for n in range(4)]
    rules = find_source("henan_gov").model_dump(mode="json", exclude={"id", "title"})
    others = {"henan_fgw": rules}
    with serve_replica(posts, robots="User-agent: *\nCrawl-delay: 0.4\n") as replica, ThreadPoolExecutor(2) as pool:

        def one(name: str) -> str:
            done = collect(name, tmp_path / name, tmp_path / "s", replica.base_url, now=now, overrides=others)
            return f"{done.state} {done.read}"

        assert list(pool.map(one, ["henan_gov", "henan_fgw"])) == ["done 4", "done 4"]
        times = [
            at for at, (_, _, path, _) in zip(replica.asked_at, replica.asked, strict=True) if "robots" not in path
        ]
    assert len(times) >= 10
    assert min(later - earlier for earlier, later in pairwise(sorted(times))) >= 0.2


@pytest.mark.parametrize(("delay", "state"), [(86400, "stopped"), (700, "stopped")])
def test_a_delay_that_no_run_can_keep_ends_it_at_once(
    delay: int, state: str, tmp_path: Path, now: datetime, make_post: Make
) -> None:
    posts = [make_post("gov_cn", n) for n in range(3)]
    with serve_replica(posts, robots=f"User-agent: *\nCrawl-delay: {delay}\n") as replica:
        found = collect("gov_cn", tmp_path, tmp_path / "state", replica.base_url, now=now)
        assert [path for _, _, path, _ in replica.asked] == ["/robots.txt"]
    assert (found.state, found.new) == (state, 0)
    assert f"robots.txt of www.gov.cn asks for {delay} s between two requests: write robots_delay_seconds" in str(
        found.reason
    )
