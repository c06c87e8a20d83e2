"""Errors of collecting and importing. Each names the file or address, the place in it, what was found, what to do."""

from __future__ import annotations

from collections.abc import Sequence


class CollectError(Exception):
    """Something a person has to put right before a source can be read.

    ``file`` is a path or an address, ``place`` where in it (a key, a line, a column; may be empty).
    """

    def __init__(self, file: str, place: str, found: str, do: str) -> None:
        self.file, self.place, self.found, self.do = file, place, found, do
        where = f"{file}: {place}" if place else file
        super().__init__(f"{where}: {found}: {do}")


class ImportError_(CollectError):  # noqa: N801 - the plain name is a builtin
    """A file or a map that ``huiying import`` cannot read at all; a single bad row is quarantined instead."""


class SourceMistakes(CollectError):
    """All mistakes of the folder of sources at once. ``mistakes`` holds one line each."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("crawlers/sources", "", f"{len(self.mistakes)} mistakes", "\n".join(self.mistakes))

    def __str__(self) -> str:
        return "\n".join(self.mistakes)
