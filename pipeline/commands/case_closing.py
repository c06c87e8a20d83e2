"""``huiying case record``, ``mark``, ``unmark``, ``endorse``, ``needs``: what closing and release ask of people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.commands.cases import By, Id, Note, Reason
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl, context, emit, moment, read_text, say
from pipeline.errors import CallError

Act = Callable[[str, str, dict[str, str | None], tuple[Any, ...]], None]
"""verb, case, arguments, (by, note, json, store, config, now)."""
Mark = Annotated[str, typer.Option("--as", metavar="MARK", help="tendency, common, strong or attention")]


def needs(id_: Id, json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """What must be on record before the case is closed, what is; its marks, and those that rules propose."""
    from casework.domain.closing import on_record
    from casework.domain.marks import MARKS, endorsed, standing
    from casework.services.closing import disposition_of, lacking, proposals

    at = moment(now)
    with context(store, config, now) as joined:
        case = joined.store.get_case(id_)
        marks = standing(case)
        said = {mark: joined.masker.mask_text(why) for mark, why in marks.items()}
        proposed = proposals(joined.store, joined.office, case, at)
        missing, have = lacking(joined.store, joined.office, case), sorted(on_record(case))
        titles = [joined.office.closing.title(item) for item in have]
        found: dict[str, Any] = {
            "id": case.id,
            "disposition": disposition_of(joined.store, case),
            "on_record": have,
            "missing": list(missing),
            "marks": said,
            "endorsed": endorsed(case) is not None,
            "proposals": [one.to_json() for one in proposed],
        }
    if json:
        emit(found)
        return
    say(f"{case.id}  {found['disposition'] or '舆情性质未知'}")
    for title in titles:
        say(f"  [x] {title}")
    for text in missing:
        say(f"  [ ] {text}")
    for mark, why in said.items():
        say(f"  标记 {MARKS[mark]}：{why}（{'已签批' if found['endorsed'] else '未经主要负责人签批不能发布'}）")
    for one in proposed:
        say(f"  建议标记 {MARKS[one.mark]}：{one.reason}")


def add_to(app: typer.Typer, act: Act) -> None:
    """Register the verbs; ``act`` does one and prints the case."""
    app.command("needs")(needs)
    _recording(app, act)
    _endorsing(app, act)
    _marking(app, act, "mark", "标记: a weighty matter, released by the 主要负责人 alone.")
    _marking(app, act, "unmark", "取消标记.")


def _recording(app: typer.Typer, act: Act) -> None:
    def record(
        id_: Id,
        item: Annotated[str, typer.Option("--item", metavar="ITEM", help="of dispositions.yml: findings, adopted, …")],
        text_file: Annotated[Path, typer.Option("--text-file", metavar="F", help="what is put on record, UTF-8")],
        url: Annotated[str | None, typer.Option("--url", metavar="U", help="where it was published")] = None,
        to: Annotated[list[str] | None, typer.Option("--to", metavar="DEP", help="of a lead; may be repeated")] = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        """登记在案: what the disposition asks for before the case is closed."""
        text = read_text("--text-file", text_file)
        args = {"item": item, "text": text, "url": url, "to": ",".join(to) if to else None}
        act("record", id_, args, (by, note, json, store, config, now))

    app.command("record")(record)


def _endorsing(app: typer.Typer, act: Act) -> None:
    def endorse(
        id_: Id,
        ok: Annotated[bool | None, typer.Option("--ok/--refuse", help="released, or sent back")] = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        """签批: the 主要负责人 releases a marked matter himself; --by is his account."""
        if ok is None:
            raise CallError("say --ok or --refuse")
        act("endorse", id_, {"ok": "yes" if ok else "no"}, (by, note, json, store, config, now))

    app.command("endorse")(endorse)


def _marking(app: typer.Typer, act: Act, verb: str, help_: str) -> None:
    def command(
        id_: Id,
        mark: Mark,
        reason: Reason,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        act(verb, id_, {"mark": mark, "reason": reason}, (by, note, json, store, config, now))

    command.__doc__ = help_
    app.command(verb)(command)
