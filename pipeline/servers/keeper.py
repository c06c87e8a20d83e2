"""Ends what a killed process leaves behind.

    python -m pipeline.servers.keeper PID

Watches the process that holds the other end of standard input, a pipe, and remembers what it has started. When that
process is gone (the pipe ends, even after kill -9), whatever of it still lives is asked to end, and after ``ENDING``
seconds is made to.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys

import psutil  # comes with Airflow, which may be absent

ENDING = 10
"""Seconds between asking and making to end."""
EVERY = 1.0
"""Seconds between two looks at what was started; what is born and orphaned in between is found by its session."""


def main(pid: int) -> None:
    """Watch until standard input ends, then clean up."""
    # Ctrl-C is for the process that is watched.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    watched = psutil.Process(pid)
    known: set[psutil.Process] = set()
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        with contextlib.suppress(psutil.NoSuchProcess):
            known = set(watched.children(recursive=True))
    known.discard(psutil.Process())
    left = _living(known)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    psutil.wait_procs(left, ENDING)
    for process in _living(left | known):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _living(known: set[psutil.Process]) -> set[psutil.Process]:
    """Those of ``known`` that live, what they started, and what stands in a session of theirs."""
    living = set()
    sessions = {process.pid for process in known} - {os.getsid(0)}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if process in known or os.getsid(process.pid) in sessions:
                living |= {process, *process.children(recursive=True)}
    return living - {psutil.Process()}


if __name__ == "__main__":
    main(int(sys.argv[1]))
