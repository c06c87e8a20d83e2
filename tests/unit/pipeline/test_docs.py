"""Every command, setting, source and channel is named in the docs, and every page is reachable."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
import yaml

from pipeline.cli import app

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"


def _text() -> str:
    pages = sorted(DOCS.rglob("*.md"))
    assert len(pages) > 10
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def _commands() -> list[str]:
    root = typer.main.get_command(app)
    found = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [f"{name} {verb}" for verb in inner] if inner else [name]
    return found


def test_every_command_is_documented() -> None:
    commands = _commands()
    assert len(commands) > 30
    text = _text()
    missing = [name for name in commands if name.split()[-1] not in text or f"huiying {name.split()[0]}" not in text]
    assert missing == []


def test_every_variable_is_documented() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("casework", "crawlers", "nlp", "alerting", "pipeline", "dags", "dashboards", "tests")
        for path in (ROOT / package).rglob("*.py")
    )
    names = {name for name in re.findall(r"\bHUIYING_[A-Z_]+\b", code) if not name.endswith("_")}
    # Scrapy's own setting of that name, and the example of a channel whose variables an office names itself.
    names -= {"HUIYING_BASE_URL", "HUIYING_WEBHOOK_URL"}
    examples = set(re.findall(r"HUIYING_[A-Z_]+", (ROOT / "config" / "channels.yml").read_text(encoding="utf-8")))
    named = set(re.findall(r"HUIYING_[A-Z_]+", _text()))
    assert names
    assert {name for name in names - examples - named if "TEST" not in name} == set()


def test_every_source_and_channel_is_documented() -> None:
    sources = [path.parent.name for path in (ROOT / "crawlers" / "sources").glob("*/source.yml")]
    channels = [path.stem for path in (ROOT / "alerting" / "channels").glob("[a-z]*.py")]
    assert sources
    assert channels
    text = _text()
    assert [name for name in sources + channels if f"`{name}`" not in text] == []


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    assert sorted(listed) == sorted(pages)


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony
    explained = set(re.findall(r"^([a-z-]+):.*##", makefile, re.M))
    assert set(phony.group(1).split()) == explained
    wanted = "demo test check lock elasticsearch elasticsearch-stop airflow bench proof docs clean"
    assert set(wanted.split()) <= explained


def test_configuration_files_are_documented() -> None:
    names = [path.name for path in (ROOT / "config").glob("*.yml")]
    assert names
    text = _text()
    assert [name for name in names if name not in text] == []
    for path in (ROOT / "config" / "channels.yml", ROOT / "config" / "office.yml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
