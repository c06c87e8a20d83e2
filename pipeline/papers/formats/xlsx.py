"""A paper as a sheet: every sentence a row with the ids behind it, every table as it stands; no cell is a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.papers.paper import Paper, Sentence, Table
from pipeline.tables import Cell, to_xlsx


def to_bytes(paper: Paper) -> bytes:
    """The workbook; its first line and its foot say who had it made and when."""
    return to_xlsx(paper.title, paper.lines, _rows(paper), paper.by, paper.at)


def _rows(paper: Paper) -> Iterator[Sequence[Cell]]:
    if paper.to:
        yield [paper.to]
    for block in paper.blocks:
        if isinstance(block, Table):
            yield from (block.head, *block.rows)
        elif isinstance(block, Sentence):
            yield [block.text, "、".join(block.ids)]
        else:
            yield [block.text]
    for line in (*paper.signed, *paper.copies):
        yield [line]
