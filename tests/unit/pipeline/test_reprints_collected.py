"""A text that sites print one after the other, from their pages to the event: linked, and counted in its heat."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.ports import SearchFilter
from crawlers.replica import serve_replica
from crawlers.run import collect
from pipeline import jobs
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context

START = datetime.fromisoformat("2026-10-01T09:00:00+08:00")
TEXT = "示例区青石路与样板街交叉口的信号灯已坏三天，早晚高峰车辆拥堵严重，附近居民盼望有关部门尽快维修。"
OTHER = "示例区二次供水水箱长期不清洗，自来水有异味，居民多次反映，物业公司一直没有安排人员处理。"


def _post(source: str, number: int, day: int, title: str, text: str) -> dict[str, Any]:
    at = (START + timedelta(days=day, hours=-1)).isoformat()
    native_id = str(5000000 + number)
    value = {"source": source, "native_id": native_id, "kind": "news", "title": title, "text": text}
    return {**value, "published_at": at, "collected_at": at}


def test_a_reprint_is_linked_to_the_first_and_counted_in_its_heat(tmp_path: Path) -> None:
    context = Context(settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config"))
    posts = {
        0: [_post("henan_gov", 1, 0, "信号灯坏了三天", TEXT), _post("henan_gov", 2, 0, "水箱长期不清洗", OTHER)],
        2: [_post("gov_cn", 3, 2, "信号灯坏了三天", TEXT)],
        4: [_post("chinanews", 4, 4, "路口信号灯坏了三天", f"{TEXT}（来源：示例日报）")],
    }
    heat, shown = [], list[dict[str, Any]]()
    with serve_replica() as replica:
        for day, found in posts.items():
            shown += found
            replica.set_posts(shown)
            now = START + timedelta(days=day)
            for source in dict.fromkeys(post["source"] for post in shown):
                places = tmp_path / "out" / f"{source}-{day}", tmp_path / "state", replica.base_url
                result = collect(source, *places, now=now, overrides={source: {"expected": {"min": 0, "max": 99}}})
                assert (result.state, result.quarantined) == ("done", 0), result.reason
                jobs.load(context, result.files, now)
            jobs.assess(context)
            jobs.open_cases(context, now)
            held = _records(context, shown)
            records = {record.post.source: record for record in held if "水箱" not in record.post.text}
            (event,) = {record.event for record in records.values()}
            heat.append(context.store.get_events([event])[event].heat)
    first = records["henan_gov"].post.id
    assert {source: record.reprint_of for source, record in records.items()} == {
        "henan_gov": None,
        "gov_cn": first,
        "chinanews": first,
    }
    assert len(context.store.get_events([event])[event].posts) == 3
    assert heat[0] < heat[1] < heat[2], "each site that prints it adds to the matter's heat"
    (other,) = [record for record in _records(context, shown) if "水箱" in record.post.text]
    assert (other.reprint_of, other.event == event) == (None, False)


def _records(context: Context, shown: list[dict[str, Any]]) -> list[Any]:
    held = context.store.recent_posts(SearchFilter(), 100)
    assert len(held) == len(shown)
    return held
