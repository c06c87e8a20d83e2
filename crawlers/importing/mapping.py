"""The map of an export: which column is what. Strict, like every configuration file."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from casework.domain.post import COUNTS, FORBIDDEN_EXTRA
from crawlers.errors import ImportError_
from crawlers.key_mistakes import found_and_hint
from crawlers.source_base import Part, Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Names = Annotated[
    tuple[Text, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value), Field(min_length=1)
]
"""A column, or several: the first that the file has and that is filled in the row."""
UNIX = "unix"
_FIELDS = ("title", "text", "published_at", "author", "place", "url")
_REPLY = ("organisation", "text", "at", "state")


class IdRule(Part):
    """The row's own id: a column, or a hash over columns where the export has none."""

    column: Names | None = None
    hash: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> IdRule:
        if (self.column is None) == (not self.hash):
            raise ValueError("write either column: NAME or hash: [NAME, …]")
        return self


class Truth(Part):
    """A column that says yes or no, and the words that mean yes."""

    column: Names
    when: Annotated[tuple[str, ...], Field(min_length=1)] = ("1", "true", "True", "是")


class ImportMap(Part):
    """Which column of an export becomes which field of a post. Columns not named here are not taken over."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    kind: Literal["news", "weibo", "message", "hotline"]
    id: IdRule
    columns: dict[str, Names]
    """Field → column; ``text`` and ``published_at`` are needed, ``title author place url`` may be."""
    labels: dict[str, Names] = Field(default_factory=dict)
    counts: dict[str, Names] = Field(default_factory=dict)
    reply: dict[str, Names] = Field(default_factory=dict)
    extra: dict[str, Names] = Field(default_factory=dict)
    truncated: Truth | None = None
    gone: Truth | None = None
    """Where a row shows only a notice in place of what was there: it is put aside."""
    optional: tuple[Text, ...] = ()
    """Columns that some exports of this kind do not have; their fields are then absent."""
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Column → value as exported → value to take."""
    defaults: dict[str, str] = Field(default_factory=dict)
    """Field → value where the cell is empty; never for ``published_at``."""
    dates: tuple[str, ...] = ()
    """strptime forms or ``unix`` (seconds since 1970), in this order; then what ``crawlers.dates`` knows."""
    zone: Annotated[str, Field(pattern=r"^[+-]\d{2}:\d{2}$")] = "+08:00"
    """Offset of times that carry none."""
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1)] = ","
    sheet: str | None = None
    """Name of the sheet; default: the first."""

    @model_validator(mode="after")
    def _known_fields(self) -> ImportMap:
        for name, fields, known in (
            ("columns", self.columns, _FIELDS),
            ("counts", self.counts, COUNTS),
            ("reply", self.reply, _REPLY),
            ("defaults", self.defaults, tuple(field for field in _FIELDS if field != "published_at")),
        ):
            for field in fields:
                if field not in known:
                    raise ValueError(f"{name}.{field}: no such field; write one of {', '.join(known)}")
        for field in ("text", "published_at"):
            if field not in self.columns:
                raise ValueError(f"columns.{field}: missing; name the column")
        for field in FORBIDDEN_EXTRA.intersection(self.extra):
            raise ValueError(f"extra.{field}: personal data is not taken over; take the line out")
        for column in self.values:
            if column not in self.named():
                raise ValueError(f"values.{column}: no field takes this column; name one that does")
        return self

    def needed(self) -> tuple[Names, ...]:
        """Of each of these groups the file must have a column; in the order of the map."""
        return tuple(names for names in self._groups() if not set(names) & set(self.optional))

    def named(self) -> tuple[str, ...]:
        """All columns that the map names, each once, in the order of the map."""
        return tuple(dict.fromkeys(name for names in self._groups() for name in names))

    def _groups(self) -> tuple[Names, ...]:
        groups = [*([self.id.column] if self.id.column else []), *((name,) for name in self.id.hash)]
        for fields in (self.columns, self.labels, self.counts, self.reply, self.extra):
            groups.extend(fields.values())
        groups.extend([self.truncated.column] if self.truncated else [])
        groups.extend([self.gone.column] if self.gone else [])
        return tuple(dict.fromkeys(groups))

    def offset(self) -> timezone:
        """``zone`` as a time zone."""
        hours, minutes = self.zone[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if self.zone.startswith("-") else offset)


def load_map(path: Path) -> ImportMap:
    """Read a map. Raises ImportError_ with every mistake: file: key: found: what to write."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportError_(str(path), "", "no such map", "give the path of a map, see config/imports/") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ImportError_(str(path), "", " ".join(str(error).split()), "correct the file") from None
    try:
        return ImportMap.model_validate(value)
    except ValidationError as error:
        problems = [_problem(item) for item in error.errors()]
        raise ImportError_(str(path), "", "; ".join(problems), "correct the map, see config/imports/") from None


def _problem(item: ErrorDetails) -> str:
    place = ".".join(str(part) for part in item["loc"])
    found, hint = found_and_hint(item, tuple(ImportMap.model_fields) if len(item["loc"]) == 1 else ())
    return f"{place}: {found}: {hint}" if place else hint
