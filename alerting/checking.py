"""``config check`` of the texts: every notice is written with the longest values, for every channel's length."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.meta import find_undeclared_variables

from alerting.load import ChannelConfigError, channels
from alerting.render import FOLDER, KEYS, RenderError, environment, file_of, kinds, render

BLOCKS = ("subject", "body", "short")
NEEDED = frozenset(("case_id", "link"))
"""What a short text cannot do without."""
LONGEST = {
    "case_id": "case:people_board:" + "9" * 30,
    "link": "https://huiying.example.gov.cn/cases/" + "9" * 80,
    "ack": "https://huiying.example.gov.cn/ack/" + "x" * 160,
}
"""What is never cut, as long as it gets."""


@dataclass(frozen=True, slots=True)
class TextMistake:
    """One mistake: ``file:line: found: what to write``; ``line`` counts from 1."""

    file: str
    line: int | None
    found: str
    write: str

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line}: {self.found}: {self.write}"


def longest() -> dict[str, object]:
    """Facts far longer than real ones; what is never cut at its real longest."""
    late = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    words = dict.fromkeys(sorted(KEYS - {"due", "basis", "time_left"}), "很长的文字" * 400)
    return {**words, **LONGEST, "due": late, "basis": "law", "time_left": timedelta(days=-365, hours=-23)}


def check_templates(folder: Path, plan: Mapping[str, Any], shown: str) -> list[TextMistake]:
    """Every mistake of the texts in force. ``folder``: the office's own, which need not be there, called ``shown``.

    ``plan``: the parsed ``channels.yml``; its channels say how long a text may be.
    """
    own = folder if folder.is_dir() else None
    found = list(_own_files(own, shown)) if own else []
    for name in sorted({path.name for where in (own, FOLDER) if where for path in where.glob("*.j2")}):
        mine = own is not None and (own / name).is_file()
        found += _fields(own, name, f"{shown}/{name}" if mine else f"{FOLDER.name}/{name}")
    return found or list(_rendered(own, shown, lengths(plan)))


def lengths(plan: Mapping[str, Any]) -> dict[str, int]:
    """Channel → most characters of a body; only of channels that have such a limit, switched on or not."""
    found = {}
    for name, entry in (plan.get("channels") or {}).items():
        settings = (entry or {}).get("settings") or {}
        # A limit does not depend on secrets: any word will do.
        environ = {str(value): "https://127.0.0.1/x" for key, value in settings.items() if str(key).endswith("_env")}
        try:
            built = channels({name: {**(entry or {}), "enabled": True}}, environ)
        except ChannelConfigError:
            continue  # said elsewhere
        characters = built[name].limits.characters
        if characters is not None:
            found[str(name)] = characters
    return found


def _own_files(folder: Path, shown: str) -> Iterator[TextMistake]:
    known = sorted({f"{kind}.txt.j2" for kind in kinds()} | {path.name for path in FOLDER.glob("_*.j2")})
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            near = difflib.get_close_matches(path.name, known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            yield TextMistake(
                f"{shown}/{path.name}", None, "no notice has this text", f"{hint}take it out or rename it"
            )


def _fields(folder: Path | None, name: str, shown: str) -> Iterator[TextMistake]:
    """Fields that no notice has, and what cannot be read; each with its line."""
    found = environment(folder)
    try:
        source = found.loader.get_source(found, name)[0] if found.loader else ""
        tree = found.parse(source)
    except UnicodeDecodeError:
        yield TextMistake(shown, None, "not UTF-8", "save it as UTF-8")
        return
    except TemplateSyntaxError as error:
        yield TextMistake(
            shown, error.lineno, f"cannot be read ({error.message})", "correct it; see the texts that ship"
        )
        return
    for field in sorted(find_undeclared_variables(tree) - KEYS - {"name"}):
        lines = [node.lineno for node in tree.find_all(nodes.Name) if node.name == field]
        near = difflib.get_close_matches(field, KEYS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        yield TextMistake(
            shown, min(lines), f"unknown field {field!r}", f"{hint}write one of {', '.join(sorted(KEYS))}"
        )
    if not name.startswith("_"):
        missing = [block for block in BLOCKS if block not in {node.name for node in tree.find_all(nodes.Block)}]
        for block in missing:
            yield TextMistake(shown, 1, f"no block {block!r}", f"write {{% block {block} %}} … {{% endblock %}}")


def _rendered(folder: Path | None, shown: str, most: Mapping[str, int]) -> Iterator[TextMistake]:
    facts = longest()
    for kind in kinds():
        name = file_of(kind)
        own = folder is not None and ((folder / name).is_file() or (folder / f"{kind}.txt.j2").is_file())
        where = f"{shown if own else FOLDER.name}/{name}"
        for channel, limit in (("", None), *most.items()):
            try:
                body = render(kind, facts, limit, folder)[1]
            except RenderError as error:
                yield TextMistake(where, None, str(error), f"shorten it for {channel}" if channel else "correct it")
                break
            except (TemplateError, SecurityError, TypeError, ValueError) as error:
                yield TextMistake(where, None, f"cannot be written ({type(error).__name__}: {error})", "correct it")
                break
            if any(LONGEST[key] not in body for key in NEEDED):
                yield TextMistake(where, None, "number or link is missing", "write {{ case_id }} and {{ link }}")
                break
