"""Reading articles against readability-lxml alone, on the same pages."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.bench import Row, row
from pipeline.settings import ROOT

if TYPE_CHECKING:
    from pipeline.bench._pages import Sample

ABOUT = (
    "pages read a CPU second ÷ readability-lxml alone on the same pages: without site rules at least 0.5, at better "
    "body F1; with site rules at least 3"
)
PEER = "readability-lxml alone, same pages"
MADE = 120
ROUNDS = 5


def measure(store: str | None) -> list[Row]:
    """Three rows on the real pages where they are present, else on made ones. We read all fields, the peer the text."""
    from pipeline.bench._pages import made_pages, real_pages

    pages = real_pages(Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "pages")
    what = "real" if pages else "made"
    pages = pages or made_pages(MADE)
    general = [page for page in pages if _read(page, False)[1] in ("readability", "trafilatura")]
    ruled = [page for page in pages if page.site and _read(page, True)[1] == "rules"]
    return [*_general_rows(general, what), _ruled_row(ruled, what)]


def _general_rows(pages: Sequence[Sample], what: str) -> list[Row]:
    from crawlers.page_quality import f1

    value, runs = _ratio(pages, lambda page: _read(page, False))
    ours = statistics.fmean(f1(_read(page, False)[0], page.text) for page in pages)
    peers = statistics.fmean(f1(_peer(page), page.text) for page in pages)
    detail = f"{len(pages)} {what} pages without their sites' rules, all fields; {runs}"
    shown = f"{ours:.3f} against {peers:.3f}"
    return [
        row("extraction_fallback", value, "ratio of pages per CPU s", PEER, 0.5, True, detail),
        row("extraction_fallback_f1", ours - peers, "body F1 above the peer's", PEER, 0.0, True, shown),
    ]


def _ruled_row(pages: Sequence[Sample], what: str) -> Row:
    value, runs = _ratio(pages, lambda page: _read(page, True))
    detail = f"{len(pages)} {what} pages by their sites' rules, all fields; {runs}"
    return row("extraction_rules", value, "ratio of pages per CPU s", PEER, 3.0, True, detail)


def _ratio(pages: Sequence[Sample], ours: Callable[[Sample], object]) -> tuple[float, str]:
    """Median over rounds, the two taking turns; and what each round took."""
    rounds = [(_seconds(pages, _peer), _seconds(pages, ours)) for _ in range(ROUNDS)]
    shown = ", ".join(f"{peer:.2f}/{own:.2f}" for peer, own in rounds)
    return statistics.median(peer / own for peer, own in rounds), f"CPU s of the peer/ours by round: {shown}"


def _seconds(pages: Sequence[Sample], read: Callable[[Sample], object]) -> float:
    started = time.process_time()
    for page in pages:
        read(page)
    return time.process_time() - started


def _read(page: Sample, with_rules: bool) -> tuple[str, str]:
    from crawlers.extract import NO_RULES, extract_page

    url, without = (page.url, None) if with_rules else (None, page.site)
    found = extract_page(page.body, url, None, NO_RULES, datetime(2026, 11, 24, tzinfo=UTC), without)
    return found.text, found.by


def _peer(page: Sample) -> str:
    """The peer's text, from bytes too: its summary, and the text of that."""
    from lxml import html
    from readability import Document

    from crawlers.encoding import decode

    summary = Document(decode(page.body)[0]).summary(html_partial=True)
    return html.fromstring(summary).text_content()  # type: ignore[no-any-return]
