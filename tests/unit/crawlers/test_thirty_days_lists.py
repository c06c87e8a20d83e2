"""A time line and two boards over thirty days, a run a day: what is missing from a list is only believed
where the post's own page says so; every change is seen on its day, and none is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect

Make = Callable[..., dict[str, Any]]
START = datetime.fromisoformat("2026-10-01T09:00:00+08:00")
DAYS = 30
A_DAY = 3
BUSY = '<div id="messagetext"><p>抱歉，您刷新得太快了，请稍后再试</p></div>'
WALL = '{"ok": 0, "errno": "20101", "msg": "微博不存在或暂无查看权限!"}'
OFFICE = {"organisation": "金水区", "text": "您好，已修复。", "state": "已办结"}
LONG = "这条微博很长，说的是示例区青石路的信号灯。" * 10


class Script:
    """What the source shows on each day; ``expected``: what that day's run has to say."""

    def __init__(self, source: str, make: Make) -> None:
        self.source, self.make, self.board = source, make, source != "weibo"
        self.posts: dict[str, dict[str, Any]] = {}
        self.expected: dict[str, str] = {}
        self.held: dict[str, dict[str, Any]] = {}
        self.late: dict[str, str] = {}
        self.faults: tuple[Fault, ...] = ()
        own, page = {
            "weibo": ("/statuses/show", "/getIndex"),
            "xintongqiao": (f"/thread-{self.key(151)}", "/wzpostlist"),
            "people_board": ("/threads/content", "/queryThreadsList"),
        }[source]
        self.denied = Fault("status", 200, path=own, body=BUSY if self.board else WALL)
        self.stops = Fault("status", 432, after=1, path=page)

    def run_day(self, day: int) -> None:
        self.expected, self.faults = {}, ()
        if day == 0:
            # Younger rows have the greater numbers, as on the sites.
            for row in range(10, 50):
                self.add(row, 0, hours=50 - row)
            self.add(5, 0, hours=2000, extra={} if self.board else {"pinned": 1})
        for row in range(A_DAY):
            self.add(100 + day * 10 + row, day, hours=A_DAY - row)
        changes: dict[int, Callable[[], None]] = {
            3: lambda: self.change(120, text="更正：示例区青石路口的信号灯已经修好。"),
            4: lambda: self.remove(131),
            5: lambda: self.change(142, text=LONG),
            6: lambda: self.deny(151),
            7: lambda: self.expect(151, "deleted" if self.own_pages else None),
            8: lambda: self.unlist(171),
            10: lambda: self.restore(131),
            12: lambda: self.remove(142),
            13: lambda: self.restore(142),
            14: lambda: self.pin(231),
            15: lambda: self.pin(None),
            17: lambda: self.remove(5),
            18: lambda: self.stopped(271),
            19: lambda: self.expect(271, "deleted"),
            # The oldest of what is still young, which no page that is walked shows any more, loses its page.
            21: lambda: self.remove(301),
            23: lambda: self.answer(321),
            # Far below the pages that are walked: seen at one of the ever rarer looks.
            20: lambda: self.answer(161, late=True),
            22: lambda: self.delete_late(191),
        }
        if day in changes:
            changes[day]()

    def key(self, number: int) -> str:
        return str(5000000 + number)

    def add(self, number: int, day: int, hours: float, **other: Any) -> None:
        at = (START + timedelta(days=day, hours=-hours)).isoformat()
        kind = "message" if self.board else "weibo"
        post = self.make(self.source, number, kind=kind, published_at=at, author="示例网友", **other)
        self.posts[post["native_id"]] = post
        self.expected[post["native_id"]] = "new"

    def change(self, number: int, **fields: Any) -> None:
        self.posts[self.key(number)] |= fields
        self.expected[self.key(number)] = "changed"

    def expect(self, number: int, what: str | None) -> None:
        if what is not None:
            self.expected[self.key(number)] = what

    @property
    def own_pages(self) -> bool:
        """Whether the site has a page of each row; without one the gap in the list is all there is."""
        return self.source != "people_board"

    def remove(self, number: int, said: bool = True) -> None:
        self.held[self.key(number)] = self.posts.pop(self.key(number))
        # A pinned row stands outside the order: where it is gone, nothing is missing between two others.
        if said and number != 5:
            self.expect(number, "deleted")

    def restore(self, number: int) -> None:
        self.posts[self.key(number)] = self.held.pop(self.key(number))
        self.expect(number, "back")

    def deny(self, number: int) -> None:
        self.remove(number, said=not self.own_pages)
        self.faults = (self.denied,)

    def stopped(self, number: int) -> None:
        self.remove(number, said=False)
        self.faults = (self.stops,)

    def unlist(self, number: int) -> None:
        self.posts[self.key(number)]["extra"] = {"unlisted": 1}

    def pin(self, number: int | None) -> None:
        if not self.board:
            for native_id, post in self.posts.items():
                pinned = number is not None and native_id == self.key(number)
                post["extra"] = {**post.get("extra", {}), "pinned": int(pinned or native_id == self.key(5))}

    def answer(self, number: int, late: bool = False) -> None:
        if self.board:
            self.change(number, reply={**OFFICE, "at": (START + timedelta(days=19)).isoformat()})
        if self.board and late:
            self.late[self.key(number)] = self.expected.pop(self.key(number))

    def delete_late(self, number: int) -> None:
        if not self.own_pages:
            self.remove(number)
            self.late[self.key(number)] = self.expected.pop(self.key(number))


