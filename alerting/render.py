"""The Chinese texts of notices, from ``templates/<kind>.txt.j2``; what a kind is called: ``casework.domain.notice``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from alerting.text import OFFICE_BASIS, mask_numbers, one_line
from casework.domain.errors import DomainError
from casework.domain.notice import NAMES
from casework.domain.times import parse_time, short_time

FOLDER = Path(__file__).parent / "templates"
SHARED = {
    "assigned_co": "assigned",
    "informed": "assigned",
    "urged": "escalated",
    "circulated": "escalated",
    "alarm_over": "source_well",
    "graver": "review_needed",
}
"""Kinds that share another kind's text, under their own name."""
KEYS = frozenset(
    (
        "case_id",
        "title",
        "department",
        "place",
        "severity_label",
        "due",
        "rule_title",
        "reference",
        "basis",
        "time_left",
        "reason",
        "state",
        "heat",
        "link",
        "action",
        "count",
        "ack",
    )
)
UNTITLED = "（无标题）"
SUBJECT_LIMIT = 60
_SHORTENED = (
    "title",
    "reason",
    "place",
    "action",
    "state",
    "heat",
    "count",
    "severity_label",
    "rule_title",
    "reference",
    "department",
)
"""What gives way under a length limit, in this order; number, due moment and link never do."""


class RenderError(ValueError):
    """A notice that cannot be written: unknown kind, a fact missing or unknown, a limit too small."""


def kinds() -> tuple[str, ...]:
    """The kinds of notice that have a text, sorted."""
    names = [path.name.removesuffix(".txt.j2") for path in FOLDER.glob("*.txt.j2")]
    return tuple(sorted([*SHARED, *(name for name in names if not name.startswith("_"))]))


def render(
    kind: str, facts: Mapping[str, object], limit: int | None = None, folder: Path | None = None
) -> tuple[str, str]:
    """Subject and body of a notice; with ``limit`` (characters of the body) the short text if need be.

    ``folder``: the office's own texts (``config/templates``); a kind without one there has the text that ships.

    Facts, text that is read as it is: ``case_id``, ``title`` (masked), ``department`` (its name), ``place``,
    ``severity_label`` (较大), ``rule_title`` (首次回应), ``reference`` (number and clause), ``reason``,
    ``state``, ``heat``, ``count`` (how many it stands for), ``link``, ``ack`` (link to say that it was read),
    ``action`` (what to do; each kind has its own where it is absent). And
    ``due``: a moment, also as RFC 3339 text, is shown in +08:00 as 11月25日 09:00; other text as it is.
    ``basis``: ``office`` shows 本单位设定（无上级条文） in place of the reference, never as law.
    ``time_left``: a timedelta, negative when over, or text; see the function of that name.
    A key that is absent, None or empty loses its line, save those the kind cannot do without: a
    RenderError names them. An unknown key is a RenderError too, for it is a line that would be lost.
    """
    if kind not in kinds():
        raise RenderError(f"kind: no text for {kind!r}; known: {', '.join(kinds())}")
    unknown = sorted(set(facts) - KEYS)
    if unknown:
        raise RenderError(f"{kind}: unknown fact {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    values = _values(facts)
    subject = _fit(kind, "subject", values, SUBJECT_LIMIT, folder)
    # Both texts each time: a missing fact must not show itself only when a body happens to be long.
    body, _ = _block(kind, "body", values, folder), _block(kind, "short", values, folder)
    if limit is not None and len(body) > limit:
        body = _fit(kind, "short", values, limit, folder)
    return subject, body


def time_left(due: datetime, now: datetime) -> str:
    """还有 3 小时 20 分, 已超时 2 天 1 小时: two units, rounded down."""
    return _spell(due - now)


def _spell(left: timedelta) -> str:
    seconds = left.total_seconds()
    minutes = int(abs(seconds) // 60)
    if minutes == 0:
        return "不足 1 分钟" if seconds > 0 else "刚刚超时"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} 天", f"{hours} 小时"] if days else [f"{hours} 小时", f"{rest} 分"]
    spelled = " ".join(part for part in parts if not part.startswith("0 "))
    return f"还有 {spelled}" if seconds > 0 else f"已超时 {spelled}"


def _values(facts: Mapping[str, object]) -> dict[str, str]:
    values = {"title": UNTITLED}
    for key, value in facts.items():
        text = _text(key, value)
        if text:
            values[key] = text
    clause = OFFICE_BASIS if values.get("basis") == "office" else values.get("reference", "")
    if clause:
        values["reference"] = clause
    return values


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return _spell(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise RenderError(f"{key}: a time without offset")
        return short_time(value)
    text = one_line(str(value))
    if key == "due":
        try:
            return short_time(parse_time(text))
        except DomainError:
            return text
    return text if key in ("case_id", "link", "ack") else mask_numbers(text)


@cache
def environment(folder: Path | None) -> SandboxedEnvironment:
    """What reads the texts: those of ``folder`` before those that ship. An office's text can run nothing."""
    own = [FileSystemLoader(folder)] if folder is not None else []
    # Plain text, not HTML: nothing to escape. A channel with a markup of its own escapes for itself.
    return SandboxedEnvironment(
        loader=ChoiceLoader([*own, FileSystemLoader(FOLDER)]),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def file_of(kind: str) -> str:
    """The name of the file that holds a kind's text."""
    return f"{SHARED.get(kind, kind)}.txt.j2"


def _template(kind: str, folder: Path | None) -> Template:
    found = environment(folder)
    own = f"{kind}.txt.j2"
    # A kind that shares a text may still be given its own.
    return found.get_template(own if kind in SHARED and own in found.list_templates() else file_of(kind))


def _block(kind: str, name: str, values: Mapping[str, str], folder: Path | None) -> str:
    template = _template(kind, folder)
    try:
        text = "".join(template.blocks[name](template.new_context({**values, "name": NAMES[kind]})))
    except UndefinedError as error:
        raise RenderError(f"{kind}: a fact is missing: {error.message}; give it a value") from None
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def _fit(kind: str, name: str, values: Mapping[str, str], limit: int, folder: Path | None) -> str:
    """The block within ``limit`` characters, the less needed facts cut first, with … where they were."""
    short = dict(values)
    text = _block(kind, name, short, folder)
    for key in _SHORTENED:
        over = len(text) - limit
        if over <= 0:
            return text
        value = short.get(key)
        if value is None or value not in text:
            continue
        keep = len(value) - over - 1
        short[key] = value[:keep].rstrip() + "…" if keep > 0 else "…"
        text = _block(kind, name, short, folder)
    if len(text) > limit:
        raise RenderError(f"{kind}: {limit} characters are too few for the {name}; at least {len(text)} are needed")
    return text
