"""``huiying case confirm`` and ``lift``: a person says whether a case is a 检举控告."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from pipeline.commands.cases import By, Id, Note, Reason
from pipeline.commands.common import ConfigDir, Json, Now, StoreUrl

Act = Callable[[str, str, dict[str, str | None], tuple[Any, ...]], None]
"""verb, case, arguments, (by, note, json, store, config, now)."""


def add_to(app: typer.Typer, act: Act) -> None:
    """Register the verbs; ``act`` does one and prints the case."""

    def confirm(
        id_: Id,
        unit: Annotated[
            list[str] | None, typer.Option("--unit", metavar="DEP", help="who is accused; default: all that are named")
        ] = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        """认定检举控告: it goes to the discipline desk, kept from the departments accused."""
        act("confirm", id_, {"units": ",".join(unit) if unit else None}, (by, note, json, store, config, now))

    def lift(
        id_: Id,
        reason: Reason,
        kind: Annotated[
            str | None, typer.Option("--kind", metavar="KIND", help="申诉求决 (default) or 建议意见")
        ] = None,
        by: By = "cli",
        note: Note = None,
        json: Json = False,
        store: StoreUrl = None,
        config: ConfigDir = None,
        now: Now = None,
    ) -> None:
        """排除检举控告: no report of wrongdoing after all; the case goes the ordinary way."""
        act("lift", id_, {"reason": reason, "kind": kind}, (by, note, json, store, config, now))

    for command in (confirm, lift):
        app.command(command.__name__)(command)
