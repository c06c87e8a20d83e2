"""``huiying case redate``: entries that were dated after the present."""

from __future__ import annotations

import typer

from pipeline.commands.cases import At, By, Id, Reason, case_line, shown
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_time, say


def redate(
    id_: Id,
    at: At,
    reason: Reason,
    by: By = "cli",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """更正记录时间: when entries that are dated after now truly happened."""
    from casework.services.redating import redate as put_right

    true, present = read_time("--at", at), moment(now)
    with context(store, config, now, acts=True) as joined:
        case = put_right(joined.store, joined.office, id_, true, reason, by, present)
    if json:
        emit(shown(case, present))
    else:
        say(case_line(case, present))


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("redate")(redate)
