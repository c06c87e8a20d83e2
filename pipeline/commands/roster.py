"""``huiying roster``: 值班表, from a sheet into the office's folder, and who is on duty now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casework.domain.times import short_time, show_time
from pipeline.commands.common import ConfigDir, Json, NoStore, Now, answer, context, moment

app = typer.Typer(help="The duty roster: import it, show who is on duty.", no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the duty sheet (.xlsx)")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="default: roster.yml in the office's folder")
    ] = None,
    json: Json = False,
    store: NoStore = None,
    config: ConfigDir = None,
) -> None:
    """A duty sheet becomes roster.yml; a gap or an overlap is named with its row, and then nothing is written."""
    from casework.config.load import load_office
    from pipeline import rosters

    with context(store, config) as joined:
        # The roster in force may have a gap: that is why there is a new one.
        office = load_office(joined.settings.config, without=(rosters.NAME,))
        done = rosters.import_roster(file, office, joined.settings.config, out)
    text = f"{done['file']}: 值班 {done['watches']} 班，{done['from']} 至 {done['to']}"
    answer(done, json, text)


@app.command("show")
def show(json: Json = False, store: NoStore = None, config: ConfigDir = None, now: Now = None) -> None:
    """Who is told at --now: the watches at that moment, and whether the office itself is at work."""
    from casework.domain.duty import off_spans

    at = moment(now)
    with context(store, config, now) as joined:
        office = joined.office
        duty = office.duty
        off = any(
            begin <= at < end
            for begin, end in off_spans(at, at.replace(microsecond=999_999), duty.when, office.worktime)
        )
        here = [one for one in duty.watches if one.begin <= at < one.end]
    shown = [
        {
            "department": one.department,
            "name": one.person.name,
            "leader": one.leader.name if one.leader else None,
            "from": show_time(one.begin),
            "to": show_time(one.end),
        }
        for one in here
    ]
    lines = [f"{short_time(at)}：{'按值班表通知' if off else '工作时间，通知各单位联系人'}"]
    for one in here:
        name = office.department_name(one.department) if one.department else "全体"
        leader = f"，带班 {one.leader.name}" if one.leader else ""
        lines.append(f"{name}：{one.person.name}{leader}，至 {short_time(one.end)}")
    if off and not here:
        lines.append("值班表上此时没有人，仍通知各单位联系人")
    answer({"at": show_time(at), "by_roster": off, "watches": shown}, json, "\n".join(lines))


def add_to(root: typer.Typer) -> None:
    """Register the group."""
    root.add_typer(app, name="roster")
