"""``huiying route``: posts to departments with the reason; ``route test``: what the rules themselves are worth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from pipeline.commands.common import ConfigDir, Input, Json, NoStore, Now, Output, StoreUrl, context, emit, moment, say
from pipeline.commands.filters import needed, report
from pipeline.errors import FOUND

app = typer.Typer(help="Which department is responsible, and why.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def route(
    ctx: typer.Context,
    input_: Input = None,
    output: Output = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="every rule tried, and why it did or did not match")
    ] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Which department is responsible for each post, and why; `route test` tries the rules themselves."""
    if ctx.invoked_subcommand is not None:
        return
    from pipeline import routing
    from pipeline.filters import run_filter

    source, at = needed(input_), moment(now)
    with context(store, config, now) as joined:

        def work(values: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
            return routing.route_lines(values, joined, at, explain)

        counts = run_filter(source, output, routing.routed_value, work)
    report(counts, output, json)


@app.command("test")
def try_rules(json: Json = False, store: NoStore = None, config: ConfigDir = None, now: Now = None) -> None:
    """Run every example; show rules that never act, shadow one another, and classes and districts left out."""
    from pipeline import route_test

    with context(store, config, now) as joined:
        found = route_test.examine(joined.settings.config, joined.office, moment(now))
    if json:
        emit(found)
    else:
        for line in route_test.told(found):
            say(line)
    if not found["ok"]:
        raise typer.Exit(FOUND)


def add_to(root: typer.Typer) -> None:
    """Register the command and its group."""
    root.add_typer(app, name="route")
