"""Organisations named in a text: the office's departments by id, others by the pattern of their names.

The office's names are found by an automaton; where one name holds another the longest at a place wins. Other names
end in a suffix (物业公司, 派出所, 村委会) and are read backwards from it to the nearest break, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.dictionaries import either, word_list

# The unit of a person: 示例镇(党委)(副)书记 names 示例镇.
_OF_PERSON = (
    r"(?:镇|乡|村|街道|县|区|市|站|所|校|厂|社区|委|办)"
    rf"(?=(?:党委|党支部|支部|党总支|人大|政府)?副?(?:{either(word_list('offices'))}))"
)
_SUFFIX = re.compile(f"(?P<body>{either(word_list('bodies'))}|{_OF_PERSON})|(?P<firm>{either(word_list('firms'))})")
_STOP = re.compile(rf"[^\w()()·]|{either(word_list('unit_stops'))}")
_EDGES = "()·0123456789"
_LONGEST = 18
_SHORTEST = 3
_TOO_COMMON = frozenset(word_list("not_units"))


@dataclass(frozen=True, slots=True)
class Found:
    """A unit at ``start``…``end`` of the text searched. ``value``: the department's id, or the name as written."""

    value: str
    start: int
    end: int
    body: bool
    department: bool


class UnitFinder:
    """Finds units. ``names``: name or alias → department id; names under two characters are passed over."""

    def __init__(self, names: Mapping[str, str]) -> None:
        import ahocorasick

        self._names = {name.lower(): value for name, value in names.items() if len(name) >= 2}
        self._automaton = ahocorasick.Automaton()
        for name, value in self._names.items():
            self._automaton.add_word(name, (name, value))
        if self._names:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Found]:
        """Units in the order of the text, none inside another."""
        covered = bytearray(len(text))
        departments = self._departments(text, covered)
        others = [found for found in self._patterns(text) if 1 not in covered[found.start : found.end]]
        return sorted([*departments, *others], key=lambda found: found.start)

    def _departments(self, text: str, covered: bytearray) -> list[Found]:
        if not self._names:
            return []
        hits = [(end + 1 - len(name), end + 1, value) for end, (name, value) in self._automaton.iter(text)]
        kept: list[Found] = []
        for start, end, value in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if 1 not in covered[start:end]:
                covered[start:end] = b"\x01" * (end - start)
                kept.append(Found(value, start, end, True, True))
        return kept

    def _patterns(self, text: str) -> Iterable[Found]:
        last = 0
        for match in _SUFFIX.finditer(text):
            begin = max(last, match.end() - _LONGEST)
            head = text[begin : match.start()]
            name = text[begin + _last_stop(head) : match.end()].strip(_EDGES)
            if len(name) < _SHORTEST or name in _TOO_COMMON:
                continue
            start = match.end() - len(name)
            last = match.end()
            yield Found(name, start, match.end(), match["body"] is not None, False)


def _last_stop(head: str) -> int:
    end = 0
    for stop in _STOP.finditer(head):
        end = stop.end()
    return end


def values(found: Iterable[Found], limit: int = 8) -> list[str]:
    """Values in order, each once, departments first."""
    ordered = sorted(found, key=lambda unit: (not unit.department, unit.start))
    return list(dict.fromkeys(unit.value for unit in ordered))[:limit]
