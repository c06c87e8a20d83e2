"""Commands of events: list, show, merge, split."""

from __future__ import annotations

from datetime import timedelta
from getpass import getuser
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, read_time, say

if TYPE_CHECKING:
    from casework.services.events import Done

event_app = typer.Typer(help="Events: posts of one matter.", no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="an event's id, or that of one merged into another")]
By = Annotated[str, typer.Option("--by", metavar="USER", help="who decides")]
DAYS = 7
READ = 2000


def list_(
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="default: 7 days before now")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Events with a post since, the hottest first."""
    at = moment(now)
    begin = at - timedelta(days=DAYS) if since is None else read_time("--since", since)
    with context(store, config, now) as joined:
        # The store keeps each heat as of the event's last post: more are read than shown, and compared at one moment.
        found = joined.store.hottest_events(begin, max(limit, READ))
    # What is left of a merged event has no heat and only tells where its posts went.
    alive = [event for event in found if event.heat > 0]
    for event in sorted(alive, key=lambda event: (-event.heat_at(at), event.id))[:limit]:
        line = {"id": event.id, "title": event.title, "posts": len(event.posts), "heat": event.heat_at(at)}
        line["case"] = event.case
        if json:
            emit(line)
        else:
            case = f"  {event.case}" if event.case else "  未立案"
            say(f"热度 {line['heat']:8.2f}  {line['posts']:4d} 条  {event.id}{case}  {event.title}")


def show(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """An event in figures: heat, burst, spread, first and key posts, words, mood, drift."""
    from casework.services.events import find_event, shown_figures

    with context(store, config, now) as joined:
        value = shown_figures(joined.store, find_event(joined.store, id_), joined.masker, moment(now))
    answer(value, json, "\n".join(_lines(value)))


def _lines(value: dict[str, Any]) -> list[str]:
    burst, drift, share = value["burst"], value["drift"], value["negative_share"]
    lines = [f"{value['id']}  {value['title']}", f"案件：{value['case'] or '未立案'}"]
    lines += [f"帖文 {value['posts']} 条，热度 {value['heat']}", "热度走势："]
    lines += [f"  {point['at']}  {point['heat']}（{point['posts']} 条）" for point in value["course"]]
    lines.append(f"最近一小时 {burst['last_hour']} 条，往常同时段 {burst['usual']} 条，突增分 {burst['score']}")
    lines.append("传播顺序：")
    lines += [f"  {one['first_at']}  {one['source']}：{one['posts']} 条" for one in value["spread"]]
    lines += [f"首发：{value['first']}", f"重点帖文：{'、'.join(value['key_posts'])}"]
    lines += [f"关键词：{'、'.join(value['keywords']) or '无'}"]
    lines.append("负面占比：" + ("未研判" if share is None else f"{share:.0%}"))
    if drift["turned"]:
        lines.append(f"话题已转向：{'、'.join(drift['new_words'])}")
    return lines


def merge(
    id_: Id,
    into: Annotated[str, typer.Argument(metavar="INTO", help="the event that takes the posts")],
    keep: Annotated[bool, typer.Option("--keep-cases", help="leave the cases of both events as they are")] = False,
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Two events are one matter: later posts like either join it, and the case of the first goes into the other's."""
    from casework.services import events
    from pipeline.locks import regrouping

    with context(store, config, now, acts=True) as joined, regrouping(joined):
        done = events.merge(joined.store, id_, into, by or getuser(), moment(now), keep)
    _tell(done, f"{id_} 已并入 {done.event.id}，共 {len(done.event.posts)} 条帖文。", json)


def split(
    id_: Id,
    posts: Annotated[list[str], typer.Option("--post", metavar="ID", help="a post that is another matter")],
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Posts that are another matter become an event of their own, with a case of their own where they need one."""
    from casework.services import events
    from pipeline.locks import regrouping

    with context(store, config, now, acts=True) as joined, regrouping(joined):
        done = events.split(joined.store, joined.opener(), id_, posts, by or getuser(), moment(now))
    _tell(done, f"已分出事件 {done.event.id}，{len(done.event.posts)} 条帖文。", json)


WHY = {
    "report": "检举控告件单独办理，不与他案并、拆",
    "ended": "已经结束的案件不并、不拆，如需合并请先重新办理（case reopen）再并单（case merge）",
    "answered": "分出的帖文没有要答复的，留在原案",
    "asked": "按要求不动案件",
}
"""Why a case stayed as it was, for people."""


def _tell(done: Done, what: str, json: bool) -> None:
    event = done.event
    value = {"id": event.id, "posts": list(event.posts), "case": event.case}
    lines = [what]
    for one in done.cases:
        lines.append(
            {
                "merged": f"案件 {one.case} 已并入 {one.into}，各条留言的期限照旧。",
                "split": f"案件 {one.case} 已拆开，分出的另立一案：{one.into}，各条留言的期限照旧。",
                "moved": f"案件 {one.case} 的帖文全部分出，案件随新事件走。",
                "kept": f"案件 {one.case} 没有变动：{WHY.get(one.why or '', one.why)}。",
            }[one.what]
        )
    lines.append(f"这一事件现在的案件：{event.case}。" if event.case else "这一事件没有案件。")
    answer({**value, "cases": [one.to_json() for one in done.cases]}, json, "\n".join(lines))


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    event_app.command("list")(list_)
    event_app.command("show")(show)
    event_app.command("merge")(merge)
    event_app.command("split")(split)
    app.add_typer(event_app, name="event")
