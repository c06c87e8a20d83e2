"""``make airflow``: what it starts is loopback only, runs our DAGs unpaused, and ends whole."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.airflow.conftest import ROOT

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.xdist_group("airflow")]
LISTEN = "0A"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def descendants(root: int) -> list[int]:
    """The process and all that it started, from the table of parents (programs may rewrite their environment)."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, grown = [root], True
    while grown:
        more = [pid for pid, parent in parents.items() if parent in found and pid not in found]
        found += more
        grown = bool(more)
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def listening(pids: list[int]) -> set[str]:
    """Hexadecimal local addresses on which these processes listen."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and fields[9] in inodes:
                addresses.add(fields[1].split(":")[0])
    return addresses


def scheduled_success(database: Path) -> bool:
    """Whether a scheduled run of ``supervise`` has succeeded."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
            rows = connection.execute(
                "select state from dag_run where dag_id='supervise' and run_type='scheduled'"
            ).fetchall()
    except sqlite3.OperationalError:
        return False
    return ("success",) in rows


def test_a_scheduled_sweep_succeeds_on_loopback_and_all_ends(airflow_home: Path, tmp_path: Path) -> None:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    environment = {**kept, "HUIYING_STORE": f"sqlite:///{tmp_path}/huiying.db", "HUIYING_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "pipeline.servers.airflow", "--port", str(port), "--home", str(airflow_home)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        done = False
        until = time.monotonic() + 240
        while time.monotonic() < until and process.poll() is None and not done:
            time.sleep(1)
            done = scheduled_success(airflow_home / "airflow.db")
        logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in airflow_home.glob("*.log"))
        assert done, logs
        started = descendants(process.pid)
        addresses = listening(started)
        assert addresses
        assert addresses <= {"0100007F", "00000000000000000000000001000000"}
    finally:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=90)
    assert process.returncode == 130, out
    assert len(started) > 4
    assert [pid for pid in started if alive(pid)] == []
