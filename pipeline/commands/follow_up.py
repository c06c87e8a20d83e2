"""``huiying follow-up`` and ``case follow-up``: whom to ask, what was said, what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.commands.cases import By, Id, Note
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, read_time, say

app = typer.Typer(help="回访: whom to ask, what was said, the rates.", no_args_is_help=True, rich_markup_mode=None)
Act = Callable[[str, str, dict[str, str | None], tuple[Any, ...]], None]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="cases opened from then on, with offset")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="cases opened before then, with offset")]
EXCLUDED = {
    "not_followed_up": "未回访",
    "refused": "拒绝",
    "not_reached": "未联系上",
    "report": "检举控告件",
    "silent_solved": "未答是否解决",
    "silent_satisfied": "未答是否满意",
}


@app.command("list")
def list_(
    late: Annotated[bool, typer.Option("--late", help="late at --now")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Messages answered and not followed up yet, by when each is due (本单位规定)."""
    from casework.domain.times import full_time
    from casework.services.follow_up import waiting_list

    at = moment(now)
    with context(store, config, now) as joined:
        found = sorted(waiting_list(joined.store, joined.office), key=lambda one: (str(one.due), one.post))
    for one in found:
        told = one.to_json(at)
        if late and not told["late"]:
            continue
        if json:
            emit(told)
        else:
            when = f"{full_time(one.due)} 前{'，已逾期' if told['late'] else ''}" if one.due else "期限待定"
            say(f"{one.case.id}  {one.post}  {when}  {one.case.title}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv or .xlsx")],
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Results from a list; importing it again changes nothing, rows that are wrong are quarantined."""
    from pipeline.follow_ups import import_follow_ups

    with context(store, config, now, acts=True) as joined:
        counts = import_follow_ups(joined, file, by, moment(now))
    _counted(counts, json)


@app.command("board")
def board(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Take the grades that writers gave on the board itself."""
    from casework.services.follow_up import follow_board

    with context(store, config, now, acts=True) as joined:
        counts = follow_board(joined.store, joined.office, moment(now))
    _counted(counts, json)


def _counted(counts: dict[str, int], json: bool) -> None:
    words = {
        "in": "共",
        "recorded": "登记",
        "seen": "已有",
        "none": "没有评价",
        "quarantined": "隔离",
        "reopened": "重新办理",
    }
    answer({"stages": {"follow_up": counts}}, json, "，".join(f"{words[name]} {n} 条" for name, n in counts.items()))


@app.command("figures")
def figures(
    since: Since = None,
    until: Until = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """解决率 and 满意率, with numerator, denominator and who is not in it; from follow-ups alone."""
    from casework.services.follow_up import figures as counted

    begin = read_time("--since", since) if since else None
    end = read_time("--until", until) if until else None
    with context(store, config, now) as joined:
        found = counted(joined.store, joined.office, begin, end)
    if json:
        emit(found)
        return
    for row in ({"name": "合计", **found["all"]}, *found["departments"]):
        out = "、".join(f"{EXCLUDED[name]} {n}" for name, n in row["excluded"].items() if n)
        rates = "，".join(f"{word} {_rate(row[key])}" for word, key in (("解决率", "solved"), ("满意率", "satisfied")))
        say(f"{row['name']}  答复 {row['answered']} 条  {rates}{f'；不计：{out}' if out else ''}")


def _rate(rate: dict[str, Any]) -> str:
    return f"{rate['count']}/{rate['of']}（{rate['rate']:.1%}）" if rate["of"] else "0/0（无人回答）"


def add_to_cases(cases: typer.Typer, act: Act) -> None:
    """Register ``case follow-up``; ``act`` does it and prints the case."""

    def follow_up(
        id_: Id,
        result: Annotated[str, typer.Option("--result", help="reached, refused or not_reached")] = "reached",
        solved: Annotated[str | None, typer.Option("--solved", help="yes, partly or no")] = None,
        satisfied: Annotated[str | None, typer.Option("--satisfied", help="yes, no or 1 to 5")] = None,
        post: Annotated[str | None, typer.Option("--post", metavar="ID", help="which message")] = None,
        at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="when; default: now")] = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        """回访: what the person said of the answer; the first unsatisfied one reopens the case."""
        args = {"result": result, "solved": solved, "satisfied": satisfied, "post": post, "at": at}
        act("follow_up", id_, args, (by, note, json, store, config, now))

    cases.command("follow-up")(follow_up)


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="follow-up")
