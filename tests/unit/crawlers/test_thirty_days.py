"""A site over thirty days, one run a day: every change is seen on its day, and none is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.replica import Replica, serve_replica
from crawlers.run import CollectResult, collect

Make = Callable[..., dict[str, Any]]
START = datetime.fromisoformat("2026-10-01T09:00:00+08:00")
DAYS = 30


class Script:
    """What stands on the site on each day, and what the run of that day has to say."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.posts: dict[str, dict[str, Any]] = {}
        self.expected: dict[str, str] = {}

    def day(self, day: int) -> None:
        self.expected = {}
        for row in range(3):
            self.add(1000 + day * 10 + row, day)
        if day == 0:
            self.add(1, -400, extra={"pinned": 1})
        changes: dict[int, Callable[[], None]] = {
            5: lambda: self.change("5001041", text="更正：原文第二段的数字有误，现予更正。"),
            6: lambda: self.change("5001051", title="更正后的标题：信号灯已经修好"),
            # Older than the list's first page, still within walk.recheck_hours of its publication.
            8: lambda: self.change("5001061", text="补充：已于今日恢复通行。"),
            10: lambda: self.pin("5001081"),
            12: lambda: self.delete("5001101"),
            14: lambda: self.delete("5001132"),
            16: lambda: self.move("5001151", "7001151"),
            18: lambda: self.reprint("5001170", 90),
            20: lambda: self.back("5001101"),
            22: lambda: self.pin(None),
            24: lambda: self.take_off_the_list("5001230"),
        }
        if day in changes:
            changes[day]()

    def at(self, day: int) -> str:
        return (START + timedelta(days=day, hours=-1)).isoformat()

    def add(self, number: int, day: int, **other: Any) -> None:
        post = self.make("henan_gov", number, published_at=self.at(day), **other)
        self.posts[post["native_id"]] = post
        self.expected[post["native_id"]] = "new"

    def change(self, native_id: str, **fields: Any) -> None:
        self.posts[native_id] = {**self.posts[native_id], **fields}
        self.expected[native_id] = "changed"

    def pin(self, native_id: str | None) -> None:
        for post in self.posts.values():
            post["extra"] = {**post.get("extra", {}), "pinned": int(post["native_id"] == native_id)}

    def delete(self, native_id: str) -> None:
        self.gone = self.posts.pop(native_id)
        was_known = native_id not in self.expected
        self.expected.pop(native_id, None)
        if was_known:
            self.expected[native_id] = "deleted"

    def back(self, native_id: str) -> None:
        self.posts[native_id] = self.make("henan_gov", int(native_id) - 5000000, published_at=self.at(10))
        self.expected[native_id] = "back"

    def move(self, native_id: str, new_id: str) -> None:
        old = self.posts.pop(native_id)
        at = datetime.fromisoformat(old["published_at"])
        path = f"/{at:%Y/%m-%d}/{native_id}.html"
        self.posts[new_id] = {**old, "native_id": new_id, "extra": {"moved_from": path}}
        self.expected[native_id] = "moved"

    def reprint(self, native_id: str, number: int) -> None:
        self.add(number, 18, text=self.posts[native_id]["text"], title=self.posts[native_id]["title"])

    def take_off_the_list(self, native_id: str) -> None:
        self.posts[native_id]["extra"] = {"unlisted": 1}


def _what(line: dict[str, Any], known: set[str], marked: set[str]) -> str:
    if "deleted_at" in line["extra"]:
        return "deleted"
    if line["native_id"] not in known:
        return "new"
    if line["native_id"] in marked:
        return "back"
    return "moved" if line["native_id"] not in line["url"] else "changed"


def _run(source: str, replica: Replica, folder: Path, day: int) -> tuple[CollectResult, list[dict[str, Any]]]:
    now = START + timedelta(days=day)
    result = collect(source, folder, folder / "state", replica.base_url, now=now)
    lines = [json.loads(line) for path in result.files for line in path.read_text("utf-8").splitlines()]
    return result, [line for line in lines if "native_id" in line]


def test_every_change_of_a_site_is_seen_and_none_invented(tmp_path: Path, make_post: Make) -> None:
    script, known, marked, seen = Script(make_post), set[str](), set[str](), set[str]()
    with serve_replica() as replica:
        for day in range(DAYS):
            # Some answers carry an ETag, some do not.
            replica.tags = day % 3 != 0
            script.day(day)
            replica.set_posts(script.posts.values())
            result, lines = _run("henan_gov", replica, tmp_path, day)
            found = {line["native_id"]: _what(line, known, marked) for line in lines}
            assert (result.state, result.quarantined, len(lines)) == ("done", 0, len(found))
            assert found == script.expected, f"day {day}"
            known |= found.keys()
            marked = {native_id for native_id, what in found.items() if what == "deleted"} | marked - found.keys()
            seen |= set(found.values())
    assert seen == {"new", "changed", "deleted", "back", "moved"}
    assert marked == {"5001132"}


def test_a_rule_that_was_corrected_reads_unchanged_pages_again(tmp_path: Path, make_post: Make) -> None:
    posts = [make_post("henan_gov", n) for n in range(3)]
    wrong = {"henan_gov": {"article": {"body": ["#content"], "title": [".details-box > span"]}}}
    with serve_replica(posts) as replica:
        places = tmp_path, tmp_path / "state", replica.base_url
        collect("henan_gov", *places, now=START + timedelta(days=54), overrides=wrong)
        asked = len(replica.asked)
        same = collect("henan_gov", *places, now=START + timedelta(days=54), overrides=wrong)
        right = collect("henan_gov", *places, now=START + timedelta(days=54))
    assert (same.new, same.changed) == (0, 0)
    assert len(replica.asked) > asked
    assert (right.new, right.changed, right.state) == (0, 3, "done")
