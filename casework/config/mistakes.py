"""A mistake in an office's folder, said so that the person who wrote the file can put it right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

ERROR, WARNING = "error", "warning"
_LIMITS = {
    "greater_than_equal": ("write {} or more", "ge"),
    "greater_than": ("write more than {}", "gt"),
    "less_than_equal": ("write {} or less", "le"),
    "less_than": ("write less than {}", "lt"),
    "too_long": ("write {} or fewer entries", "max_length"),
    "too_short": ("write {} or more entries", "min_length"),
}
"""pydantic's kind of error → what to write, and the limit's name."""
MOST = 24
"""Words that a mistake lists at most; the nearest one is named before them."""
_WRITE = {
    "string_type": "write text (in quotes where it looks like a number)",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "bool_type": "write true or false",
    "list_type": "write a list: [one, two]",
    "dict_type": "write keys with values",
    "model_type": "write keys with values",
    "model_attributes_type": "write keys with values",
    "invalid_key": "write a key that is text",
}
"""pydantic's kind of error → what to write instead."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: ``file:line: path: found: what to write``. A ``warning`` does not stop the office from working.

    ``line`` counts from 1; None where the mistake has no place in the file (a file that is missing).
    """

    file: str
    path: str
    found: str
    write: str
    severity: str = ERROR
    line: int | None = None

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line}: {self.path}: {self.found}: {self.write}"


class ConfigError(ValueError):
    """The folder cannot be used. ``mistakes`` are all of its errors; the message has one a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def path_of(loc: Sequence[int | str]) -> str:
    """("rules", 3, "to") as people read it: ``rules[3].to``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(the whole file)"


def shown(value: object) -> str:
    """A value as found in a file, short: text in quotes, a list or mapping by its kind."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value if not isinstance(value, str) or len(value) <= 40 else value[:40] + "…")


def one_of(word: object, known: Iterable[str], what: str = "") -> str:
    """``no such department; did you mean housing? write one of …``, for a word that is not among ``known``."""
    names = tuple(known)
    near = difflib.get_close_matches(str(word), names, n=1, cutoff=0.75)
    parts = [f"no such {what};"] if what else []
    if near:
        parts.append(f"did you mean {near[0]}?")
    shown_names = [*names[:MOST], f"… ({len(names)} in all)"] if len(names) > MOST + 1 else names
    return " ".join([*parts, f"write one of {', '.join(shown_names) or '(there is none yet)'}"])


def from_pydantic(file: str, model: type[BaseModel], error: ValidationError) -> list[Mistake]:
    """Every complaint of a model about a file."""
    return [_mistake(file, model, detail) for detail in error.errors(include_url=False)]


def _mistake(file: str, model: type[BaseModel], detail: Any) -> Mistake:
    kind, given = detail["type"], detail["input"]
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    path = path_of(loc)
    owner = _owner(model, loc[:-1])
    if kind == "missing":
        field = owner.model_fields.get(str(loc[-1])) if owner else None
        about = f": {field.description}" if field and field.description else ""
        return Mistake(file, path, "missing", f"write {loc[-1]}{about}")
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in owner.model_fields.items()] if owner else []
        return Mistake(file, path, "unknown key", one_of(loc[-1], known))
    if kind == "literal_error":
        names = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return Mistake(file, path, shown(given), f"write one of {names}")
    if kind in _LIMITS:
        text, limit = _LIMITS[kind]
        return Mistake(file, path, shown(given), text.format(detail["ctx"][limit]))
    found, _, write = detail["msg"].removeprefix("Value error, ").rpartition("|")
    return Mistake(file, path, found or shown(given), _WRITE.get(kind) or write)


def _owner(model: type[BaseModel], loc: Sequence[int | str]) -> type[BaseModel] | None:
    """The model in which the last part of a path stands."""
    owner = model
    for part in loc:
        if isinstance(part, int):
            continue
        found = [field for name, field in owner.model_fields.items() if part in (name, field.alias)]
        if not found:
            continue  # a key of a mapping, whose values are of the model found before
        inner = _inner(found[0].annotation)
        if inner is None:
            return None
        owner = inner
    return owner


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``list[Model]``, ``dict[str, Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := _inner(argument):
            return found
    return None
