"""Reading of YAML: safe, duplicate keys refused, and no value read as something its writer did not mean.

YAML 1.1 makes 13:00 the number 780, ``no`` the value false and 2026-01-01 a date. Here only true, false, null and
plain numbers are more than text; times and dates stay text and are read by the fields that want them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from casework.config.mistakes import Mistake

if TYPE_CHECKING:
    from yaml import SafeLoader as _Base
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """The safe loader with fewer guesses; ``duplicates`` are (line from 1, key)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.duplicates: list[tuple[int, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping; keys written twice are noted. A key that is itself a list or mapping is refused by YAML."""
        seen: set[object] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    self.duplicates.append((key.start_mark.line + 1, key.value))
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("null", r"^(?:~|null|)$", "~n\0"),
    ("merge", r"^<<$", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^$"), [""])


def read_yaml(path: Path, file: str) -> tuple[Any, list[Mistake]]:
    """The value of a file and what is wrong with it as YAML; ``file`` is its name in the mistakes."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is not UTF-8"
        return None, [Mistake(file, "(the whole file)", found, "save the file as UTF-8")]
    except OSError as error:
        return None, [Mistake(file, "(the whole file)", f"cannot be read ({error.strerror})", "make it readable")]
    try:
        loader = _Loader(text)
        value = loader.get_single_data()
    except (yaml.YAMLError, ValueError) as error:
        return None, [_broken(file, error)]
    if value is None:
        return None, [Mistake(file, "(the whole file)", "empty", "write its keys")]
    write = "write each key once; take one of the two out"
    return value, [Mistake(file, f"line {line}", f"key {key!r} twice", write) for line, key in loader.duplicates]


def _broken(file: str, error: Exception) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "(the whole file)"
    problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    return Mistake(file, place, f"not YAML ({problem})", "indent with spaces, close quotes and brackets")


def line_of(path: Path, place: str) -> int | None:
    """The line, from 1, of ``place`` (``rules[3].to``) in a file; the nearest thing around it where it is not there.

    None where no part of it is there, or the file is no YAML.
    """
    try:
        node = _nodes(path.read_bytes())
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError):
        return None
    line = None
    parts = [int(index) if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place)]
    for found in takewhile(bool, _steps(node, parts)):
        line = found.start_mark.line + 1
    return line


@lru_cache(maxsize=4)
def _nodes(data: bytes) -> Any:
    return _Loader(data.decode("utf-8-sig")).get_single_node()


def _steps(node: Any, parts: list[Any]) -> Iterator[Any]:
    """The node at which each part of a place is written: the key of a mapping, the entry of a list."""
    for part in parts:
        at, node = _inside(node, part)
        yield at


def _inside(node: Any, part: Any) -> tuple[Any, Any]:
    if isinstance(node, yaml.MappingNode):
        found = [(key, value) for key, value in node.value if key.value == str(part)]
        return found[0] if found else (None, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None, None
