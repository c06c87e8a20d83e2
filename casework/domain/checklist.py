"""The checklist of an emergency, as the office wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One line: of whose part (职责), what to do, by which clause, and whether the track may end without it."""

    id: str
    part: str
    text: str
    reference: str = ""
    required: bool = True
