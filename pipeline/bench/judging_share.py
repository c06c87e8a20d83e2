"""What masking and places together cost of the whole of judging, on the same posts."""

from __future__ import annotations

import csv
import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.bench import Row, row
from pipeline.settings import ROOT

ABOUT = "CPU seconds of masking and places together ÷ those of assess, at most 0.3"
POSTS = 4000
ROUNDS = 3
_SETS = (("weibo2018_train", "weibo", "", "text"), ("taidi_c_attach3_messages", "message", "title", "content"))


def measure(store: str | None) -> list[Row]:
    """One row a set: real posts where ``shared`` is there, made ones besides."""
    from nlp.assessor import Assessor
    from nlp.masking import Masker
    from nlp.regions import RegionFinder
    from nlp.text import normalise
    from nlp.words import SEGMENTER, segmenter

    assessor, masker, finder = Assessor(region="410100"), Masker(), RegionFinder("410100")
    cutter = segmenter(SEGMENTER)
    rows = []
    for name, posts in _sets():
        texts = [normalise(f"{post.get('title') or ''}\n{post['text']}") for post in posts]
        places = [normalise(post.get("place") or "") for post in posts]
        cuts = [cutter.cut(text) for text in texts]
        whole = _cost(lambda posts=posts: list(assessor.assess(posts)))  # type: ignore[misc]
        masking = _cost(lambda posts=posts: [masker.mask_post(post) for post in posts])  # type: ignore[misc]
        regions = _cost(lambda a=places, b=texts, c=cuts: [finder.find(*given) for given in zip(a, b, c, strict=True)])  # type: ignore[misc]
        detail = f"{len(posts)} posts: assess {whole:.2f}, masking {masking:.2f}, places {regions:.2f} CPU s"
        rows.append(row(f"judging_share_{name}", (masking + regions) / whole, "share", "assess", 0.3, False, detail))
    return rows


def _cost(work: Callable[[], Any]) -> float:
    """CPU seconds of the quickest of three rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def _sets() -> list[tuple[str, list[dict[str, Any]]]]:
    import json

    from pipeline.bench._posts import post_lines

    found = [("made", [json.loads(line) for line in post_lines(POSTS)])]
    folder = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "data"
    for name, kind, title, text in _SETS:
        path = folder / f"{name}.csv.gz"
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                lines = [line for line, _ in zip(csv.DictReader(file), range(POSTS), strict=False)]
            posts = [
                {"id": f"{name}:{at}", "kind": kind, "title": line.get(title), "text": line[text], "place": None}
                for at, line in enumerate(lines)
            ]
            found.append((name, posts))
    return found
