"""The keeper ends what a killed process leaves, also what does not listen and what stands in a session of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.airflow.test_server import alive

pytestmark = [pytest.mark.airflow]
DEAF = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if sys.argv[1] == "outer":
    inner = subprocess.Popen([sys.executable, __file__, "inner"])
    print(os.getpid(), inner.pid, flush=True)
time.sleep(300)
"""
WATCHED = """
import os, subprocess, sys, time
keeper = subprocess.Popen(
    [sys.executable, "-m", "pipeline.servers.keeper", str(os.getpid())], stdin=subprocess.PIPE, start_new_session=True
)
child = subprocess.Popen([sys.executable, sys.argv[1], "outer"], start_new_session=True)
{ending}
"""


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_what_is_left_is_ended(tmp_path: Path, how: str) -> None:
    pytest.importorskip("psutil")
    deaf = tmp_path / "deaf.py"
    deaf.write_text(DEAF)
    program = WATCHED.format(ending="time.sleep(300)" if how == "killed" else "time.sleep(4)")
    watched = subprocess.Popen(
        [sys.executable, "-c", program, str(deaf)], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    )
    assert watched.stdout is not None
    pids = [int(pid) for pid in watched.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(alive, pids))
    if how == "killed":
        time.sleep(3)  # long enough for the keeper to have looked
        watched.send_signal(signal.SIGKILL)
    watched.wait(30)
    until = time.monotonic() + 60
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any(map(alive, pids))
