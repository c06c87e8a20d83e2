"""Commands of events: list, show, merge, split."""

from __future__ import annotations

from datetime import timedelta
from getpass import getuser
from typing import Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, read_time, say

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
    for event in sorted(found, key=lambda event: (-event.heat_at(at), event.id))[:limit]:
        line = {"id": event.id, "title": event.title, "posts": len(event.posts), "heat": event.heat_at(at)}
        line["case"] = event.case
        if json:
            emit(line)
        else:
            say(f"{line['heat']:8.2f}  {line['posts']:4d}  {event.id}  {event.title}")


def show(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """An event in figures: heat, burst, spread, first and key posts, words, mood, drift."""
    from casework.services.events import figures_of, find_event

    with context(store, config, now) as joined:
        value = figures_of(joined.store, find_event(joined.store, id_), moment(now))
        value["title"] = joined.masker.mask_text(value["title"])
    answer(value, json, "\n".join(_lines(value)))


def _lines(value: dict[str, Any]) -> list[str]:
    burst, drift = value["burst"], value["drift"]
    lines = [f"{value['id']}  {value['title']}", f"posts {value['posts']}, heat {value['heat']}"]
    lines += [f"  {point['at']}  {point['heat']}  ({point['posts']})" for point in value["course"]]
    lines.append(f"last hour {burst['last_hour']}, usual {burst['usual']}, score {burst['score']}")
    lines += [f"  {one['first_at']}  {one['source']}: {one['posts']}" for one in value["spread"]]
    lines.append(f"first {value['first']}; key {', '.join(value['key_posts'])}; words {'、'.join(value['keywords'])}")
    lines.append(f"negative share {value['negative_share']}")
    if drift["turned"]:
        lines.append(f"turned to something else: {'、'.join(drift['new_words'])}")
    return lines


def merge(
    id_: Id,
    into: Annotated[str, typer.Argument(metavar="INTO", help="the event that takes the posts")],
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Two events are one matter: later posts like either join it. Cases are merged by themselves (case merge)."""
    from casework.services import events

    with context(store, config, now) as joined:
        event = events.merge(joined.store, id_, into, by or getuser(), moment(now))
    answer({"id": event.id, "posts": list(event.posts), "case": event.case}, json, f"{id_} → {event.id}")


def split(
    id_: Id,
    posts: Annotated[list[str], typer.Option("--post", metavar="ID", help="a post that is another matter")],
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Posts that are another matter become an event of their own: later posts like them join that one."""
    from casework.services import events

    with context(store, config, now) as joined:
        event = events.split(joined.store, joined.masker, id_, posts, by or getuser(), moment(now))
    answer({"id": event.id, "posts": list(event.posts), "case": event.case}, json, f"{event.id}: {len(event.posts)}")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    event_app.command("list")(list_)
    event_app.command("show")(show)
    event_app.command("merge")(merge)
    event_app.command("split")(split)
    app.add_typer(event_app, name="event")
