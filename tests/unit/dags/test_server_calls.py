"""Wrong calls of ``make airflow``: a sentence and an exit code, before anything is started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.airflow


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.servers.airflow", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = call("--port", str(port), "--home", str(tmp_path / "home"))
    assert done.returncode == 3
    assert f"--port {port} on 127.0.0.1: Address already in use" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_port_that_is_none(tmp_path: Path) -> None:
    done = call("--port", "70000", "--home", str(tmp_path / "home"))
    assert (done.returncode, done.stderr) == (2, "airflow: --port 70000: must be 1 to 65535\n")


def test_the_checkout_is_no_home() -> None:
    done = call("--port", "8699", "--home", ".")
    assert done.returncode == 2
    assert "must not be the checkout itself" in done.stderr


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = call("--port", "8699", "--home", str(tmp_path / "file" / "home"))
    assert done.returncode == 3
    assert "Not a directory; give a folder that can be written" in done.stderr


def test_making_a_home_ready_wants_its_name() -> None:
    kept = {name: value for name, value in os.environ.items() if name != "AIRFLOW_HOME"}
    command = [sys.executable, "-m", "pipeline.servers.airflow_home"]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "airflow: AIRFLOW_HOME is not set; name the folder that Airflow may write\n"
