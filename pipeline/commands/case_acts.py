"""``huiying case VERB``: every act of a person on a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.commands.cases import At, By, Id, Note, Reason, case_line, shown
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_text, say
from pipeline.errors import CallError

Post = Annotated[str | None, typer.Option("--post", metavar="ID", help="one message's clock only")]


def _act(verb: str, id_: str, args: dict[str, str | None], options: tuple[Any, ...]) -> None:
    from pipeline.settling import settle

    by, note, json, store, config, now = options
    given = {name: value for name, value in {**args, "note": note}.items() if value is not None}
    at = moment(now)
    with context(store, config, now, acts=True) as joined:
        case = settle(joined, id_, verb, given, by, at)
    if json:
        emit(shown(case, at))
    else:
        say(case_line(case, at))


def _plain(app: typer.Typer, verb: str, help_: str) -> None:
    """A verb without arguments of its own."""

    def command(
        id_: Id,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        _act(verb, id_, {}, (by, note, json, store, config, now))

    command.__doc__ = help_
    app.command(verb)(command)


def _reasoned(app: typer.Typer, verb: str, help_: str) -> None:
    """A verb that needs a reason."""

    def command(
        id_: Id,
        reason: Reason,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        _act(verb, id_, {"reason": reason}, (by, note, json, store, config, now))

    command.__doc__ = help_
    app.command(verb)(command)


def assign(
    id_: Id,
    to: Annotated[str, typer.Option("--to", metavar="DEP")],
    with_: Annotated[list[str] | None, typer.Option("--with", metavar="DEP", help="协办; may be repeated")] = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """转办: to a department, by hand; after a return this is final."""
    _act("assign", id_, {"to": to, "with": ",".join(with_) if with_ else None}, (by, note, json, store, config, now))


def _moving(app: typer.Typer, verb: str, help_: str) -> None:
    """A verb about a later due moment."""

    def command(
        id_: Id,
        rule: Annotated[str, typer.Option("--rule", metavar="ID")],
        to: Annotated[str, typer.Option("--to", metavar="TIME", help="with offset")],
        reason: Reason,
        post: Post = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        args = {"rule": rule, "to": to, "reason": reason, "post": post}
        _act(verb, id_, args, (by, note, json, store, config, now))

    command.__doc__ = help_
    app.command(verb)(command)


def pause(
    id_: Id,
    reason: Reason,
    kind: Annotated[
        str, typer.Option("--kind", help="third_party, hearing, supplement, appraisal, force_majeure or other")
    ] = "other",
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """中止: stop the clocks that this kind of reason may stop."""
    _act("pause", id_, {"reason": reason, "kind": kind}, (by, note, json, store, config, now))


def level(
    id_: Id,
    to: Annotated[str, typer.Option("--to", help="extraordinary, major, serious, ordinary or none")],
    reason: Reason,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """定级: another level; limits that then apply run from their first moment, not from now."""
    _act("level", id_, {"to": to, "reason": reason}, (by, note, json, store, config, now))


def time(
    id_: Id,
    of: Annotated[str, typer.Option("--moment", help="occurred, published, discovered or received")],
    at: At,
    reason: Reason,
    post: Post = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """更正时间: the true time of a moment; its limits are counted anew from there."""
    args = {"moment": of, "at": at, "reason": reason, "post": post}
    _act("time", id_, args, (by, note, json, store, config, now))


def draft(
    id_: Id,
    text_file: Annotated[Path, typer.Option("--text-file", metavar="F")],
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """拟稿: the text of the answer, from a UTF-8 file."""
    _act("draft", id_, {"text": read_text("--text-file", text_file)}, (by, note, json, store, config, now))


def review(
    id_: Id,
    gate: Annotated[str, typer.Option("--gate", help="first, second, third or secrecy")],
    ok: Annotated[bool | None, typer.Option("--ok/--refuse", help="passed, or sent back")] = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """三审 and the secrecy check, in their order."""
    if ok is None:
        raise CallError("say --ok or --refuse")
    _act("review", id_, {"gate": gate, "ok": "yes" if ok else "no"}, (by, note, json, store, config, now))


def publish(
    id_: Id,
    url: Annotated[str, typer.Option("--url", metavar="U")],
    at: At,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Record that the answer was published."""
    _act("publish", id_, {"url": url, "at": at}, (by, note, json, store, config, now))


def fulfil(
    id_: Id,
    rule: Annotated[str, typer.Option("--rule", metavar="ID")],
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="when it was done; default: now")] = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Record a duty done outside the system: a press conference held, a report telephoned."""
    _act("fulfil", id_, {"rule": rule, "at": at}, (by, note, json, store, config, now))


def transfer(
    id_: Id,
    to: Annotated[str, typer.Option("--to", metavar="BODY")],
    reason: Reason,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """移交 to a body outside the office's list."""
    _act("transfer", id_, {"to": to, "reason": reason}, (by, note, json, store, config, now))


def acknowledge(
    id_: Id,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="with offset; default: as long as the ladder allows")
    ] = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """签收提醒: the alarms are in hand; the ladder waits until then, not longer."""
    _act("acknowledge", id_, {"until": until}, (by, note, json, store, config, now))


def merge(
    id_: Id,
    into: Annotated[str, typer.Argument(metavar="INTO", help="the case that takes it")],
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """并单: one matter, two cases; each message keeps its own clock."""
    _act("merge", id_, {"into": into}, (by, note, json, store, config, now))


PLAIN = {
    "accept": "立案: take a case that was to review.",
    "sign": "签收: the department takes the case.",
    "handle": "处置 begins.",
    "close": "办结.",
    "reopen": "Take up a closed case again.",
    "archive": "归档.",
}
REASONED = {
    "reject": "不予受理.",
    "return": "退回: not this department's; within the limit, and not after a second designation.",
    "dispute": "提请协调: whose duty it is is disputed; the coordination desk decides, finally.",
    "resume": "恢复: the clocks run on.",
}
MOVING = {
    "ask": "申请延期: what extend then grants; the time of asking is on record.",
    "extend": "延期: a later due moment, as far as its rule allows.",
}


def add_to(app: typer.Typer) -> None:
    """Register the verbs."""
    from pipeline.commands import case_closing, case_reports, follow_up

    case_reports.add_to(app, _act)
    case_closing.add_to(app, _act)
    follow_up.add_to_cases(app, _act)
    for verb, help_ in PLAIN.items():
        _plain(app, verb, help_)
    for verb, help_ in REASONED.items():
        _reasoned(app, verb, help_)
    for verb, help_ in MOVING.items():
        _moving(app, verb, help_)
    for command in (assign, pause, level, time, draft, review, publish, fulfil, transfer, merge, acknowledge):
        app.command(command.__name__)(command)
