"""Every command takes --json, --store and --config, and an answer asked for as JSON is nothing but JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from pipeline import cli

COMMON = ("--json", "--store", "--config")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that can be run, at any depth, with the words that name it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(typer.main.get_command(cli.app)))


def test_the_tree_holds_commands_and_their_parts() -> None:
    assert len(ALL) > 50
    assert {("serve",), ("reply", "check"), ("case", "list"), ("source", "try")} <= set(ALL)


@pytest.mark.parametrize("path", list(ALL), ids=" ".join)
def test_a_command_takes_the_common_options(path: tuple[str, ...]) -> None:
    options = {option: parameter for parameter in ALL[path].params for option in parameter.opts}
    assert [option for option in COMMON if option not in options] == []
    assert all(options[option].help for option in COMMON)


def test_an_option_that_is_not_used_is_accepted_and_said_to_be_so(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "路灯坏了"}\n', encoding="utf-8")
    given = ["--input", str(tmp_path / "in.jsonl"), "--store", f"sqlite:///{tmp_path}/not/there.db", "--config", "nope"]
    assert cli.run(["mask", *given, "--json"]) == 0
    assert '"id":"a"' in capsys.readouterr().out
    assert not (tmp_path / "not").exists()
    assert cli.run(["mask", "--help"]) == 0
    assert capsys.readouterr().out.count("accepted, not used") == 2
