"""The how-to page for a new site, run as it is written in a copy of the checkout; only the port is a free one."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "new-source.md"
PORT = "8700"
COPIED = ("alerting", "casework", "config", "crawlers", "docs", "nlp", "pipeline", "tests/recorded")


def _blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return [block.strip("\n") for block in found]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with commands that run it."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "var"))
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / name, copy / name)
    commands = {"python": "", "huiying": "-P -m pipeline.cli", "pytest": "-m pytest"}
    (copy / ".venv" / "bin").mkdir(parents=True)
    for name, arguments in commands.items():
        file = copy / ".venv" / "bin" / name
        file.write_text(f'#!/bin/sh\nPYTHONPATH={copy} exec {sys.executable} {arguments} "$@"\n', encoding="utf-8")
        file.chmod(0o755)
    return copy


@pytest.fixture(scope="module")
def port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _run(command: str, checkout: Path, port: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYING_", "PYTEST_"))}
    return subprocess.run(
        ["sh", "-c", command.replace(PORT, port)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def site(checkout: Path, port: str) -> Iterator[str]:
    """The practice site, by the page's first command."""
    command = "exec " + _blocks("sh")[0].replace(PORT, port)
    with subprocess.Popen(["sh", "-c", command], cwd=checkout, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        shown = process.stdout.readline()
        assert f"127.0.0.1:{port}" in shown
        try:
            yield shown
        finally:
            process.terminate()


def _fill(checkout: Path) -> None:
    """What the page says a person writes in the place of the blanks."""
    (block,) = _blocks("yaml")
    file = checkout / "crawlers" / "sources" / "qingshi" / "source.yml"
    text = file.read_text(encoding="utf-8")
    for line in block.splitlines():
        key = re.match(r" *\w+: ", line)
        assert key
        text, count = re.subn(rf"^{key.group()}待填写.*$", lambda _, line=line: line, text, flags=re.M)
        assert count == 1, line
    assert "待填写  #" not in text
    file.write_text(text, encoding="utf-8")


def test_the_page_s_commands_do_what_it_says(checkout: Path, port: str, site: str) -> None:
    _, new, try_, check, recorded, collect = _blocks("sh")
    made = _run(new, checkout, port)
    assert made.returncode == 0, made.stderr
    for path in re.findall(r"^\| `((?:crawlers|tests)/[^`]+)`", PAGE.read_text(encoding="utf-8"), re.M):
        assert (checkout / path).exists(), path

    shown = _run(try_, checkout, port)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("青石县融媒体中心") == 10
    assert not (checkout / "var").exists(), "a trial leaves nothing"

    unfilled = _run(check, checkout, port)
    assert unfilled.returncode == 2
    assert unfilled.stdout.count("待填写") == 5
    _fill(checkout)
    filled = _run(check, checkout, port)
    assert (filled.returncode, filled.stdout.strip()) == (0, "没有问题")

    first, second = _run(recorded, checkout, port), _run(recorded, checkout, port)
    assert first.returncode == 1
    assert "review it" in first.stdout
    assert second.returncode == 0, second.stdout
    pinned = checkout / "tests" / "recorded" / "qingshi" / "list_and_article" / "expected.json"
    (post,) = json.loads(pinned.read_text(encoding="utf-8"))["posts"]
    assert post["title"] == "青石县启动老旧供水管网改造 涉及十二个小区"
    assert post["published_at"] == "2026-11-23T17:20:00+08:00"
    assert (post["author"], post["extra"]["origin"]) == ("周示例", "青石县融媒体中心")

    collected = _run(collect, checkout, port)
    assert collected.returncode == 0, collected.stderr
    (lines,) = (checkout / "试采").glob("qingshi-*[0-9].jsonl")
    assert len(lines.read_text(encoding="utf-8").splitlines()) == 12
    assert not list((checkout / "试采").glob("*.quarantine.jsonl"))
