"""Crawls of a replica for the figures: the replica in a process of its own, so that its work is not counted."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.run import CollectResult, collect
from pipeline.proof.kills import NOW, SOURCE, articles
from pipeline.settings import ROOT

WHOLE: Mapping[str, Mapping[str, Any]] = {SOURCE: {"walk": {"usual": 2, "most": 5000}}}
_SERVE = (
    "import sys, json\nfrom crawlers.replica import serve_replica\nfrom pipeline.proof.kills import articles\n"
    "with serve_replica(articles(int(sys.argv[1]))) as replica:\n"
    "    print(replica.base_url, flush=True)\n    sys.stdin.read()\n"
)


@dataclass(frozen=True, slots=True)
class Used:
    """What a child process used: CPU seconds (user and system) and its largest memory in MB (of all children)."""

    seconds: float
    peak: float


@contextmanager
def replica(pages: int) -> Iterator[str]:
    """The address of a replica with about so many pages."""
    command = [sys.executable, "-c", _SERVE, str(pages)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("")


def ours(base: str, folder: Path, pages: int, now: datetime = NOW) -> tuple[CollectResult, Used]:
    """One collect of the replica into ``folder``; a first run has to bring every article."""
    first = not (folder / "state").exists()
    before = _children()
    result = collect(SOURCE, folder / "out", folder / "state", base, now=now, overrides=WHOLE)
    used = _since(before)
    if result.state != "done" or result.new != (len(articles(pages)) if first else 0):
        raise AssertionError(f"{result}: not what the replica serves")
    return result, used


def bare(base: str, folder: Path, pages: int) -> Used:
    """The bare spider on the same replica; it has to bring every article too."""
    out = folder / "bare.jsonl"
    before = _children()
    subprocess.run([sys.executable, "-m", "crawlers.bare", base, str(out)], cwd=ROOT, check=True)
    used = _since(before)
    texts = [json.loads(line)["text"] for line in out.read_text("utf-8").splitlines()]
    if len(texts) != len(articles(pages)) or not all(texts):
        raise AssertionError(f"{len(texts)} rows of the bare spider: not what the replica serves")
    return used


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _since(before: float) -> Used:
    return Used(_children() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
