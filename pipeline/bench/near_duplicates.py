"""Near-duplicates by sketch against every pair compared, on a made set and on real texts where they are present."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.bench import Row, row
from pipeline.settings import ROOT

ABOUT = (
    "near-duplicates a CPU second, at least 10,000 documents, at a pair F1 of at least 0.99 against all pairs compared"
)
TEXTS = 20_000
JACCARD = 0.5
SHORTEST = 8


def measure(store: str | None) -> list[Row]:
    """Two rows a set of texts: documents per CPU second, and F1 of its pairs against the exact ones."""
    from pipeline.bench import _reprints

    rows = _of_set("near_duplicates", _reprints.made_texts(TEXTS), "made")
    folder = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "data"
    real = _reprints.real_texts(folder, 2 * TEXTS)
    return rows + (_of_set("near_duplicates_real", real, "real") if real else [])


def _of_set(name: str, texts: Sequence[str], what: str) -> list[Row]:
    from nlp.near_duplicates import key_of
    from pipeline.bench import _reprints

    texts = _different(texts)
    found, seconds = _found(texts)
    keys = [key_of(None, text) for text in texts]
    exact = _reprints.exact_pairs(keys, JACCARD)
    right = len(found & exact)
    f1 = 2 * right / max(1, len(found) + len(exact))
    letters = sum(map(len, keys)) / len(keys)
    detail = (
        f"{len(texts)} different {what} texts of {letters:.0f} letters on average, {seconds:.2f} CPU s; "
        f"{len(exact)} exact pairs, {len(exact) - right} missed, {len(found) - right} too many"
    )
    against = f"all pairs of Jaccard >= {JACCARD} over the same 2-grams"
    return [
        row(name, len(texts) / seconds, "documents per CPU s", "ceiling", 10_000, True, detail),
        row(f"{name}_f1", f1, "pair F1", against, 0.99, True, detail),
    ]


def _different(texts: Sequence[str]) -> list[str]:
    """One text of each key that is long enough: equal ones are told by the key alone and would flatter the figures."""
    from nlp.near_duplicates import key_of

    by_key = {key_of(None, text): text for text in texts}
    return [text for key, text in by_key.items() if len(key) >= SHORTEST][:TEXTS]


def _found(texts: Sequence[str]) -> tuple[set[tuple[int, int]], float]:
    """Pairs (later, earlier), and CPU seconds from the text as it is stored to the pairs."""
    from nlp.near_duplicates import NearDuplicates, key_of

    known = NearDuplicates(JACCARD)
    found: set[tuple[int, int]] = set()
    started = time.process_time()
    for text in texts:
        shingles = known.shingles(key_of(None, text))
        near = known.alike(shingles)
        place = known.take(shingles)
        found.update((place, other) for other, _ in near)
    return found, time.process_time() - started
