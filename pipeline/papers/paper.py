"""A paper before it has a format: headings, sentences with what stands behind each, tables, notes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerting.text import mask_numbers, one_line
from pipeline.files import whole

TEXT_LIMIT = 200
"""Characters of one text from outside (a title, an opinion) in a paper."""


class PaperError(ValueError):
    """A paper that cannot be written: an unknown format."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement and the ids of the posts or cases behind it; none where it states that there are none."""

    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """How a figure is to be read."""

    text: str


Block = Heading | Sentence | Table | Note


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``lines`` stand under the title.

    ``at``, ``by``: when and who had it made, aware. ``official``: set as 公文 (GB/T 9704-2012: 仿宋 三号, title 二号
    小标宋); the daily report is not. ``red`` is the 发文机关标志 of a paper with a red head, ``number`` its 发文字号,
    ``to`` the 主送; ``signed`` stand at the right under the text, ``copies`` are the 抄送.
    """

    title: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    at: datetime
    by: str = "命令行"
    official: bool = False
    red: str = ""
    number: str = ""
    to: str = ""
    signed: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()

    def numbers(self) -> dict[str, int]:
        """A number for every id, by first mention from 1, so that the appendix names each once."""
        ids = (one for block in self.sentences() for one in block.ids)
        return {one: i for i, one in enumerate(dict.fromkeys(ids), start=1)}

    def sentences(self) -> list[Sentence]:
        """The sentences with something behind them; the n-th (from 1) carries the mark 依据n."""
        return [block for block in self.blocks if isinstance(block, Sentence) and block.ids]


def quote(text: str) -> str:
    """A text from outside as a paper may carry it: one line, bounded, without a whole telephone number."""
    text = uncut(text)
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def uncut(text: str) -> str:
    """A text as ``quote`` gives it, at its full length: what is to be signed is read whole."""
    return mask_numbers(one_line(text))


def ranges(numbers: Iterable[int]) -> str:
    """1、3–5 for 1, 3, 4, 5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)


def formats() -> tuple[str, ...]:
    """Suffixes that can be written, from the files in ``formats``, without importing one."""
    folder = Path(__file__).parent / "formats"
    return tuple(sorted(f".{module.name}" for module in pkgutil.iter_modules([str(folder)])))


def write(paper: Paper, out: Path) -> None:
    """Write the paper; the suffix of ``out`` decides the format. An old file is replaced whole or not at all.

    Raises PaperError for another suffix, CallError (exit 3) where the file system refuses.
    """
    suffix = out.suffix.lower()
    if suffix not in formats():
        known = " or ".join(formats())
        raise PaperError(f"{out.name}: no format {suffix or '(none)'}; write a name that ends in {known}")
    content: bytes = importlib.import_module(f"pipeline.papers.formats.{suffix[1:]}").to_bytes(paper)
    with whole(out) as file:
        file.write(content)
