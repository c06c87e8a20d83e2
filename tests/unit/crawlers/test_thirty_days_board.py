"""The message board over thirty days, a run a day: answers that come, are edited, taken back and given again; every
change is seen on its day, and none is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.replica import Fault, Replica, serve_replica
from crawlers.run import CollectResult, collect

Make = Callable[..., dict[str, Any]]
START = datetime.fromisoformat("2026-10-01T09:00:00+08:00")
DAYS, A_DAY = 30, 3
STOPS = Fault("status", 432, path="/queryThreadsList")


class Script:
    """What the board shows on each day; ``expected``: what the next run that is not stopped has to say."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.posts: dict[str, dict[str, Any]] = {}
        self.expected: dict[str, str] = {}
        self.held: dict[str, dict[str, Any]] = {}

    def run_day(self, day: int) -> None:
        for number in range(40 if day == 0 else 0):
            self.add(number, day)
        for row in range(A_DAY):
            self.add(100 + day * 10 + row, day)
        changes: dict[int, Callable[[], None]] = {
            2: lambda: self.change(111, reply=self.reply(day, "已派人查看，三日内修复。")),
            4: lambda: self.change(111, reply=self.reply(2, "已派人查看，两日内修复，费用减免。")),
            6: lambda: self.change(111, reply=None),
            8: lambda: self.change(111, reply=self.reply(day, "信号灯已经修好。")),
            10: lambda: self.change(102, text="补充：示例区青石路口的信号灯又坏了，请尽快维修。"),
            12: lambda: self.remove(121),
            14: lambda: self.restore(121),
            16: lambda: (self.remove(131), self.remove(152)),  # type: ignore[func-returns-value]
            # Thirty rows further down by now, answered late.
            18: lambda: self.change(5, reply=self.reply(day, "经核实，该路口已列入改造计划。")),
            20: lambda: self.unseen(111, extra={"favourites": 7}),
            22: lambda: self.change(201, title="更正后的标题：信号灯已经修好"),
            24: lambda: self.change(5, reply={**self.reply(18, "经核实，该路口已列入改造计划。"), "state": "已办结"}),
            # The board stops the run of this day: what changed is seen on the next.
            26: lambda: self.change(341, reply=self.reply(day, "正在办理，月底前答复。")),
            28: lambda: self.remove(0),
        }
        if day in changes:
            changes[day]()

    def add(self, number: int, day: int) -> None:
        at = (START + timedelta(days=day, hours=-1)).isoformat()
        post = self.make("people_board", number, published_at=at, place="河南省委书记")
        self.posts[post["native_id"]] = post
        self.expected[post["native_id"]] = "new"

    def reply(self, day: int, text: str) -> dict[str, Any]:
        at = (START + timedelta(days=day, hours=-2)).isoformat()
        return {"organisation": "示例局", "text": text, "at": at, "state": "已办理"}

    def change(self, number: int, **fields: Any) -> None:
        self.posts[str(5000000 + number)] |= fields
        self.expected[str(5000000 + number)] = "changed"

    def unseen(self, number: int, **fields: Any) -> None:
        self.posts[str(5000000 + number)] |= fields

    def remove(self, number: int) -> None:
        native_id = str(5000000 + number)
        self.held[native_id] = self.posts.pop(native_id)
        # Of the oldest row it cannot be told whether it is deleted: nothing stands below it.
        if number:
            self.expected[native_id] = "deleted"

    def restore(self, number: int) -> None:
        native_id = str(5000000 + number)
        self.posts[native_id] = self.held.pop(native_id)
        self.expected[native_id] = "back"


def _what(line: dict[str, Any], known: set[str], marked: set[str]) -> str:
    if "deleted_at" in line["extra"]:
        return "deleted"
    if line["native_id"] not in known:
        return "new"
    return "back" if line["native_id"] in marked else "changed"


def _run(replica: Replica, folder: Path, day: int) -> tuple[CollectResult, list[dict[str, Any]]]:
    result = collect("people_board", folder, folder / "state", replica.base_url, now=START + timedelta(days=day))
    lines = [json.loads(line) for path in result.files for line in path.read_text("utf-8").splitlines()]
    return result, [line for line in lines if "native_id" in line]


def test_every_change_of_a_board_is_seen_and_none_invented(tmp_path: Path, make_post: Make) -> None:
    script, known, marked, last = Script(make_post), set[str](), set[str](), dict[str, dict[str, Any]]()
    seen: set[str] = set()
    with serve_replica() as replica:
        for day in range(DAYS):
            script.run_day(day)
            replica.set_posts(script.posts.values())
            replica.set_faults(*([STOPS] if day == 26 else []))
            result, lines = _run(replica, tmp_path, day)
            if day == 26:
                assert (result.state, lines) == ("stopped", [])
                continue
            found = {line["native_id"]: _what(line, known, marked) for line in lines}
            assert (result.state, result.quarantined, len(lines)) == ("done", 0, len(found))
            assert found == script.expected, f"day {day}"
            script.expected = {}
            known |= found.keys()
            marked = {native_id for native_id, what in found.items() if what == "deleted"} | marked - found.keys()
            seen |= set(found.values())
            last |= {line["native_id"]: line for line in lines}
    assert seen == {"new", "changed", "deleted", "back"}
    assert marked == {"5000131", "5000152"}
    answered = {native_id: post for native_id, post in script.posts.items() if post.get("reply")}
    assert set(answered) == {"5000111", "5000005", "5000341"}
    assert {native_id: last[native_id]["reply"] for native_id in answered} == {
        native_id: post["reply"] for native_id, post in answered.items()
    }, "the newest line of a message holds the answer as it stands"
