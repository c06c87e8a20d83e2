"""``make airflow``: the real Airflow with our DAGs, on loopback, until Ctrl-C.

    python -m pipeline.servers.airflow [--port 8680] [--home DIR] [--once SECONDS]

Starts scheduler, dag-processor, triggerer and api-server, each as a child that ends with this process. ``airflow
standalone`` is not used: it opens log servers on all interfaces.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from pipeline.errors import INTERRUPTED, CallError
from pipeline.servers import airflow_home
from pipeline.serving import check_port
from pipeline.settings import ROOT, settings

PARTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server", "--host", "127.0.0.1", "--workers", "1"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""In the order of starting: tasks report to the api-server, so it is there first and goes last."""
HEALTH = ("metadatabase", "scheduler", "dag_processor", "triggerer")
"""What must say ``healthy`` before the address is printed."""
READY, ENDING = 180, 20
"""Seconds: to wait until all is healthy; to wait for a part to end before it is made to."""
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a child gets when its parent is gone."""


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.servers.airflow")
    parser.add_argument("--port", type=int, default=8680)
    parser.add_argument("--home", type=Path, default=settings().var / "airflow")
    parser.add_argument("--once", type=float, metavar="SECONDS", help="end by itself so long after all is healthy")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if not 0 < options.port < 65536:
            raise CallError(f"--port {options.port}: must be 1 to 65535")
        check_port("127.0.0.1", options.port)
        home = options.home.absolute()
        airflow_home.prepare(home)
        with airflow_home.alone(home):
            return _run(home, options.port, options.once)
    except CallError as error:
        sys.stderr.write(f"airflow: {error}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(home: Path, port: int, once: float | None) -> int:
    values = airflow_home.environment(home, port, settings())
    airflow_home.migrate(home, values)
    parts = Parts(home, values)
    try:
        parts.start("api-server", "--port", str(port))
        _wait_healthy(parts, port, HEALTH[:1])
        for name in tuple(PARTS)[1:]:
            parts.start(name)
        _wait_healthy(parts, port, HEALTH)
        sys.stdout.write(f"password of {airflow_home.USER}: {airflow_home.passwords(home)}\nhttp://127.0.0.1:{port}\n")
        sys.stdout.flush()
        until = None if once is None else time.monotonic() + once
        while until is None or time.monotonic() < until:
            parts.check()
            time.sleep(0.5)
        return 0
    finally:
        parts.stop()


class Parts:
    """The parts of Airflow as children of this process. ``values`` is their environment."""

    def __init__(self, home: Path, values: Mapping[str, str]) -> None:
        self.home, self.values = home, values
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        # Parts may take long to end, or hang; where this process is killed, the keeper sees to it.
        self.keeper = subprocess.Popen(
            [sys.executable, "-m", "pipeline.servers.keeper", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )

    def start(self, name: str, *more: str) -> None:
        """Start a part; what it prints goes to a file of its name in the home."""
        with (self.home / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches this process only, which then ends the parts in order.
            self.children[name] = subprocess.Popen(
                [str(airflow_home.PROGRAM), *PARTS[name], *more],
                env=self.values,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def check(self) -> None:
        """Raise CallError when a part has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CallError(f"{name} ended ({child.returncode}); see {self.home / name}.log", code=3)

    def stop(self) -> None:
        """End every part and what it started; a second Ctrl-C does not leave anything behind."""
        import psutil  # comes with Airflow, which may be absent

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # Taken before anything ends: what a part started cannot be found any more once the part is gone.
        started = [one for one in psutil.Process().children(recursive=True) if one.pid != self.keeper.pid]
        for name, child in reversed(self.children.items()):
            child.terminate()
            # The scheduler ends its tasks while they can still report it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(ENDING if name == "scheduler" else 0)
        _, left = psutil.wait_procs(started, ENDING)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, ENDING)
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait()


def _end_with_parent() -> None:
    # Where this process is killed and cannot end its parts, the kernel tells them.
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_healthy(parts: Parts, port: int, names: tuple[str, ...]) -> None:
    until = time.monotonic() + READY
    missing = list(names)
    while time.monotonic() < until:
        parts.check()
        missing = _unhealthy(port, names)
        if not missing:
            return
        time.sleep(0.5)
    raise CallError(f"not healthy after {READY} s: {', '.join(missing)}; see the logs in {parts.home}", code=3)


def _unhealthy(port: int, names: tuple[str, ...]) -> list[str]:
    """The parts that do not yet say that they are healthy; all while nothing answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return list(names)
    return [name for name in names if (health.get(name) or {}).get("status") != "healthy"]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
