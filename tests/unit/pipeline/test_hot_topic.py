"""A topic climbs a hot list: its course is kept over runs, and its rise reaches the office, from list to page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.records import User
from casework.services.rising import course, trail
from crawlers.replica import Replica, serve_replica
from crawlers.run import collect
from dashboards.app import create_app
from pipeline import accounts, jobs
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context

START = datetime.fromisoformat("2026-11-24T11:00:00+08:00")
LOCAL, FAR = "郑州金水区地铁口积水", "外地某景区门票调整"
PASSWORD = "一个足够长的口令2026"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    joined = Context(replace(settings(f"sqlite:///{tmp_path}/huiying.db", ROOT / "config"), var=tmp_path / "var"))
    yield joined
    joined.store.close()


def topic(number: int, word: str, rank: int, heat: int) -> dict[str, Any]:
    return {
        "source": "weibo_hot",
        "native_id": str(number),
        "kind": "weibo",
        "title": word,
        "text": word,
        "published_at": (START - timedelta(hours=1)).isoformat(),
        "collected_at": START.isoformat(),
        "counts": {"views": heat},
        "extra": {"rank": rank},
    }


def listed(local: tuple[int, int], far: tuple[int, int]) -> list[dict[str, Any]]:
    """The list with forty calm topics and the two that are looked at."""
    taken = {local[0], far[0]}
    calm = [topic(rank, f"平常话题{rank}", rank, 900_000 - rank) for rank in range(1, 43) if rank not in taken]
    return [*calm, topic(101, LOCAL, *local), topic(102, FAR, *far)]


def look(context: Context, replica: Replica, tmp_path: Path, minutes: int, rows: list[dict[str, Any]]) -> None:
    """One run of the way from the list to the notices."""
    now = START + timedelta(minutes=minutes)
    replica.set_posts(rows)
    result = collect("weibo_hot", tmp_path / "out", tmp_path / "state", replica.base_url, now=now)
    assert (result.state, result.quarantined) == ("done", 0), result.reason
    if result.files:
        jobs.load(context, [path for path in result.files if "quarantine" not in path.name], now)
    jobs.assess(context)
    jobs.open_cases(context, now)
    jobs.notify(context, now)


def test_the_rise_of_a_local_topic_reaches_the_office_once(context: Context, tmp_path: Path) -> None:
    with serve_replica() as replica:
        look(context, replica, tmp_path, 0, listed((40, 100_000), (30, 200_000)))
        assert context.store.list_alarms() == [], "on a first look everything is new"
        look(context, replica, tmp_path, 10, listed((35, 120_000), (20, 500_000)))
        # The rank alone moves: kept too.
        look(context, replica, tmp_path, 20, listed((34, 120_000), (9, 900_000)))
        assert context.store.list_alarms() == [], "what rises elsewhere is nobody's alarm here"
        for minutes in (30, 40, 50):
            look(context, replica, tmp_path, minutes, listed((12, 400_000 + minutes), (9, 900_000)))
    id_ = f"weibo_hot:20261124-{LOCAL}"
    record = context.store.get_posts([id_])[id_]
    assert record.post.labels == {"rise": "快速上升"}
    assert trail(record.post) == (
        *("11-24 11:00 #40 100000", "11-24 11:10 #35 120000", "11-24 11:20 #34 120000"),
        *("11-24 11:30 #12 400030", "11-24 11:40 #12 400040", "11-24 11:50 #12 400050"),
    )
    assert course(record.post) == "现第12名，热度400050，最好第12名，最高热度400050"
    (alarm,) = context.store.list_alarms()
    (notice,) = alarm.notices
    assert (alarm.id, notice.kind, notice.urgent, notice.state) == (f"topic:{id_}", "alarm", True, "sent")
    assert notice.to == f"{context.office.review_desk}/contact"
    assert record.case is not None
    assert notice.facts["case_id"] == record.case
    subject, body = context.teller.render(notice.kind, {**notice.facts, "case_id": record.case})
    assert subject == f"【舆情预警】{LOCAL}"
    assert "话题在热搜榜上快速上升：现第12名，热度400030" in body
    case = context.store.get_case(record.case)
    assert (case.state, [entry.what for entry in case.history][:1]) == ("to_review", ["opened"])
    assert "revised" in [entry.what for entry in case.history]
    _page_shows(context, record.case)
    _it_ends(context, alarm.id)


def _it_ends(context: Context, id_: str) -> None:
    """Off its list for six hours the alarm is over, is told so once, and stays over."""
    for hours, ended in ((6, False), (7, True), (8, True)):
        jobs.supervise(context, START + timedelta(hours=hours), watch=False)
        (alarm,) = context.store.list_alarms()
        assert (alarm.state is None, len(alarm.notices)) == (ended, 1 + ended), hours
    over = alarm.notices[-1]
    assert (alarm.id, over.kind, over.urgent) == (id_, "alarm_over", False)
    subject, body = context.teller.render(over.kind, {**over.facts, "case_id": over.facts["case_id"]})
    assert subject == f"【预警解除】{LOCAL}"
    assert "最后一次在榜是11月24日 11:50" in body


def _page_shows(context: Context, case: str) -> None:
    from fastapi.testclient import TestClient

    context.store.put_user(User("li", "office", accounts.hash_password(PASSWORD), None))
    client = TestClient(create_app(context), base_url="http://testserver", follow_redirects=False)
    assert client.post("/enter", data={"name": "li", "password": PASSWORD}).status_code == 303
    page = client.get(f"/cases/{case}").text
    assert '<span class="tag level">快速上升</span>' in page
    assert "热搜榜：现第12名" in page
    assert "名次与热度 6 次记录" in page
    assert "<li>11-24 11:10 #35 120000</li>" in page
