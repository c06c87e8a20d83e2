"""Commands of the stages: demo, run, collect, import, load, supervise, notify."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.domain.times import parse_time, short_time, show_time
from pipeline.commands.common import (
    ConfigDir,
    Json,
    Now,
    OwnStore,
    StoreUrl,
    answer,
    context,
    emit,
    moment,
    read_span,
    read_time,
    say,
    table,
)
from pipeline.commands.stage_words import counts_line
from pipeline.errors import INTERRUPTED, UNAVAILABLE, CallError
from pipeline.wiring import clock_now

BaseUrl = Annotated[str | None, typer.Option("--base-url", help="a replica: replaces scheme, host and port")]


def run(
    source: Annotated[list[str] | None, typer.Option("--source", help="only this source (again for more)")] = None,
    from_: Annotated[str, typer.Option("--from", metavar="STAGE")] = "collect",
    until: Annotated[str, typer.Option("--until", metavar="STAGE")] = "supervise",
    base_url: BaseUrl = None,
    follow: Annotated[bool, typer.Option("--follow", help="go on, round after round, until stopped")] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """All stages once: collect, load, assess, open, assign, notify, supervise; each counted."""
    from pipeline import jobs

    options = jobs.CollectOptions(tuple(source or ()), base_url)
    if follow:
        return _follow(options, from_, until, json, store, config, now)
    at = moment(now)

    def after(stage: str, counts: jobs.Counts, seconds: float) -> None:
        if not json:
            for line in _stage_lines(stage, counts):
                say(f"{line}（{seconds:.1f} 秒）")

    with context(store, config, now, makes=True) as joined:
        result = jobs.run(joined, at, options, from_, until, now is not None, after)
    if json:
        emit(result.to_json())
    return UNAVAILABLE if result.stopped else 0


def _follow(
    options: Any, first: str, last: str, json: bool, store: str | None, config: Path | None, now: str | None
) -> int:
    """The always-on worker; exit 0 when told to end (SIGTERM), 130 by Ctrl-C, each after the round at hand."""
    from pipeline import following

    if now is not None:
        raise CallError("run: --follow goes by the clock; leave --now out")
    stop, caught = threading.Event(), []

    def end(number: int, _: object) -> None:
        caught.append(number)
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)

    def report(stage: str, counts: dict[str, Any]) -> None:
        if not json:
            say(f"{short_time(clock_now())}  {counts_line(stage, counts)}")
            sys.stdout.flush()

    with context(store, config, makes=True) as joined:
        worker = following.Worker(joined.settings, following.Plan.of(options, first, last), clock_now, stop, report)
    total = worker.run()
    if json:
        emit(total.to_json())
    return INTERRUPTED if signal.SIGINT in caught else 0


def _stage_lines(stage: str, counts: dict[str, Any]) -> list[str]:
    if stage == "collect":
        return [counts_line(f"collect {name}", entry) for name, entry in counts.items()] or ["收集：没有启用的来源"]
    return [counts_line(stage, counts)]


def collect(
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE…", help="ids of sources")] = None,
    base_url: BaseUrl = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="where the lines go")] = None,
    state: Annotated[Path | None, typer.Option("--state", metavar="DIR", help="what was seen before")] = None,
    full: Annotated[bool, typer.Option("--full", help="ignore what was seen before")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="ask no site: show how the sources (none: all) fare")
    ] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """Collect sources into files of post lines. Exit 3 when one stopped."""
    from pipeline import jobs

    if status:
        return _status(tuple(sources or ()), state, json, store, config, now)
    if not sources:
        raise CallError("collect: no source named; name some, or show how all fare with --status")
    options = jobs.CollectOptions(tuple(sources), base_url, out, state, full)
    with context(store, config, now, makes=True) as joined:
        found = jobs.collect(joined, options, None if now is None else read_time("--now", now))
    answer({"stages": {"collect": found}}, json, "\n".join(_stage_lines("collect", found)))
    return UNAVAILABLE if any(entry["state"] != "done" for entry in found.values()) else 0


def _status(
    names: tuple[str, ...], state: Path | None, json: bool, store: str | None, config: Path | None, now: str | None
) -> int:
    from pipeline import watching

    at = moment(now)
    with context(store, config, now, makes=True) as joined:
        found = watching.statuses(joined, at, names, state)
    if json:
        emit({"sources": [one.to_json() for one in found]})
    else:
        table(f"来源采集情况（{short_time(at)}）", watching.HEAD, [watching.line_of(one).cells() for one in found])
    return 0


def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="post lines (.jsonl, .jsonl.gz)")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Post lines into the store; again changes nothing. Invalid lines are quarantined."""
    from pipeline import jobs

    with context(store, config, now, makes=True) as joined:
        counts = jobs.load(joined, files, moment(now))
    answer({"stages": {"load": counts}}, json, counts_line("load", counts))


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a hotline's or board's export")],
    map_: Annotated[Path, typer.Option("--map", metavar="MAP.yml", help="what its columns mean")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """An export (CSV, XLSX, JSON lines) into the store. Bad rows are quarantined."""
    from pipeline import importing

    with context(store, config, now, makes=True) as joined:
        counts = importing.import_export(joined, file, map_, moment(now))
    answer({"stages": {"import": counts}}, json, counts_line("import", counts))


def supervise(
    ahead: Annotated[
        str | None, typer.Option("--ahead", metavar="48h", help="change nothing: show what will be late, what repeats")
    ] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Reminders, overdue, escalation: each crossing once."""
    from pipeline import jobs

    if ahead is not None:
        _ahead(ahead, json, store, config, now)
        return
    with context(store, config, now, makes=True) as joined:
        counts = jobs.supervise(joined, moment(now))
        jobs.notify(joined, moment(now))
    answer({"stages": {"supervise": counts}, **counts}, json, counts_line("supervise", counts))


def _ahead(ahead: str, json: bool, store: str | None, config: Path | None, now: str | None) -> None:
    """What is foreseen; nothing is written and nobody told."""
    from casework.services.foresight import about_to_be_late, repeated

    at, span = moment(now), read_span("--ahead", ahead)
    with context(store, config, now) as joined:
        late = [one.to_json() for one in about_to_be_late(joined.store, at, span)]
        again = [one.to_json() for one in repeated(joined.store, at)]
        name = joined.office.department_name
    if json:
        emit({"now": show_time(at), "until": show_time(at + span), "late": late, "repeated": again})
        return
    rows = [(short_time(parse_time(one["due"])), one["duty"], name(one["department"]), one["title"]) for one in late]
    table(f"将到期未办（至 {short_time(at + span)}）", ("截止", "期限", "承办单位", "案件"), rows)
    seen = [(one["people"], one["after_answer"], name(one["department"]), one["title"]) for one in again]
    table("重复反映的事项", ("人次", "答复后又反映", "承办单位", "事项"), seen)


def notify(json: Json = False, store: StoreUrl = None, config: ConfigDir = None, now: Now = None) -> None:
    """Send the notices that wait."""
    from pipeline import jobs

    with context(store, config, now, makes=True) as joined:
        counts = jobs.notify(joined, moment(now))
    answer({"stages": {"notify": counts}}, json, counts_line("notify", counts))


def demo(
    port: Annotated[int, typer.Option("--port", help="port of the dashboard")] = 8600,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="end after the table")] = False,
    json: Json = False,
    store: OwnStore = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """The whole way on the example posts, embedded store, no network; then the dashboard."""
    from pipeline import demo as shown

    return shown.run_demo(port, not no_serve, json, config, moment(now), sys.stdout)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("demo")(demo)
    app.command("run")(run)
    app.command("collect")(collect)
    app.command("import")(import_)
    app.command("load")(load)
    app.command("supervise")(supervise)
    app.command("notify")(notify)
