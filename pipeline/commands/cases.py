"""``huiying case``: list, show, and every act of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_time, say
from pipeline.errors import CallError

if TYPE_CHECKING:
    from datetime import datetime

    from casework.domain.case import Case
    from casework.domain.clock import Clock
    from casework.domain.office import Office

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
        case = None
        for case in joined.store.list_cases(where):
            if post is not None and state is None and case.history[-1].what == "moved":
                # Its posts are the winner's now, which is listed; what is not handed over yet still speaks for them.
                continue
            if json:
                emit(shown(case, at))
            else:
                say(case_line(case, at))
        # A department that the office has given up may still have cases: only an empty answer asks whether it exists.
        if case is None and department is not None:
            _known_department(joined.office, department)


def _known_department(office: Office, id_: str) -> None:
    from casework.config.mistakes import one_of

    known = office.routing.departments
    if id_ not in known:
        raise CallError(f"--department: {id_!r}: {one_of(id_, known, 'department')}")


@app.command("show")
def show(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """One case with its history, and what became of its posts at their sources."""
    from casework.domain.words import HAPPENINGS
    from casework.services.source_changes import source_changes

    at = moment(now)
    with context(store, config, now) as joined:
        case = joined.store.get_case(id_)
        posts = joined.store.get_posts(list(case.posts))
        changes = source_changes(posts[post] for post in case.posts if post in posts)
        # A site's word for a deletion may repeat anything: masked like whatever leaves the index of posts.
        told = [f"  {change.post}  {joined.masker.mask_text(change.words())}" for change in changes]
    if json:
        more = {"source_changes": [change.to_json() for change in changes]} if changes else {}
        emit({**shown(case, at), "history": history(case, joined.office), **more})
        return
    say(case_line(case, at))
    for line in deadline_lines(case, at):
        say(line)
    for line in told:
        say(line)
    for entry in history(case, joined.office):
        what = HAPPENINGS.get(entry["what"], entry["what"])
        say(f"  {entry['at']}  {what}  {entry['by']}  {entry['note'] or ''}".rstrip())


@app.command("propose")
def propose(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Which departments took such cases before, with their share; nothing is applied."""
    from casework.services.proposals import proposals

    at = moment(now)
    with context(store, config, now) as joined:
        found = proposals(joined.store, joined.office, joined.store.get_case(id_), at)
        names = joined.office.department_name
    if json:
        emit({"id": id_, "proposals": [one.to_json() for one in found]})
        return
    for one in found:
        share = f"{one.taken / one.of:.0%}"
        say(f"{one.like}的案件 {one.of} 件，其中 {one.taken} 件由{names(one.department)}办理（{share}）")
    if not found:
        say("以往同类案件太少，没有可参考的。")


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


def history(case: Case, office: Office) -> list[dict[str, Any]]:
    """The contract's ``history``: at, what, by, note, hash. What the system did by itself tells of what and to whom."""
    from casework.domain.times import show_time
    from casework.services.telling import note_of

    return [
        {
            "at": show_time(entry.at),
            "what": entry.what,
            "by": entry.by,
            "note": note_of(case, entry, office),
            "hash": entry.hash,
        }
        for entry in case.history
    ]


STATES = {"running": "计时中", "paused": "已中止", "met": "按期完成", "missed": "逾期"}


def deadline_lines(case: Case, now: datetime) -> list[str]:
    """Every limit of a case with its clause: what runs first, the strictest before all others (▶)."""
    from casework.domain.times import full_time

    def place(clock: Clock) -> tuple[bool, bool, str, str]:
        return clock.met_at is not None, clock.due is None, str(clock.due), clock.key

    lines, leads = [], case.due
    for clock in sorted(case.clocks, key=place):
        first = clock.met_at is None and not case.ended and clock.due is not None and clock.due == leads
        due = full_time(clock.due) if clock.due else "中止中"
        if clock.awaits and clock.due is None:
            earliest = f"，最早 {full_time(clock.provisional)}" if clock.provisional else ""
            due = f"待{clock.awaits}年放假安排公布{earliest}"
        basis = "本单位设定（无上级条文）" if clock.rule.basis == "office" else clock.rule.reference
        owed = f"（{clock.post}）" if clock.post else ""
        said = f"{clock.rule.title}{owed}  {due}  {STATES[clock.state(now)]}  依据：{basis}"
        lines.append(f"  {'▶' if first else '·'} {said}")
    return lines


def case_line(case: Case, now: datetime) -> str:
    """One case as a line for people."""
    from casework.domain.moves import STATES
    from casework.domain.times import short_time
    from casework.services.notice_facts import time_left

    due = f"{short_time(case.due)} 截止，{time_left(case.due, now)}" if case.due else "无运行中的期限"
    return f"{case.id}  {STATES[case.state]}  {case.department or '未转办'}  {due}  {case.title}"


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    from pipeline.commands import case_acts, redating

    case_acts.add_to(app)
    redating.add_to(app)
    root.add_typer(app, name="case")
