"""``huiying case``: list, show, and every act of a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_time, say
from pipeline.errors import CallError

if TYPE_CHECKING:
    from datetime import datetime

    from casework.domain.case import Case

app = typer.Typer(help="Cases: list, show, and what people do to them.", no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID")]
By = Annotated[str, typer.Option("--by", metavar="USER", help="who acts")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT")]
At = Annotated[str, typer.Option("--at", metavar="TIME", help="with offset")]


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option("--state")] = None,
    department: Annotated[str | None, typer.Option("--department")] = None,
    due_before: Annotated[str | None, typer.Option("--due-before", metavar="TIME")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="late at --now")] = False,
    post: Annotated[str | None, typer.Option("--post", metavar="ID")] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Cases, one a line, by id."""
    from casework.domain.moves import STATES
    from casework.ports import CaseFilter

    if state is not None and state not in STATES:
        raise CallError(f"--state: {state!r} is none of {', '.join(STATES)}")
    at = moment(now)
    before = None if due_before is None else read_time("--due-before", due_before)
    where = CaseFilter(state, department, before, at if overdue else None, post)
    with context(store, config, now) as joined:
        for case in joined.store.list_cases(where):
            if json:
                emit(shown(case, at))
            else:
                say(_line(case, at))


@app.command("show")
def show(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """One case with its history."""
    at = moment(now)
    with context(store, config, now) as joined:
        case = joined.store.get_case(id_)
    if json:
        emit({**shown(case, at), "history": history(case)})
        return
    say(_line(case, at))
    for entry in history(case):
        say(f"  {entry['at']}  {entry['what']}  {entry['by']}  {entry['note'] or ''}".rstrip())


def shown(case: Case, now: datetime) -> dict[str, Any]:
    """The contract's case object."""
    from casework.domain.times import show_time

    return {
        "id": case.id,
        "state": case.state,
        "title": case.title,
        "posts": list(case.posts),
        "event": case.event,
        "severity": case.severity,
        "department": case.department,
        "co_departments": list(case.co_departments),
        "reason": case.reason,
        "opened_at": show_time(case.opened_at) if case.opened_at else None,
        "deadlines": [clock.show(now) for clock in case.clocks],
        "version": case.version,
    }


def history(case: Case) -> list[dict[str, Any]]:
    """The contract's ``history``: at, what, by, note, hash."""
    from casework.domain.times import show_time

    return [
        {"at": show_time(entry.at), "what": entry.what, "by": entry.by, "note": entry.note, "hash": entry.hash}
        for entry in case.history
    ]


def _line(case: Case, now: datetime) -> str:
    from casework.domain.moves import STATES
    from casework.domain.times import short_time
    from casework.services.notify import time_left

    due = f"{short_time(case.due)} 截止, {time_left(case.due, now)}" if case.due else "无运行中的期限"
    return f"{case.id}  {STATES[case.state]}  {case.department or '未转办'}  {due}  {case.title}"


def _act(verb: str, id_: str, args: dict[str, str | None], options: tuple[Any, ...]) -> None:
    from casework.services.respond import act

    by, note, json, store, config, now = options
    given = {name: value for name, value in {**args, "note": note}.items() if value is not None}
    at = moment(now)
    with context(store, config, now) as joined:
        case = act(joined.store, joined.office, id_, verb, given, by, at)
    if json:
        emit(shown(case, at))
    else:
        say(_line(case, at))


def _plain(verb: str, help_: str) -> None:
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


def _reasoned(verb: str, help_: str) -> None:
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


for _verb, _help in {
    "accept": "立案: take a case that was to review.",
    "sign": "签收: the department takes the case.",
    "handle": "处置 begins.",
    "close": "办结.",
    "reopen": "Take up a closed case again.",
    "archive": "归档.",
}.items():
    _plain(_verb, _help)
for _verb, _help in {
    "reject": "不予受理.",
    "return": "退回: not this department's.",
    "pause": "中止: stop the clocks that may be stopped.",
    "resume": "恢复: the clocks run on.",
}.items():
    _reasoned(_verb, _help)


@app.command("assign")
def assign(
    id_: Id,
    to: Annotated[str, typer.Option("--to", metavar="DEP")],
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """转办: to a department, by hand."""
    _act("assign", id_, {"to": to}, (by, note, json, store, config, now))


@app.command("extend")
def extend(
    id_: Id,
    rule: Annotated[str, typer.Option("--rule", metavar="ID")],
    to: Annotated[str, typer.Option("--to", metavar="TIME", help="with offset")],
    reason: Reason,
    post: Annotated[str | None, typer.Option("--post", metavar="ID", help="one message's clock only")] = None,
    by: By = "cli",
    note: Note = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """延期: a later due moment."""
    args = {"rule": rule, "to": to, "reason": reason, "post": post}
    _act("extend", id_, args, (by, note, json, store, config, now))


@app.command("draft")
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
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallError(f"--text-file: {text_file}: {error}") from None
    _act("draft", id_, {"text": text}, (by, note, json, store, config, now))


@app.command("review")
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


@app.command("publish")
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


@app.command("fulfil")
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


@app.command("transfer")
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


@app.command("merge")
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


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="case")
