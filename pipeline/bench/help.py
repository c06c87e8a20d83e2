"""How long ``huiying --help`` keeps a processor."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from pipeline.bench import Row, row
from pipeline.settings import ROOT

ABOUT = "CPU seconds of `huiying --help`, median of 5, at most 0.5"
RUNS = 5


def measure(store: str | None) -> list[Row]:
    """CPU seconds (user and system) of the command in a process of its own."""
    seconds = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "pipeline.cli", "--help"]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    detail = f"runs: {', '.join(f'{value:.2f}' for value in seconds)}"
    return [row("help", statistics.median(seconds), "CPU s", "ceiling", 0.5, False, detail)]
