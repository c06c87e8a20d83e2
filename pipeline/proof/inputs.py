"""The real input, read from ``../shared`` and kept nowhere: exports to import, posts and pages to serve."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casework.domain.times import show_time
from pipeline.settings import ROOT

if TYPE_CHECKING:
    from crawlers.replica import SavedPage

NOW = "2026-11-24T12:00:00+08:00"
"""The fixed moment of the run; every source is collected and every export imported then."""
LATER = ("2026-11-25T12:00:00+08:00", "2026-12-02T12:00:00+08:00", "2026-12-18T12:00:00+08:00")
"""The three moments at which what is overdue is counted."""
EXPORTS = (
    ("taidi_c_attach3_messages", "taidi_messages"),
    ("taidi_c_attach2_test_unlabelled", "taidi_messages"),
    ("ldly_hangzhou_small", "hangzhou_board"),
)
"""(file in shared/data, map in config/imports)."""
MAPS = ROOT / "config" / "imports"
EPOCH = 515_483_463
"""Seconds added to a Weibo id's upper bits to get its Unix time."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Export files with their maps, Weibo posts, news pages, and how many rows each has."""

    exports: tuple[tuple[Path, Path], ...]
    weibo: list[dict[str, Any]]
    pages: list[SavedPage]
    rows: dict[str, int]


def read(shared: Path, folder: Path, every: int) -> Inputs:
    """Take every ``every``-th row of each input (1: all); exports are written to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, exports = {}, []
    for name, map_ in EXPORTS:
        target = folder / f"{name}.csv"
        rows[name] = _thin(shared / "data" / f"{name}.csv.gz", target, every)
        exports.append((target, MAPS / f"{map_}.yml"))
    weibo = list(_weibo(shared / "data" / "weibo2018_train.csv.gz"))[::every]
    pages = _pages(shared / "pages" / "news")[::every]
    rows |= {"weibo2018_train": len(weibo), "news pages": len(pages)}
    return Inputs(tuple(exports), weibo, pages, rows)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _thin(source: Path, target: Path, every: int) -> int:
    chosen = list(_table(source))[::every]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(chosen[0]))
        writer.writeheader()
        writer.writerows(chosen)
    return len(chosen)


def _weibo(path: Path) -> Iterator[dict[str, Any]]:
    for row in _table(path):
        at = datetime.fromtimestamp((int(row["mid"]) >> 22) + EPOCH, UTC)
        yield {
            "source": "weibo",
            "native_id": row["mid"],
            "kind": "weibo",
            "text": row["text"],
            "published_at": show_time(at),
            "collected_at": NOW,
        }


def _pages(folder: Path) -> list[SavedPage]:
    from crawlers.replica import saved_pages

    return saved_pages(folder)
