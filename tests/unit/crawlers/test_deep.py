"""Every so often a walk reads more pages of a list than usual, so that what changes far down is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from casework.domain.times import SHANGHAI, show_time
from crawlers.replica import serve_replica
from crawlers.run import collect

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
WALK = {"people_board": {"walk": {"usual": 2, "most": 100, "deep": {"pages": 8, "minutes": 60}}}}


def messages(answered: int | None = None) -> list[dict[str, object]]:
    made = []
    for number in range(120):
        post = {
            "source": "people_board",
            "native_id": str(9_000_000 - number),
            "kind": "message",
            "title": f"示例留言第{number}号",
            "text": f"第{number}号：路灯坏了。",
            "published_at": show_time(NOW - timedelta(hours=number + 1)),
            "collected_at": show_time(NOW),
            "place": "河南省委书记",
            "labels": {"domain": "城建", "type": "投诉"},
        }
        if number == answered:
            at = show_time(NOW + timedelta(minutes=3))
            post["reply"] = {"organisation": "示例局", "text": "已经修好。", "at": at, "state": "已办理"}
        made.append(post)
    return made


def test_an_answer_far_down_is_seen_by_the_hourly_walk_and_other_walks_stay_short(tmp_path: Path) -> None:
    asked, changed = [], []
    with serve_replica(messages()) as replica:
        for minutes in range(0, 130, 15):
            if minutes == 15:
                # On the sixth page: behind what is usually read.
                replica.set_posts(messages(answered=55))
            already = len(replica.asked)
            now = NOW + timedelta(minutes=minutes)
            found = collect("people_board", tmp_path, tmp_path / "s", replica.base_url, now=now, overrides=WALK)
            assert found.state == "done", found
            asked.append(len([one for one in replica.asked[already:] if "queryThreadsList" in one[2]]))
            changed.append(found.changed)
    deep = max(asked[1:])
    assert [number for number, pages in enumerate(asked) if number and pages == deep] == [4, 8]
    # Of the one board that has messages 8 pages instead of 2.
    assert deep - asked[1] == 6
    assert [number for number, one in enumerate(changed) if one] == [4]
