"""Commands of what is kept no longer: housekeep, erase."""

from __future__ import annotations

from getpass import getuser
from typing import Annotated

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, say, table
from pipeline.errors import FOUND

NAMES = {
    "authors": "作者",
    "originals": "原文",
    "posts": "帖文",
    "cases": "案件",
    "collected": "采集文件",
    "logs": "日志文件",
}


def housekeep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count what is over its time")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Anonymise and take away what has been kept long enough (retention.yml); counted, and written into the log."""
    from pipeline import housekeeping

    with context(store, config, now) as joined:
        counts = housekeeping.housekeep(joined, moment(now), dry_run)
        keeps = {keep.what: keep for keep in joined.office.retention}
    if json:
        emit({"housekeep": counts, "dry_run": dry_run})
        return
    rows = [
        (NAMES[what], f"{keeps[what].days} 天", keeps[what].reference, held["found"], held["done"], held["waits"])
        for what, held in counts.items()
        if what in keeps
    ]
    title = "保存期限：只清点，没有改动" if dry_run else "保存期限：已处理"
    if counts.get("chains", {}).get("waits"):
        say("操作记录没有封存：与以前的封存不符，请看 huiying audit verify")
    table(title, ("数据", "保存", "依据", "到期", "已处理", "等案件办结"), rows)


def erase(
    posts: Annotated[list[str], typer.Argument(metavar="POST…", help="ids of posts")],
    reason: Annotated[str, typer.Option("--reason", help="the request: who asked and when, without personal data")],
    by: Annotated[str, typer.Option("--by", metavar="USER", help="who does it")] = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """At a person's request, take away for good all that these posts said. Exit 1 where one is not known."""
    from pipeline import housekeeping

    with context(store, config, now) as joined:
        done = housekeeping.erase(joined, posts, reason, by or getuser(), moment(now))
    lines = [f"已删除 {len(done['erased'])} 条帖文的内容，原始文件中删去 {done['lines']} 行。"]
    lines += [f"没有这条帖文：{id_}" for id_ in done["unknown"]]
    answer(done, json, "\n".join(lines))
    return FOUND if done["unknown"] else 0


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("housekeep")(housekeep)
    app.command("erase")(erase)
