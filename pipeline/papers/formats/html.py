"""A paper as one HTML page that needs nothing beside it, made to be read and to be printed."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.papers.paper import Paper, ranges

_FOLDER = Path(__file__).parents[1] / "templates"


def to_bytes(paper: Paper) -> bytes:
    """The page in UTF-8."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    numbers = paper.numbers()
    marks = {id(block): i for i, block in enumerate(paper.sentences(), start=1)}
    page = environment.get_template("paper.html.j2").render(
        paper=paper,
        numbers=numbers,
        blocks=[(type(block).__name__, block, marks.get(id(block))) for block in paper.blocks],
        behind=[ranges(numbers[one] for one in sentence.ids) for sentence in paper.sentences()],
    )
    return page.encode("utf-8")
