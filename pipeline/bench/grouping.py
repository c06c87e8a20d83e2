"""What grouping posts into events costs, and how that cost grows with the number of posts."""

from __future__ import annotations

import csv
import gzip
import os
import random
import time
from collections.abc import Sequence
from math import log
from pathlib import Path

from pipeline.bench import Row, row
from pipeline.settings import ROOT

ABOUT = "grouping 100,000 posts: at most 120 CPU s, exponent of the cost over 12,500 to 100,000 at most 1.15"
SIZES = (12_500, 25_000, 50_000, 100_000)
SECONDS = 120
EXPONENT = 1.15
SETS: Sequence[tuple[str, str, str]] = (
    ("taidi_c_attach3_messages", "title", "content"),
    ("taidi_c_attach2_test_unlabelled", "title", "content"),
    ("taidi_c_attach4_reply_half", "title", "content"),
    ("ldly_hangzhou_small", "title", "content"),
    ("ced_weibo_rumor_train", "", "text"),
    ("weibo2018_train", "", "text"),
    ("smp2020_usual_train_dev", "", "text"),
    ("smp2020_virus_train_dev", "", "text"),
    ("weibo_senti_100k_devtest", "", "text"),
    ("thucnews_titles_10_train", "", "text"),
)
Post = tuple[str, str]


def measure(store: str | None) -> list[Row]:
    """Two rows: CPU seconds of the largest set, and the exponent (slope of log seconds over log posts)."""
    posts, what = posts_of(Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "data")
    seconds, events = zip(*(_grouped(posts[:size]) for size in SIZES), strict=True)
    shown = ", ".join(f"{size:,}: {took:.1f}" for size, took in zip(SIZES, seconds, strict=True))
    detail = f"{what} posts; CPU s {shown}; {events[-1]:,} events"
    slope = exponent(SIZES, seconds)
    return [
        row("grouping", seconds[-1], "CPU s", "ceiling", SECONDS, False, detail),
        row("grouping_exponent", slope, "exponent", "ceiling", EXPONENT, False, detail),
    ]


def posts_of(folder: Path, number: int = SIZES[-1]) -> tuple[list[Post], str]:
    """``number`` (title, text) in an order of chance: real ones where they are present, else made."""
    posts: list[Post] = []
    for name, title, text in SETS:
        path = folder / f"{name}.csv.gz"
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8-sig") as file:
                posts += [(line[title] if title else "", line[text]) for line in csv.DictReader(file)]
    if len(posts) >= number:
        random.Random(11).shuffle(posts)
        return posts[:number], "real"
    from pipeline.bench import _reprints

    return [("", text) for text in _reprints.made_texts(number)], "made"


def _grouped(posts: Sequence[Post]) -> tuple[float, int]:
    """CPU seconds from the texts as stored to their events, with a fresh grouper; and how many events there are."""
    from nlp.grouping import Grouper
    from nlp.settings import read_settings

    grouper = Grouper.of_settings(read_settings()["nlp"]["grouping"])
    # The dictionary of the segmenter is read with the first text.
    grouper.add("first", None, "读入词典")
    started = time.process_time()
    roots = {grouper.add(str(number), title, text).root for number, (title, text) in enumerate(posts)}
    return time.process_time() - started, len(roots)


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Slope of the straight line through (ln size, ln seconds), by least squares."""
    x, y = [log(size) for size in sizes], [log(took) for took in seconds]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True))
    return rise / sum((a - middle) ** 2 for a in x)
