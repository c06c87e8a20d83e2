"""The command ``huiying``: joins the commands of ``pipeline/commands`` and turns errors into exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import typer

from pipeline.commands import (
    admin,
    cases,
    deadlines,
    emergency,
    events,
    filters,
    follow_up,
    keeping,
    labels,
    models,
    roster,
    routing,
    sources,
    stages,
    subscriptions,
    telling,
)
from pipeline.errors import FOUND, INTERRUPTED, UNAVAILABLE, WRONG_CALL, explain, refusal
from pipeline.private import keep_private

app = typer.Typer(
    name="huiying",
    help="回应: hear what people say to a government news office, and answer it in time.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
GROUPS = (
    *(
        stages,
        filters,
        routing,
        cases,
        emergency,
        follow_up,
        events,
        deadlines,
        models,
        labels,
        sources,
        roster,
        telling,
        subscriptions,
    ),
    *(keeping, admin),
)
for group in GROUPS:
    group.add_to(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with the contract's code."""
    keep_private()
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


USAGE_ERROR: type[Exception] = next(
    parent
    for parent in typer.BadParameter.__mro__
    if parent.__name__ == "ClickException" and issubclass(parent, Exception)
)
"""What typer raises for a wrong call; it carries its own copy of click, so the class is asked for by way of typer's."""


def run(arguments: list[str]) -> int:
    """One command; its exit code. Never shows a traceback for an error that the program expects."""
    try:
        code = app(arguments, prog_name="huiying", standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _tell("interrupted", "interrupted; run the same command again to go on", arguments, INTERRUPTED)
    except USAGE_ERROR as error:
        return _tell("usage", _usage(error), arguments, WRONG_CALL)
    except BrokenPipeError:
        # The reader went away (huiying … | head): that is its right. Nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ModuleNotFoundError as error:
        detail = f"{error.name} is not installed here; make demo installs what this version needs"
        return _tell("install", detail, arguments, UNAVAILABLE)
    except Exception as error:  # noqa: BLE001 - the last stop before the user: no traceback may pass
        known = explain(error)
        if known is None:
            return _unexpected(error, arguments)
        detail = refusal(error) if isinstance(error, OSError) else str(error)
        return _tell(known[0], detail, arguments, known[1])
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> str:
    message: str = error.format_message()  # type: ignore[attr-defined]
    return message


def _tell(kind: str, detail: str, arguments: Sequence[str], code: int) -> int:
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": {"kind": kind, "detail": detail}}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    sys.stderr.write(f"huiying: {detail}\n")
    return code


def _unexpected(error: Exception, arguments: Sequence[str]) -> int:
    """An error of the program itself: said in one line; the traceback only where it is asked for."""
    if os.environ.get("HUIYING_DEBUG"):
        import traceback

        traceback.print_exc()
    detail = f"internal error: {type(error).__name__}: {error} (HUIYING_DEBUG=1 shows where; please report it)"
    return _tell("internal", detail, arguments, FOUND)


if __name__ == "__main__":
    main()
