"""``huiying subscription``: watch words of departments and their people."""

from __future__ import annotations

from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, say

if TYPE_CHECKING:
    from casework.domain.subscription import Subscription

app = typer.Typer(help="Subscriptions: words to be told of.", no_args_is_help=True, rich_markup_mode=None)
By = Annotated[str | None, typer.Option("--by", metavar="USER", help="who asks for it; default: the account")]
Several = list[str] | None
READ = 2_000
"""Newest posts that ``test`` looks at."""


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="what it is called in its messages")],
    to: Annotated[str, typer.Option("--to", metavar="DEPARTMENT/ROLE", help="who is told")],
    all_: Annotated[Several, typer.Option("--all", metavar="WORD", help="every one of these")] = None,
    any_: Annotated[Several, typer.Option("--any", metavar="WORD", help="at least one of these")] = None,
    none_: Annotated[Several, typer.Option("--none", metavar="WORD", help="none of these")] = None,
    phrase: Annotated[Several, typer.Option("--phrase", metavar="TEXT", help="word for word")] = None,
    place: Annotated[Several, typer.Option("--place", metavar="CODE", help="a division code or its beginning")] = None,
    source: Annotated[Several, typer.Option("--source", metavar="ID")] = None,
    severity: Annotated[Several, typer.Option("--severity", metavar="LEVEL")] = None,
    heat: Annotated[float | None, typer.Option("--heat", min=0, help="of the event, at least")] = None,
    by: By = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Tell DEPARTMENT/ROLE of posts that fit, as they come in; everything given must hold."""
    from casework.domain.subscription import Subscription
    from casework.services import subscriptions

    at = moment(now)
    all_, any_, none_, phrase, place, source, severity = (
        value or [] for value in (all_, any_, none_, phrase, place, source, severity)
    )
    with context(store, config, now, makes=True) as joined:
        one = Subscription(
            id=f"w{at:%Y%m%d%H%M%S%f}"[:19],
            name=name,
            to=to,
            by=by or getuser(),
            since=at,
            all_=tuple(all_),
            any_=tuple(any_),
            none_=tuple(none_),
            phrases=tuple(phrase),
            places=tuple(place),
            sources=tuple(source),
            severity=tuple(severity),
            heat=heat,
        )
        subscriptions.add(joined.store, one, joined.office.routing.departments)
    answer({"id": one.id, **one.to_doc()}, json, _line(one))


@app.command("list")
def list_(json: Json = False, store: StoreUrl = None, config: ConfigDir = None) -> None:
    """All subscriptions."""
    from casework.services.subscriptions import subscriptions

    with context(store, config) as joined:
        found = subscriptions(joined.store)
    for one in found:
        if json:
            emit({"id": one.id, **one.to_doc()})
        else:
            say(_line(one))
    if not found and not json:
        say("没有关注")


@app.command("remove")
def remove(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    by: By = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Take a subscription away."""
    from casework.services.subscriptions import remove as take_away

    with context(store, config, now) as joined:
        take_away(joined.store, id_, by or getuser(), moment(now))
    answer({"removed": id_}, json, f"已取消关注 {id_}")


@app.command("test")
def try_(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Which of the newest posts it would have told of; nobody is told."""
    from casework.services.subscriptions import would_tell

    with context(store, config, now) as joined:
        found = would_tell(joined.store, joined.office, id_, moment(now), READ)
    for post, words in found:
        if json:
            emit({"post": post, "words": list(words)})
        else:
            say(f"{post}  {'、'.join(words)}")
    if not json:
        say(f"最近 {READ} 条帖文中命中 {len(found)} 条")


def _line(one: Subscription) -> str:
    named = {"全部": one.all_, "任一": one.any_, "不含": one.none_, "原话": one.phrases}
    named |= {"地区": one.places, "来源": one.sources, "等级": one.severity}
    asked = "；".join(f"{name} {'、'.join(words)}" for name, words in named.items() if words)
    heat = f"；热度 {one.heat:g} 以上" if one.heat is not None else ""
    return f"{one.id}  {one.name}  致 {one.to}  {asked}{heat}  {one.by}"


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="subscription")
