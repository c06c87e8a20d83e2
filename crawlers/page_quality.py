"""How well articles are read, on real pages with known answers: ``python -m crawlers.page_quality ../shared/pages``.

The pages lie beside the project, never in it. Pages of a site that has rules in ``page_rules`` are judged once with
them and once without (leave one site out): the second tells how a site nobody wrote rules for will be read.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from casework.domain.times import SHANGHAI
from crawlers.extract import NO_RULES, Found, extract_page
from crawlers.page_rules import site_of

SOURCES_FILE = Path(__file__).parent / "page_sources.yml"
LOST = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """One page. ``body`` is F1 over bags of characters without white space; None where nothing is known."""

    file: str
    by: str
    body: float
    title: bool
    date: bool | None
    author: bool | None
    source: bool | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over pages; ``lost`` counts bodies below 0.5."""

    pages: int
    body: float
    lost: int
    title: float
    date: float
    author: float
    source: float
    sources: int


def gold_pages(folder: Path) -> list[dict[str, Any]]:
    """Entries of ``folder/news/gold.json``. Raises OSError or ValueError where it is missing or broken."""
    entries: list[dict[str, Any]] = json.loads((folder / "news" / "gold.json").read_text(encoding="utf-8"))
    return entries


def judge(folder: Path, leave_out: bool, now: datetime) -> list[Judged]:
    """Read every page with gold, as one of its site; ``leave_out``: without address and the site's rules."""
    sources: dict[str, str] = yaml.safe_load(SOURCES_FILE.read_text(encoding="utf-8"))
    judged = []
    for entry in gold_pages(folder):
        url, without = (None, site_of(address_of(entry))) if leave_out else (address_of(entry), None)
        found = extract_page((folder / entry["file"]).read_bytes(), url, None, NO_RULES, now, without)
        judged.append(_judged(entry, found, sources.get(entry["file"])))
    return judged


def address_of(entry: dict[str, Any]) -> str:
    """An address on the page's site; the gold names the site, not the page's own address."""
    found = re.search(r"[a-z0-9.-]+\.[a-z]+", entry["site"].replace("money.163.com", "163.com"))
    return f"https://{found.group() if found else 'unknown.example'}/"


def figures(judged: Sequence[Judged]) -> Figures:
    """The means. Raises ZeroDivisionError for no pages."""
    return Figures(
        pages=len(judged),
        body=sum(page.body for page in judged) / len(judged),
        lost=sum(page.body < LOST for page in judged),
        title=_share([page.title for page in judged]),
        date=_share([page.date for page in judged]),
        author=_share([page.author for page in judged]),
        source=_share([page.source for page in judged]),
        sources=sum(page.source is not None for page in judged),
    )


def f1(found: str, gold: str) -> float:
    """F1 over bags of characters, white space removed."""
    one, two = (Counter(re.sub(r"\s+", "", text)) for text in (found, gold))
    common = sum((one & two).values())
    return 2 * common / (sum(one.values()) + sum(two.values())) if common else 0.0


def _judged(entry: dict[str, Any], found: Found, source: str | None) -> Judged:
    day = found.moment.at.astimezone(SHANGHAI).strftime("%Y-%m-%d") if found.moment else None
    names = entry["authors_any_of"]
    return Judged(
        file=entry["file"],
        by=found.by,
        body=f1(found.text, entry["body"]),
        title=found.title == entry["title"].strip(),
        date=day == entry["date"][:10] if entry.get("date") else None,
        author=any(name in (found.author or "") for name in names) if names else None,
        source=found.source == source if source else None,
    )


def _share(values: Sequence[bool | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def table(folder: Path, now: datetime) -> list[str]:
    """Lines of the table in docs/measurements.md, then one a page that is not right without its site's rules."""
    columns = ("rules", "pages", "body F1", "lost", "title exact", "date", "author", "source (of pages)")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name, leave_out in (("with the site's rules", False), ("leave one site out", True)):
        got = figures(judge(folder, leave_out, now))
        shares = f"{got.title:.2f} | {got.date:.2f} | {got.author:.2f} | {got.source:.2f} ({got.sources})"
        lines.append(f"| {name} | {got.pages} | {got.body:.3f} | {got.lost} | {shares} |")
    for page in judge(folder, True, now):
        wrong = [name for name in ("title", "date", "author", "source") if getattr(page, name) is False]
        if wrong or page.body < 0.95:
            lines.append(f"{page.body:.3f} {page.by:12} {page.file} {' '.join(wrong)}".rstrip())
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(Path(sys.argv[1]), datetime.now(UTC))) + "\n")
