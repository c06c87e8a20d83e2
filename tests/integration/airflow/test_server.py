"""``make airflow``: what it starts is loopback only, runs our DAGs unpaused, and ends whole."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.airflow.conftest import ROOT, airflow_environment

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.xdist_group("airflow")]
LISTEN = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}
PARTS = ("api-server", "scheduler", "dag-processor", "triggerer")


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


class Server:
    """``make airflow`` in a process of its own, on a free port."""

    def __init__(self, home: Path, var: Path, *more: str) -> None:
        self.home, self.port = home, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", "pipeline.servers.airflow", "--port", str(self.port), *more]
        self.command += ["--home", str(home)]
        self.environment = airflow_environment(home) | {
            "HUIYING_STORE": f"sqlite:///{var.parent}/huiying.db",
            "HUIYING_VAR": str(var),
        }
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.started: list[int] = []

    def wait_for_address(self) -> str:
        """What it prints until its address, which is the last line."""
        assert self.process.stdout is not None
        printed = []
        for line in self.process.stdout:
            printed.append(line)
            if line.startswith("http://"):
                break
        assert printed[-1:] == [f"{self.base}\n"], "".join(printed) + self.logs()
        self.started = descendants(self.process.pid)
        return "".join(printed)

    def logs(self) -> str:
        """The ends of the parts' logs, for a failure's message."""
        return "\n".join(path.read_text(errors="replace")[-1500:] for path in self.home.glob("*.log"))

    def end(self, number: signal.Signals) -> int:
        """Send the signal; the exit code."""
        self.started = sorted({*self.started, *descendants(self.process.pid)})
        self.process.send_signal(number)
        self.process.communicate(timeout=90)
        return self.process.returncode

    def left(self) -> list[int]:
        """Which of the processes still live, after at most half a minute."""
        until = time.monotonic() + 30
        while time.monotonic() < until and any(map(alive, self.started)):
            time.sleep(0.2)
        return list(filter(alive, self.started))

    def clean(self) -> None:
        """End what a failed test left."""
        for pid in (self.process.pid, *self.started):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.communicate()


def ask(url: str, token: str | None = None, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Status and JSON of a call of the REST interface; a POST where there is a body."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None


def wait_for_run(server: Server, token: str, dag: str, kind: str) -> str:
    """The state of the DAG's first run of that kind that has ended."""
    until = time.monotonic() + 150
    runs: list[dict[str, Any]] = []
    while time.monotonic() < until and server.process.poll() is None:
        _, answer = ask(f"{server.base}/api/v2/dags/{dag}/dagRuns", token)
        runs = [run for run in (answer or {}).get("dag_runs", []) if run["run_type"] == kind]
        ended = [run["state"] for run in runs if run["state"] in ("success", "failed")]
        if ended:
            return str(ended[0])
        time.sleep(1)
    raise AssertionError(f"{runs}\n{server.logs()}")


@pytest.fixture
def start(airflow_home: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts ``make airflow``; what a failed test leaves is ended."""
    servers: list[Server] = []

    def started(*more: str) -> Server:
        servers.append(Server(airflow_home, tmp_path / "var", *more))
        return servers[-1]

    yield started
    for server in servers:
        server.clean()


def test_a_scheduled_sweep_succeeds_on_loopback_and_all_ends(start: Callable[..., Server]) -> None:
    server = start()
    printed = server.wait_for_address()
    file = server.home / "passwords.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = json.loads(file.read_text())["admin"]
    assert str(file) in printed
    assert password not in printed + "".join(path.read_text(errors="replace") for path in server.home.glob("*.log"))

    assert ask(f"{server.base}/api/v2/dags")[0] == 401
    assert ask(f"{server.base}/auth/token", body={"username": "admin", "password": "wrong"})[0] == 401
    _, granted = ask(f"{server.base}/auth/token", body={"username": "admin", "password": password})
    token = granted["access_token"]
    assert wait_for_run(server, token, "supervise", "scheduled") == "success"
    _, found = ask(f"{server.base}/api/v2/dags", token)
    assert {dag["dag_id"]: dag["is_paused"] for dag in found["dags"]} == dict.fromkeys(
        ("collect", "respond", "supervise", "report", "train", "housekeeping"), False
    )

    addresses = listening(descendants(server.process.pid))
    assert addresses
    assert addresses <= LOOPBACK

    # A second one over the same home is refused while the first runs.
    again = subprocess.run(
        [*server.command, "--port", str(free_port())], cwd=ROOT, env=server.environment, capture_output=True, text=True
    )
    assert again.returncode == 3
    assert "an Airflow runs there already" in again.stderr

    assert server.end(signal.SIGINT) == 130
    assert len(server.started) > len(PARTS)
    assert server.left() == []


def test_it_starts_again_and_leaves_nothing_when_it_is_killed(start: Callable[..., Server]) -> None:
    first = start("--once", "1")
    first.wait_for_address()
    password = (first.home / "passwords.json").read_text()
    assert first.process.wait(90) == 0
    assert first.left() == []

    second = start()
    second.wait_for_address()
    assert (first.home / "passwords.json").read_text() == password
    assert second.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(second.started) > len(PARTS)
    assert second.left() == []
