"""Options that every command takes, reading of their values, and how an answer is written."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.domain.errors import DomainError
from casework.domain.times import parse_time, show_time
from pipeline.errors import CallError
from pipeline.settings import settings
from pipeline.wiring import Context, clock_now

Json = Annotated[bool, typer.Option("--json", help="one JSON document (or JSON lines) on standard output")]
StoreUrl = Annotated[str | None, typer.Option("--store", metavar="URL", help="store; default var/huiying.db")]
ConfigDir = Annotated[
    Path | None, typer.Option("--config", metavar="DIR", help="the office's folder; default ./config, else the code's")
]
NoStore = Annotated[str | None, typer.Option("--store", metavar="URL", help="accepted, not used: works on no store")]
OwnStore = Annotated[str | None, typer.Option("--store", metavar="URL", help="accepted, not used: makes its own store")]
NoConfig = Annotated[
    Path | None, typer.Option("--config", metavar="DIR", help="accepted, not used: depends on no office's folder")
]
Now = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="the moment to work at, with offset; default: the clock")
]
Input = Annotated[Path | None, typer.Option("--input", metavar="FILE", help="lines to read (.jsonl, .jsonl.gz)")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="lines to write")]


def moment(text: str | None) -> datetime:
    """The moment of ``--now``, else the clock. Raises CallError for a time without offset."""
    return clock_now() if text is None else read_time("--now", text)


def read_time(option: str, text: str) -> datetime:
    """A time given at the command line. Raises CallError that names the option."""
    try:
        return parse_time(text)
    except DomainError as error:
        raise CallError(f"{option}: {error}") from None


def not_ahead(now: datetime) -> None:
    """Refuse to write at a moment that has not come, on a machine that is in service (HUIYING_AHEAD_MINUTES is set).

    What is dated ahead blocks every honest act on its case until then. A rehearsal leaves the variable unset and may
    let any month pass. Raises CallError.
    """
    text = os.environ.get("HUIYING_AHEAD_MINUTES", "")
    if not text:
        return
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise CallError(f"HUIYING_AHEAD_MINUTES: {text[:40]!r} is no number of minutes; write for example 5")
    clock = clock_now().replace(microsecond=0)
    if now > clock + timedelta(minutes=int(text)):
        raise CallError(
            f"--now: {show_time(now)} has not come (the clock says {show_time(clock)}), and this machine is in service:"
            f" nothing may be dated more than {text} minutes ahead (HUIYING_AHEAD_MINUTES). Leave --now out; rehearse"
            f" on another store with the variable unset"
        )


def read_span(option: str, text: str) -> timedelta:
    """A length of time given at the command line: 90m, 48h, 7d. Raises CallError that names the option."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", text)
    if found is None:
        raise CallError(f"{option}: {text[:40]!r}; write 90m, 48h or 7d")
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})


def read_text(option: str, file: Path) -> str:
    """The text of a file given at the command line, UTF-8. Raises CallError that names the option."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallError(f"{option}: {file}: {error}") from None


@contextmanager
def context(
    store: str | None, config: Path | None, now: str | None = None, makes: bool = False, acts: bool = False
) -> Iterator[Context]:
    """The system joined for one command, closed at its end. ``makes``: the command may make the store it works on.

    ``acts``: it dates what it writes by ``--now``, as do those that may make a store; see ``not_ahead``.
    """
    fixed = None if now is None else read_time("--now", now)
    if fixed is not None and (makes or acts):
        not_ahead(fixed)
    chosen = settings(store, config)
    if not chosen.config.is_dir():
        raise CallError(f"--config: {chosen.config}: no such folder; name a folder with an office.yml", kind="config")
    joined = Context(chosen, clock_now if fixed is None else lambda: fixed, makes)
    try:
        yield joined
    finally:
        joined.close()


def emit(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """A line for people on standard output."""
    sys.stdout.write(text + "\n")


def answer(value: Any, as_json: bool, text: str) -> None:
    """The answer as JSON or as text for people."""
    if as_json:
        emit(value)
    else:
        say(text)


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """A table for people. Columns are as wide as a Chinese reader's terminal shows them."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for name in head:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 120).print(shown)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A sign of life on standard error while something outside is waited for; none where that is no terminal."""
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
