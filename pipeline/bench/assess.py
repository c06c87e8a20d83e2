"""What judging costs beside two well-known libraries that do a part of it, and how much memory and start it takes."""

from __future__ import annotations

import csv
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.bench import Row, row
from pipeline.errors import CallError
from pipeline.settings import ROOT

ABOUT = (
    "assess with all labels in posts per CPU s: at least 20 × SnowNLP's sentiment alone and 0.5 × bare jieba.cut; "
    "memory at most 600 MB, start at most 2 s"
)
POSTS = 3_000
SLOW = 150
"""Posts that SnowNLP is given: it takes milliseconds for each."""
ROUNDS = 3
SETS = ("weibo2018_train", "smp2020_usual_train_dev")


def measure(store: str | None) -> list[Row]:
    """Four rows, the first two medians of rounds in which the three take turns on the same Weibo posts."""
    texts, what = texts_of(Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared") / "data")
    ours, snow, jieba = _ours(), _snownlp(), _jieba()
    for work in (ours, snow, jieba):
        work(texts[:20])
    rounds = [(_rate(ours, texts), _rate(snow, texts[:SLOW]), _rate(jieba, texts)) for _ in range(ROUNDS)]
    shown = "; ".join(f"{own:.0f}, {slow:.0f}, {bare:.0f}" for own, slow, bare in rounds)
    detail = f"{len(texts)} {what} posts; posts per CPU s of ours, SnowNLP, jieba by round: {shown}"
    to_snow = statistics.median(own / slow for own, slow, _ in rounds)
    to_jieba = statistics.median(own / bare for own, _, bare in rounds)
    megabytes, seconds = _alone(texts)
    unit = "ratio of posts per CPU s"
    return [
        row("assess_snownlp", to_snow, unit, "SnowNLP sentiments, same posts", 20, True, detail),
        row("assess_jieba", to_jieba, unit, "jieba.cut, same posts", 0.5, True, detail),
        row("assess_memory", megabytes, "MB at most", "ceiling", 600, False, "a process that judges these posts"),
        row(
            "assess_start",
            seconds,
            "CPU s to the first answer",
            "ceiling",
            2,
            False,
            "imports of numpy and scipy, dictionaries and models included",
        ),
    ]


def texts_of(folder: Path) -> tuple[list[str], str]:
    """Weibo posts: real ones where they are present, else made."""
    found: list[str] = []
    for name in SETS:
        path = folder / f"{name}.csv.gz"
        if path.is_file() and len(found) < POSTS:
            with gzip.open(path, "rt", encoding="utf-8-sig") as file:
                found += [line["text"] for line in csv.DictReader(file) if line["text"].strip()]
    if found:
        return found[:POSTS], "real"
    from pipeline.bench import _reprints

    return _reprints.made_texts(POSTS), "made"


def _rate(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    started = time.process_time()
    work(texts)
    return len(texts) / (time.process_time() - started)


def _posts(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": f"weibo:{at}", "kind": "weibo", "text": text} for at, text in enumerate(texts)]


def _ours() -> Callable[[Sequence[str]], object]:
    from nlp.assessor import Assessor

    assessor = Assessor({}, "410100")
    return lambda texts: sum(1 for _ in assessor.assess(_posts(texts)))


def _snownlp() -> Callable[[Sequence[str]], object]:
    try:
        from snownlp import SnowNLP
    except ImportError:
        raise CallError("bench assess: the peer snownlp is missing; run make check, which installs it") from None
    return lambda texts: [SnowNLP(text).sentiments for text in texts]


def _jieba() -> Callable[[Sequence[str]], object]:
    import jieba

    jieba.setLogLevel(60)
    return lambda texts: [list(jieba.cut(text)) for text in texts]


def _alone(texts: Sequence[str]) -> tuple[float, float]:
    """Greatest resident memory in MB of a process that judges ``texts``, and its CPU seconds to the first answer."""
    command = [sys.executable, "-m", __name__]
    given = json.dumps(list(texts))
    done = subprocess.run(command, input=given, check=True, capture_output=True, text=True, cwd=ROOT)
    megabytes, seconds = json.loads(done.stdout)
    return megabytes, seconds


def _judge_alone() -> list[float]:
    texts = json.load(sys.stdin)
    before = time.process_time()
    work = _ours()
    work(texts[:1])
    seconds = time.process_time() - before
    work(texts)
    return [_greatest_resident(), seconds]


def _greatest_resident() -> float:
    """MB. Not getrusage: its figure begins with that of the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_judge_alone()))
