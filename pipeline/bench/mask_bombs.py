"""Masking of texts made to be slow: more than a megabyte of one short piece, for every pattern."""

from __future__ import annotations

import math
import time

from pipeline.bench import Row, row

ABOUT = (
    "masking 1.2 million characters of one piece: greatest exponent of the cost over four times the text, at most 1.3"
)
SMALL = 300_000
LARGE = 1_200_000


def measure(store: str | None) -> list[Row]:
    """One row: the greatest exponent of all pieces; 1 is linear, 2 quadratic."""
    from nlp.masking import find
    from nlp.proofs._bombs import BOMBS

    worst, slowest, piece = 0.0, 0.0, ""
    find("我叫王建国")  # loads the dictionary
    for bomb in BOMBS:
        cost = []
        for size in (SMALL, LARGE):
            text = bomb * (size // len(bomb))
            started = time.process_time()
            find(text)
            cost.append(max(time.process_time() - started, 0.001))
        exponent = math.log(cost[1] / cost[0]) / math.log(LARGE / SMALL)
        slowest = max(slowest, cost[1])
        if exponent > worst:
            worst, piece = exponent, bomb
    detail = f"{len(BOMBS)} pieces, worst {piece!r}; the slowest of {LARGE:,} characters takes {slowest:.2f} CPU s"
    return [row("mask_bombs", worst, "exponent", "linear time", 1.3, False, detail)]
