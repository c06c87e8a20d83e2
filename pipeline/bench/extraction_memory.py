"""Whether reading page after page takes more and more memory."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bench import Row, row
from pipeline.settings import ROOT

ABOUT = "resident memory after 20,000 pages read by site rules ÷ after 2,000, at most 1.2"
EARLY, LATE = 2_000, 20_000
DIFFERENT = 200


def measure(store: str | None) -> list[Row]:
    """Reads made pages in a process of its own, every one with a title of its own."""
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    early, late = json.loads(done.stdout)
    detail = f"{early / 1e6:.1f} MB after {EARLY} pages, {late / 1e6:.1f} MB after {LATE}"
    return [row("extraction_memory", late / early, "ratio of resident memory", "itself earlier", 1.2, False, detail)]


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _walk() -> list[int]:
    from crawlers.extract import NO_RULES, extract_page
    from pipeline.bench._pages import made_pages

    samples, held = made_pages(DIFFERENT), []
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for index in range(1, LATE + 1):
        sample = samples[index % DIFFERENT]
        body = sample.body.replace(b"</title>", f"{index}</title>".encode(), 1)
        found = extract_page(body, sample.url, None, NO_RULES, now)
        if found.by != "rules":
            raise AssertionError(f"page {index} was read by {found.by}")
        if index in (EARLY, LATE):
            held.append(_resident())
    return held


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_walk()))
