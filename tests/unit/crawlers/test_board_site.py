"""The message board with its dictionary of boards and its old pages: boards below are found, cut texts come whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from crawlers.replica.server import serve_sites
from crawlers.replica.sites.board import BoardSite
from crawlers.run import collect

Make = Callable[..., dict[str, Any]]
Read = Callable[..., list[dict[str, Any]]]
LONG = "小区北门外的示例河段自入夏以来水体发黑发臭，沿河居民不敢开窗，请尽快派人查看。" * 5
ANSWER = {
    "organisation": "示例区水利局",
    "text": "您好，排口已封堵。",
    "at": "2026-11-22T10:00:00+08:00",
    "state": "已办理",
}
PLACES = ("河南省委书记", "金水区委书记", "二七区区长")


class Board(BoardSite):
    """A province's board with two districts below it, and another province's."""

    boards: ClassVar = {
        569: ("河南省委书记", (701, 702)),
        701: ("金水区委书记", ()),
        702: ("二七区区长", ()),
        571: ("海南省委书记", ()),
    }
    pages = True


def test_boards_below_are_found_and_cut_texts_come_whole(
    tmp_path: Path, now: datetime, make_post: Make, read_lines: Read
) -> None:
    posts = [make_post("people_board", n, place=PLACES[n % 3], text=LONG if n % 4 else "路灯不亮。") for n in range(24)]
    posts[5]["reply"] = ANSWER
    posts.append(make_post("people_board", 99, place="海南省委书记"))
    forums = [{"fid": 569, "name": "河南", "with_children": True}]
    rules = {"forums": forums, "dictionaries": ["https://liuyan.people.com.cn/forum_data_14.jsonp"]}
    with serve_sites([Board(posts)]) as replica:
        places = tmp_path, tmp_path / "state", replica.base_url
        first = collect("people_board", *places, now=now, overrides={"people_board": rules})
        begun = len(replica.asked)
        second = collect("people_board", *places, now=now + timedelta(hours=1), overrides={"people_board": rules})
        pages = [path for _, _, path, _ in replica.asked[begun:] if "/content" in path]
    assert (first.state, first.new, first.quarantined, first.reason) == ("done", 24, 0, None)
    assert (second.new, second.changed, pages) == (0, 0, [])
    lines = {line["native_id"]: line for line in read_lines(tmp_path)}
    wanted = {post["native_id"]: (post["text"], post["place"], post.get("reply")) for post in posts[:-1]}
    assert {key: (line["text"], line["place"], line["reply"]) for key, line in lines.items()} == wanted
    assert not any(line["truncated"] for line in lines.values())
