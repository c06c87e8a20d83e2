"""Word lists of the rules, one a file: words between blanks, lines that begin with ``#`` say what the list is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The words of ``name.txt`` in the order of the file."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def either(listed: Iterable[str]) -> str:
    """A pattern (without group) that matches any of the words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(set(listed), key=lambda word: (-len(word), word)))
