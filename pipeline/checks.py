"""``huiying config check`` and ``config show``: the office's folder, the sources and the channels together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.office import Office
from casework.domain.times import SHANGHAI
from pipeline.errors import CallError

KINDS = ("departments", "sources", "deadlines")


def check_all(folder: Path, now: datetime) -> list[dict[str, str]]:
    """Every mistake as ``{"severity", "text"}``; ``text`` is ``file: path: found: what to write``."""
    from casework.config.load import check_office, load_office

    mistakes = check_office(folder, now.astimezone(SHANGHAI).date())
    found = [{"severity": item.severity, "text": str(item)} for item in mistakes]
    if not any(item["severity"] == "error" for item in found):
        office = load_office(folder)
        found += _channels(office) + _templates(folder, office) + _sources(office)
    return found


def _sources(office: Office) -> list[dict[str, str]]:
    from crawlers.errors import SourceMistakes
    from crawlers.source_folder import load_sources

    try:
        load_sources(overrides=office.sources)
    except SourceMistakes as error:
        return [{"severity": "error", "text": line} for line in error.mistakes]
    return []


def _templates(folder: Path, office: Office) -> list[dict[str, str]]:
    from alerting.checking import check_templates

    mistakes = check_templates(folder / "templates", office.channels, shown_path(folder / "templates"))
    return [{"severity": "error", "text": str(item)} for item in mistakes]


def shown_path(path: Path) -> str:
    """How a file is named to people: from where they stand, where that is shorter."""
    here, path = Path.cwd(), path.resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def _channels(office: Office) -> list[dict[str, str]]:
    from alerting.load import ChannelConfigError
    from alerting.routes import read_plan

    try:
        read_plan(office.channels)
    except ChannelConfigError as error:
        return [{"severity": "error", "text": line} for line in str(error).splitlines()]
    return []


def show(office: Office, what: str) -> list[dict[str, Any]]:
    """Rows of ``config show``. Raises CallError for an unknown kind."""
    if what == "departments":
        return [
            {
                "id": item.id,
                "name": item.name,
                "regions": list(item.regions),
                "parent": item.parent,
                "since": item.since.isoformat() if item.since else None,
                "until": item.until.isoformat() if item.until else None,
                "successor": item.successor,
            }
            for item in office.routing.departments.values()
        ]
    if what == "deadlines":
        return [
            {
                "id": rule.id,
                "title": rule.title,
                "amount": value.amount,
                "unit": str(rule.unit),
                "starts": rule.starts,
                "since": value.since.isoformat(),
                "reference": value.reference,
                "basis": rule.basis,
            }
            for rule in office.deadline_rules
            for value in rule.values
        ]
    if what == "sources":
        from crawlers.source_folder import load_sources

        return [
            {"id": item.id, "title": item.title, "kind": item.kind, "shape": item.shape, "enabled": item.enabled}
            for item in load_sources(overrides=office.sources).values()
        ]
    raise CallError(f"{what!r} is none of {', '.join(KINDS)}")
