"""``huiying demo``: the whole way on the example posts, over a replica of the sites, into an embedded store.

The example posts carry fixed dates; they are moved so that the newest lies two days before ``now``. Collection to
notices happen at that moment, supervision at ``now``. In between, the demo's people do what people do: three of four
cases are signed for, one of four is answered. So a newcomer sees limits that run, were met and have passed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from casework.domain.moves import GATES
from casework.domain.times import parse_time, show_time
from casework.stores.open import sqlite_file
from pipeline import jobs
from pipeline.commands.common import emit, table
from pipeline.errors import CallError
from pipeline.serving import check_port, serve
from pipeline.settings import ROOT, Settings, config_folder, settings
from pipeline.wiring import Context

EXAMPLES = ROOT / "crawlers" / "examples"
BEFORE = timedelta(hours=50)
"""How long before ``now`` the newest example post lies."""
MARK = "huiying-demo"
"""A file that tells a folder of the demo's own, which it may empty, from anybody else's."""
ROWS = (
    ("采集", "collected", "网站上读到的条数"),
    ("新增", "new", "库中原来没有的"),
    ("研判", "assessed", "已判定领域、类型、情感、级别、地点"),
    ("事件", "events", "说同一件事的归为一个事件"),
    ("案件", "cases", "需要回应、已立案（含待人工研判）"),
    ("转办", "assigned", "已转承办单位（含检举控告件转纪检）"),
    ("通知", "notices", "已送出的通知"),
    ("逾期", "overdue", "两天后督办时已过期限的案件"),
)


def run_demo(port: int, serve_pages: bool, as_json: bool, config: Path | None, now: datetime, out: IO[str]) -> int:
    """Run the demo; 0. The table (or the JSON object) goes to ``out``. Raises CallError where a source stopped."""
    if serve_pages:
        check_port("127.0.0.1", port)
    folder = _folder()
    joined = Context(_settings(folder, config), lambda: now)
    try:
        result, figures = _walk(joined, now)
        if as_json:
            emit({**result.to_json(), "figures": figures})
        else:
            table("回应 Huiying:示例数据走完全程", ("阶段", "数量", "说明"), _rows(figures))
            _by_department(joined, now)
        if not serve_pages:
            return 0
        out.write(f"\n打开值班台（一次有效，10 分钟内）：\n  {_link(joined, port)}\nCtrl-C 结束。\n")
        out.flush()
    finally:
        joined.close()
    return serve("127.0.0.1", port, joined.settings.store, joined.settings.config)


def _settings(folder: Path, config: Path | None) -> Settings:
    return settings(f"sqlite:///{folder.absolute() / 'huiying.db'}", config_folder(config))


def _folder() -> Path:
    """An empty folder for the demo: ``demo`` under the working files, or a temporary one where it cannot be made."""
    folder = settings().var / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise CallError(f"{folder.absolute()}: not empty and not made by the demo; move it away")
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / MARK).touch()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="huiying-demo-"))
        (folder / MARK).touch()
    return folder


def example_posts(newest: datetime) -> list[dict[str, Any]]:
    """The example posts as objects, moved so that the newest collected_at is ``newest``."""
    posts = [json.loads(line) for path in sorted(EXAMPLES.glob("*.jsonl")) for line in _lines(path)]
    latest = max(parse_time(post["collected_at"]) for post in posts)
    return [_moved(post, newest - latest) for post in posts]


def _lines(path: Path) -> Iterator[str]:
    if not path.stem.endswith("_edit"):
        yield from filter(str.strip, path.read_text(encoding="utf-8").splitlines())


def _moved(post: dict[str, Any], by: timedelta) -> dict[str, Any]:
    moved = {**post, **{name: show_time(parse_time(post[name]) + by) for name in ("published_at", "collected_at")}}
    if post.get("reply") and post["reply"].get("at"):
        moved["reply"] = {**post["reply"], "at": show_time(parse_time(post["reply"]["at"]) + by)}
    return moved


def _walk(joined: Context, now: datetime) -> tuple[jobs.RunResult, dict[str, int]]:
    from crawlers.replica import serve_replica

    then = (now - BEFORE).replace(microsecond=0)
    posts = example_posts(then)
    sources = tuple(sorted({post["source"] for post in posts}))
    with serve_replica(posts) as replica, _notices_aside(joined):
        # Nobody collects in the two days that pass: that is no alarm.
        options = jobs.CollectOptions(sources, replica.base_url, watch=False)
        result = jobs.run(joined, then, options, last="notify", fixed_now=True)
        if result.stopped:
            raise CallError(f"demo: source {result.stopped[0]} stopped; see the log", code=3)
        _people_act(joined, then)
        later = jobs.run(joined, now, options, first="notify")
    result.stages["notify"] = {
        name: count + later.stages["notify"][name] for name, count in result.stages["notify"].items()
    }
    result.stages["supervise"] = later.stages["supervise"]
    result.seconds |= {"supervise": later.seconds["supervise"]}
    return result, _figures(joined, result, now)


@contextlib.contextmanager
def _notices_aside(joined: Context) -> Iterator[None]:
    """What the console channel prints goes to a file beside the store: hundreds of notices would hide the table."""
    with (
        (sqlite_file(joined.settings.store).parent / "notices.txt").open("w", encoding="utf-8") as target,
        contextlib.redirect_stderr(target),
    ):
        yield


def _people_act(joined: Context, then: datetime) -> None:
    """What the demo's departments do in the two days; every act is recorded with the name of who did it."""
    from casework.domain.emergency import is_open
    from casework.ports import CaseFilter
    from casework.services.respond import act

    def do(id_: str, verb: str, hours: int, **args: str) -> None:
        act(joined.store, joined.office, id_, verb, args, "示例办理员", then + timedelta(hours=hours))

    for number, case in enumerate(list(joined.store.list_cases(CaseFilter(state="assigned")))):
        if number % 4 == 3:
            continue
        do(case.id, "sign", 1)
        if number % 4 == 0:
            do(case.id, "draft", 5, text="您反映的问题已核实，现场已处理完毕，感谢您的监督。")
            for gate in GATES:
                do(case.id, "review", 8, gate=gate, ok="yes")
            at = show_time(then + timedelta(hours=9))
            do(case.id, "publish", 9, url="https://example.gov.example/reply", at=at)
        # An emergency does not end within the day: its track is closed by its review.
        if number % 8 == 0 and not is_open(case):
            do(case.id, "close", 10)


