"""Peak memory of a crawl of 20,000 pages against one of 2,000: ``python -m pipeline.proof.memory``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

MOST = 1.2


def main() -> int:
    """Crawl few, then many (the peak of children only grows); 0 when many take at most 1.2 times as much."""
    from pipeline.bench._crawls import ours, replica

    parser = argparse.ArgumentParser(prog="python -m pipeline.proof.memory")
    parser.add_argument("--few", type=int, default=2000)
    parser.add_argument("--many", type=int, default=20000)
    options = parser.parse_args()
    peaks = []
    for pages in (options.few, options.many):
        with tempfile.TemporaryDirectory() as folder, replica(pages) as base:
            peaks.append(ours(base, Path(folder), pages)[1].peak)
    ratio = peaks[1] / peaks[0]
    shown = {"few_mb": round(peaks[0], 1), "many_mb": round(peaks[1], 1), "ratio": round(ratio, 3), "bound": MOST}
    sys.stdout.write(json.dumps({**shown, "ok": ratio <= MOST}) + "\n")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
