"""Every way to be wrong in ``tests/bad_config`` is told with its exact words, and nothing else is.

A file there says: ``why``; ``office`` (the folder it starts from; default ``config``); ``patch``, a list of
``{file, find, with}`` (text found once or more, its first place changed), ``{file, content}`` (the whole file) or
``{file, remove: true}``; ``today`` and ``environ`` where they matter; ``expect``, the mistakes as ``config check``
says them (a warning begins with ``warning:``).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.config.load import ConfigError, Mistake, check_office, load_office

ROOT = Path(__file__).resolve().parents[3]
ONLY_CHECKED = ("example_", "judgement_")
"""What ``check_office`` alone looks into: examples are run, and files that only ``nlp`` reads are read."""
WAYS = sorted((ROOT / "tests" / "bad_config").glob("*.yml"))


def read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value


def patched(way: dict[str, Any], folder: Path) -> Path:
    """The office's folder with the mistake in it, under ``folder``/config."""
    shutil.copytree(ROOT / "config", folder / "config")
    office = folder / str(way.get("office", "config"))
    for patch in way["patch"]:
        file = office / patch["file"]
        if patch.get("remove"):
            file.unlink()
        elif "content" in patch:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(str(patch["content"]).encode(patch.get("encoding", "utf-8")))
        else:
            text = file.read_text(encoding="utf-8")
            assert patch["find"] in text, f"{patch['file']} no longer has {patch['find']!r}"
            file.write_text(text.replace(patch["find"], patch["with"], 1), encoding="utf-8")
    return office.relative_to(folder)


def unlined(mistake: Mistake) -> str:
    """The mistake as it is told, without its line: a line moves with every entry above it."""
    return str(replace(mistake, line=None))


def check_line(mistake: Mistake) -> None:
    """What is wrong inside a file is told with the line on which its key, or the entry of its list, is written."""
    if mistake.line is None:
        return
    assert f"{mistake.file}:{mistake.line}: " in str(mistake)
    lines = Path(mistake.file).read_text(encoding="utf-8").split("\n")
    # A key that is missing has none: then it is the line of what lacks it.
    named = re.findall(r"[^.\[\]]+", mistake.path)[-1]
    text = lines[mistake.line - 1]
    assert named in text or named.isdecimal() or mistake.found in ("missing", "no rung", "unknown key"), (mistake, text)


@pytest.mark.parametrize("path", WAYS, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_to_write(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = read(path)
    office = patched(way, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = check_office(office, date.fromisoformat(str(way.get("today", "2026-06-01"))), way.get("environ", {}))
    told = [f"{'warning: ' if mistake.severity == 'warning' else ''}{unlined(mistake)}" for mistake in found]
    assert told == way["expect"]
    errors = [line for line in told if not line.startswith("warning: ")]
    if errors and not path.stem.startswith(ONLY_CHECKED):
        with pytest.raises(ConfigError) as raised:
            load_office(office)
        assert [unlined(mistake) for mistake in raised.value.mistakes] == errors
        assert str(raised.value) == "\n".join(map(str, raised.value.mistakes))
    for mistake in found:
        check_line(mistake)


def test_there_are_enough_ways_to_be_wrong_and_each_says_why() -> None:
    assert len(WAYS) >= 35
    for path in WAYS:
        way = read(path)
        assert set(way) <= {"why", "office", "patch", "today", "environ", "expect"}, path.name
        assert way["why"], path.name
        assert way["expect"], path.name
        assert way["patch"] or way["today"], path.name


def test_a_line_is_that_of_the_key_that_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    text = (folder / "routing.yml").read_text(encoding="utf-8")
    (folder / "routing.yml").write_text(text.replace("to: urban_management\n", "to: nowhere\n", 1), encoding="utf-8")
    line = text[: text.index("to: urban_management\n")].count("\n") + 1
    (mistake,) = check_office(folder, None, {})
    assert (mistake.line, f"routing.yml:{line}: rules[" in str(mistake)) == (line, True)
