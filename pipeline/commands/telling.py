"""``huiying notice``, ``silence``, ``channel``: what was told and was not, what stays silent, whether a way works."""

from __future__ import annotations

from datetime import timedelta
from getpass import getuser
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, answer, context, emit, moment, read_time, say
from pipeline.errors import UNAVAILABLE, CallError

if TYPE_CHECKING:
    from casework.domain.silence import Silence
    from casework.services.dead_letters import Entry

notice_app = typer.Typer(help="Notices: what waits, what was given up.", no_args_is_help=True, rich_markup_mode=None)
silence_app = typer.Typer(help="Silences: what is not told for a time.", no_args_is_help=True, rich_markup_mode=None)
channel_app = typer.Typer(help="Channels: the ways to people.", no_args_is_help=True, rich_markup_mode=None)
By = Annotated[str | None, typer.Option("--by", metavar="USER", help="who asks for it; default: the account")]
Several = list[str] | None


@notice_app.command("list")
def list_notices(
    dead: Annotated[bool, typer.Option("--dead", help="those that were given up")] = False,
    case: Annotated[str | None, typer.Option("--case", metavar="ID")] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Notices that wait, or (--dead) that no channel took; one a line."""
    from casework.services.dead_letters import notices

    entry = None
    with context(store, config, now) as joined:
        for entry in notices(joined.store, "failed" if dead else "waiting", case):
            if json:
                emit(_shown(entry))
            else:
                say(_line(entry, joined.office))
    if entry is None and not json:
        say("没有发送失败的通知" if dead else "没有等待发送的通知")


def _shown(entry: Entry) -> dict[str, Any]:
    from casework.domain.times import show_time

    notice = entry.notice
    times = {"created_at": notice.created_at, "next_at": notice.next_at}
    return {
        "key": notice.key,
        "owner": entry.owner,
        "kind": notice.kind,
        "to": notice.to,
        "state": notice.state,
        "attempts": notice.attempts,
        "detail": notice.detail,
        **{name: show_time(value) if value else None for name, value in times.items()},
    }


def _line(entry: Entry, office: Any) -> str:
    from casework.domain.notice import NAMES
    from casework.domain.times import short_time
    from casework.services.telling import recipient

    notice = entry.notice
    why = f"  {notice.detail}" if notice.detail else ""
    who = recipient(notice.to, office)
    return f"{notice.key}  {NAMES[notice.kind]}  致{who}  {short_time(notice.created_at)}{why}"


@notice_app.command("resend")
def resend(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="as notice list --dead shows it")] = None,
    all_: Annotated[bool, typer.Option("--all", help="every one that was given up")] = False,
    by: By = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Let what was given up be sent again with the next round of notify."""
    from casework.services import dead_letters

    if (key is None) == (not all_):
        raise CallError("name one KEY, or --all")
    with context(store, config, now) as joined:
        at, held = moment(now), joined.store
        chosen = list(dead_letters.notices(held, "failed")) if key is None else [dead_letters.find_dead(held, key)]
        for entry in chosen:
            dead_letters.resend(held, entry, by or getuser(), at)
        held.refresh()
    answer({"resent": len(chosen)}, json, f"{len(chosen)} 条通知将重新发送")


@silence_app.command("add")
def add(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="with offset")] = None,
    hours: Annotated[float | None, typer.Option("--hours", min=0.1, max=720, help="instead of --until")] = None,
    case: Annotated[Several, typer.Option("--case", metavar="ID")] = None,
    department: Annotated[Several, typer.Option("--department", metavar="ID")] = None,
    role: Annotated[Several, typer.Option("--role", metavar="ROLE")] = None,
    kind: Annotated[Several, typer.Option("--kind", metavar="KIND")] = None,
    by: By = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Hold back what fits until it ends; nothing is lost, and emergencies go out unless --case names theirs."""
    from casework.domain.silence import Silence
    from casework.services.silences import add_silence

    if (until is None) == (hours is None):
        raise CallError("write one of --until and --hours")
    at = moment(now)
    end = read_time("--until", until) if until is not None else at + timedelta(hours=hours or 0)
    asked = (tuple(case or ()), tuple(department or ()), tuple(role or ()), tuple(kind or ()))
    with context(store, config, now, makes=True) as joined:
        silence = Silence(f"s{at:%Y%m%d%H%M%S%f}"[:19], at, end, by or getuser(), reason, *asked)
        add_silence(joined.store, silence, joined.office.routing.departments)
    answer(_silence_shown(silence), json, _silence_line(silence))


@silence_app.command("list")
def list_silences(
    all_: Annotated[bool, typer.Option("--all", help="those that have ended too")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Silences in force, the one that ends first ahead."""
    from casework.services.silences import silences

    with context(store, config, now) as joined:
        found = silences(joined.store, moment(now), all_)
    for silence in found:
        if json:
            emit(_silence_shown(silence))
        else:
            say(_silence_line(silence))
    if not found and not json:
        say("没有生效的静默")


@silence_app.command("end")
def end(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    by: By = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """End a silence early; what it held goes out with the next round."""
    from casework.services.silences import end_silence

    with context(store, config, now) as joined:
        silence = end_silence(joined.store, id_, by or getuser(), moment(now))
    answer(_silence_shown(silence), json, _silence_line(silence))


def _silence_shown(silence: Silence) -> dict[str, Any]:
    from casework.domain.times import show_time

    times = {name: getattr(silence, name) for name in ("since", "until", "ended_at")}
    shown = {name: show_time(value) if value else None for name, value in times.items()}
    return {"id": silence.id, **silence.to_doc(), **shown}


def _silence_line(silence: Silence) -> str:
    from casework.domain.times import full_time

    words = [*silence.cases, *silence.departments, *silence.roles, *silence.kinds]
    ended = f"，已由 {silence.ended_by} 提前结束" if silence.ended_at else ""
    return f"{silence.id}  静默到 {full_time(silence.until)}{ended}  {' '.join(words)}  {silence.by}：{silence.reason}"


@channel_app.command("list")
def list_channels(json: Json = False, store: StoreUrl = None, config: ConfigDir = None) -> None:
    """The channels of the office: which are switched on, what each takes in a minute."""
    with context(store, config) as joined:
        entries = joined.office.channels["channels"]
    for name, entry in entries.items():
        line = {"name": name, "use": (entry or {}).get("use", name), "enabled": (entry or {}).get("enabled", True)}
        if json:
            emit(line)
        else:
            say(f"{name}  {line['use']}  {'启用' if line['enabled'] else '停用'}")


@channel_app.command("test")
def try_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="a channel of channels.yml, switched on or not")],
    to: Annotated[
        str, typer.Option("--to", metavar="DEPARTMENT/ROLE", help="default: the default desk's contact")
    ] = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Send one test message over a channel; exit 3 where it was not taken."""
    from pipeline.trying import try_channel

    with context(store, config, now) as joined:
        delivery = try_channel(joined, name, to, moment(now))
    value = {"channel": name, "ok": delivery.ok, "retry": delivery.retry, "detail": delivery.detail}
    answer(value, json, f"{name}：{'已送出' if delivery.ok else '没有送出'}  {delivery.detail}")
    if not delivery.ok:
        raise typer.Exit(UNAVAILABLE)


def add_to(root: typer.Typer) -> None:
    """Register the groups."""
    root.add_typer(notice_app, name="notice")
    root.add_typer(silence_app, name="silence")
    root.add_typer(channel_app, name="channel")