def _what(line: dict[str, Any], known: set[str], marked: set[str]) -> str:
    if "deleted_at" in line["extra"]:
        return "deleted"
    if line["native_id"] not in known:
        return "new"
    return "back" if line["native_id"] in marked else "changed"


def _run(source: str, replica: Replica, folder: Path, day: int) -> tuple[CollectResult, list[dict[str, Any]]]:
    account = {"accounts": [{"uid": "1000000001", "name": "示例"}], "delay_seconds": 1}
    board = {
        "forums": [{"fid": 569, "name": "河南"}],
        "walk": {"usual": 3, "most": 50, "recheck_hours": 1440, "deep": None},
    }
    overrides = {"weibo": {**account, "walk": {"usual": 3, "most": 50}}, "xintongqiao": {}, "people_board": board}
    now = START + timedelta(days=day)
    made = {source: overrides[source]}
    result = collect(source, folder, folder / "state", replica.base_url, now=now, overrides=made)
    lines = [json.loads(line) for path in result.files for line in path.read_text("utf-8").splitlines()]
    return result, [line for line in lines if "native_id" in line]


@pytest.mark.parametrize("source", ["weibo", "xintongqiao", "people_board"])
def test_every_change_is_seen_and_none_invented(tmp_path: Path, make_post: Make, source: str) -> None:
    script, known, marked, seen = Script(source, make_post), set[str](), set[str](), set[str]()
    with serve_replica() as replica:
        for day in range(DAYS):
            script.run_day(day)
            replica.set_posts(script.posts.values())
            replica.set_faults(*script.faults)
            result, lines = _run(source, replica, tmp_path, day)
            found = {line["native_id"]: _what(line, known, marked) for line in lines}
            assert result.state == ("stopped" if script.stops in script.faults else "done"), result.reason
            assert len(lines) == len(found)
            for native_id in [one for one, what in found.items() if script.late.get(one) == what]:
                seen.add(script.late.pop(native_id))
                marked |= {native_id} if found.pop(native_id) == "deleted" else set()
            assert found == script.expected, f"day {day}"
            known |= found.keys()
            marked = {native_id for native_id, what in found.items() if what == "deleted"} | marked - found.keys()
            seen |= set(found.values())
    assert seen == {"new", "changed", "deleted", "back"}
    assert script.late == {}, "seen within the thirty days"
    more = () if script.own_pages else (191,)
    assert marked == {script.key(number) for number in (151, 271, 301, *more)}
