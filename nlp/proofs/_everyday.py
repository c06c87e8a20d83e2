"""Masking on everyday sentences: names as people drop them, by other patterns than those of the made letters.

Written by hand for this proof, with what is to be masked marked in place (``everyday.txt``); counted once before any
rule was looked at with them (docs/measurements.md says what that count was), since then a regression test.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.proofs._letters import Letter, Span

_FILE = Path(__file__).with_name("everyday.txt")
_MARKED = re.compile(r"\{([a-z_]+):([^}]*)\}")


def sentences() -> list[Letter]:
    """The sentences with the spans that are personal data."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [_read(line) for line in lines if line.strip() and not line.startswith("#")]


def _read(line: str) -> Letter:
    text, spans, last = "", [], 0
    for mark in _MARKED.finditer(line):
        text += line[last : mark.start()]
        span: Span = (mark[1], len(text), len(text) + len(mark[2]))
        text += mark[2]
        spans.append(span)
        last = mark.end()
    return Letter(text + line[last:], tuple(spans))