def _figures(joined: Context, result: jobs.RunResult, now: datetime) -> dict[str, int]:
    from casework.ports import CaseFilter

    stages = result.stages
    return {
        "collected": sum(entry["new"] + entry["changed"] for entry in stages["collect"].values()),
        "new": stages["load"]["new"],
        "assessed": stages["assess"]["done"],
        "events": joined.store.count_events(),
        "cases": sum(joined.store.count_cases("state").values()),
        "assigned": stages["assign"]["in"],
        "notices": stages["notify"]["sent"],
        "overdue": joined.store.page_cases(CaseFilter(overdue_at=now), 0, 1).total,
    }


def _rows(figures: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    for title, name, about in ROWS:
        yield title, figures[name], about


def _by_department(joined: Context, now: datetime) -> None:
    from casework.ports import CaseFilter

    cases: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for case in joined.store.list_cases(CaseFilter()):
        name = joined.office.department_name(case.department) if case.department else "待人工研判"
        cases[name] += 1
        late[name] += case.overdue(now)
    rows = [(name, count, f"{late[name]} / {count}") for name, count in sorted(cases.items(), key=_most_first)]
    table("各单位", ("承办单位", "案件", "逾期 / 案件"), rows)


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _link(joined: Context, port: int) -> str:
    from pipeline import accounts

    return accounts.one_time_link(joined, f"http://127.0.0.1:{port}")
