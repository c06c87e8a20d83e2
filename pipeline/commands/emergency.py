"""``huiying emergency``: the track of an emergency, from the first minute to its review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from casework.domain.times import parse_time, short_time
from pipeline.commands.cases import By, Id, Note
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_text, say

app = typer.Typer(help="Emergencies: countdown, checklist, rolling information, review.", no_args_is_help=True)
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="when it was so, with offset; default: now")]
Options = tuple[str, bool, str | None, Path | None, str | None]


def _act(verb: str, id_: str, args: dict[str, str | None], options: Options) -> None:
    from casework.services.emergency import act

    by, json, store, config, now = options
    given = {name: value for name, value in args.items() if value is not None}
    with context(store, config, now) as joined:
        act(joined.store, joined.office, id_, verb, given, by, moment(now))
        _show(_picture(joined, id_, now), json)


def _picture(joined: Any, id_: str, now: str | None) -> dict[str, Any]:
    from casework.services.emergency import picture

    case = joined.store.get_case(id_)
    records = joined.store.get_posts(list(case.posts)).values()
    return picture(case, joined.office, records, moment(now), joined.masker.of_case().mask_text)


def _show(found: dict[str, Any], json: bool) -> None:
    from casework.services.emergency import said_of

    if json:
        emit(found)
        return
    state = "处置中" if found["open"] else f"已结束（{_short(found['closed_at'])}）"
    say(f"{found['case']}  {found['title']}  突发事件{state}，{_short(found['opened_at'])} 启动")
    for line in said_of(found["net"]):
        say(f"  ！{line}")
    for one in found["countdown"]:
        say(f"  {_short(one['due'])}  {one['title']}  {one['left'] or '已于 ' + _short(one['done_at']) + ' 完成'}")
    for one in found["checklist"]:
        done = _short(one["done_at"]) if one["done_at"] else one["not_needed"] and f"不需要：{one['not_needed']}"
        say(f"  [{'x' if done else ' '}] {one['part']}  {one['item']}  {one['text']}  {done or ''}".rstrip())
    for one in found["information"]:
        say(f"  {_short(one['at'])}  {one['text']}（{one['source']}）")
    for one in found["told"]:
        say(f"  {_short(one['at'])}  告知 {one['who']}：{one['how']}")
    if found["review"]:
        say(f"  复盘：{found['review']}")


def _short(text: str) -> str:
    return short_time(parse_time(text))


@app.command("list")
def list_(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Cases with an open track, the gravest first, each with what it is to do next."""
    from casework.services.emergency import said_of, tracks

    with context(store, config, now) as joined:
        for case in tracks(joined.store):
            found = _picture(joined, case.id, now)
            if json:
                emit(found)
                continue
            first = next((one for one in found["countdown"] if one["left"]), None)
            todo = f"{first['title']} {first['left']}" if first else "没有限时的职责"
            say("  ".join([found["case"], found["title"], todo, *said_of(found["net"])]))


@app.command("show")
def show(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """One track: countdown, checklist, rolling information, who was told when, reports beside the net."""
    with context(store, config, now) as joined:
        _show(_picture(joined, id_, now), json)


@app.command("open")
def open_(
    id_: Id,
    level: Annotated[str, typer.Option("--level", help="extraordinary, major, serious or ordinary")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """启动 by hand; a level of 较大 or above opens the track by itself."""
    _act("open", id_, {"level": level, "reason": reason}, (by, json, store, config, now))


@app.command("inform")
def inform(
    id_: Id,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="what is known")],
    source: Annotated[str, typer.Option("--source", metavar="WHO", help="from whom")],
    at: At = None,
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """滚动信息: one more thing that is known."""
    _act("inform", id_, {"text": text, "source": source, "at": at}, (by, json, store, config, now))


@app.command("told")
def told(
    id_: Id,
    who: Annotated[str, typer.Option("--who", metavar="WHO")],
    how: Annotated[str, typer.Option("--how", metavar="HOW", help="电话, 当面 …")],
    at: At = None,
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """告知: somebody was told outside the system."""
    _act("told", id_, {"who": who, "how": how, "at": at}, (by, json, store, config, now))


@app.command("check")
def check(
    id_: Id,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="a line of the checklist")],
    not_needed: Annotated[str | None, typer.Option("--not-needed", metavar="WHY", help="left out, and why")] = None,
    at: At = None,
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """A line of the checklist is done, or is not needed."""
    _act("check", id_, {"item": item, "not_needed": not_needed, "at": at}, (by, json, store, config, now))


@app.command("review")
def review(
    id_: Id,
    text_file: Annotated[Path, typer.Option("--text-file", metavar="F", help="UTF-8")],
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """复盘: what went well, what did not, what is changed; a track does not end without it."""
    _act("review", id_, {"text": read_text("--text-file", text_file)}, (by, json, store, config, now))


@app.command("close")
def close(
    id_: Id,
    note: Note = None,
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """结束; refused without a review and while something required is not done."""
    _act("close", id_, {"note": note}, (by, json, store, config, now))


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="emergency")
