"""``make airflow``: the real Airflow with our DAGs, on loopback, until Ctrl-C.

    python -m pipeline.servers.airflow [--port 8680] [--home DIR]

Starts scheduler, dag-processor, triggerer and api-server, each as a child that ends with this process. ``airflow
standalone`` is not used: it opens log servers on all interfaces.
"""

from __future__ import annotations

import argparse
import os
import secrets
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
from pipeline.serving import check_port
from pipeline.settings import ROOT, settings

PARTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server", "--host", "127.0.0.1", "--workers", "1"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
READY = 180
"""Seconds to wait for the api-server to answer."""


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.servers.airflow")
    parser.add_argument("--port", type=int, default=8680)
    parser.add_argument("--home", type=Path, default=settings().var / "airflow")
    options = parser.parse_args(arguments)
    try:
        check_port("127.0.0.1", options.port)
        return Airflow(options.home.absolute(), options.port).run()
    except CallError as error:
        sys.stderr.write(f"airflow: {error}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED


class Airflow:
    """One Airflow: its home, its port, its children."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.program = Path(sys.executable).parent / "airflow"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        if home.resolve() == ROOT:
            # Airflow puts {AIRFLOW_HOME}/config on sys.path: there it would find ours.
            raise CallError("--home must not be the checkout itself")
        if not self.program.is_file():
            raise CallError(f"{self.program} is absent; make airflow installs it", code=3)

    def environment(self) -> dict[str, str]:
        """The settings, by environment: nothing of ours is written into Airflow's own file."""
        base = f"http://127.0.0.1:{self.port}"
        chosen = settings()
        values = {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "false",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__API__BASE_URL": base,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__SECRET_KEY": self._secret("api.key"),
            "AIRFLOW__API_AUTH__JWT_SECRET": self._secret("jwt.key"),
            "HUIYING_STORE": chosen.store,
            "HUIYING_CONFIG": str(chosen.config.absolute()),
            "HUIYING_VAR": str(chosen.var.absolute()),
            "PYTHONPATH": str(ROOT),
        }
        return {**os.environ, **values}

    def _secret(self, name: str) -> str:
        file = self.home / name
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        return file.read_text(encoding="utf-8")

    def run(self) -> int:
        """Start everything, say where it is, wait; end everything."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        environment = self.environment()
        migrate = [str(self.program), "db", "migrate"]
        with (self.home / "migrate.log").open("wb") as log:
            if subprocess.run(migrate, env=environment, stdout=log, stderr=log, check=False).returncode:
                raise CallError(f"the metadata database could not be made; see {log.name}", code=3)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            for name, arguments in PARTS.items():
                self._start(name, arguments, environment)
            self._wait_ready()
            sys.stdout.write(f"password of admin: {self.home / 'passwords.json'}\nhttp://127.0.0.1:{self.port}\n")
            sys.stdout.flush()
            return self._watch()
        finally:
            self._stop()

    def _start(self, name: str, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        more = ("--port", str(self.port)) if name == "api-server" else ()
        with (self.home / f"{name}.log").open("ab") as log:
            # A group of its own: ending the part ends the processes that it made.
            self.children[name] = subprocess.Popen(
                [str(self.program), *arguments, *more],
                env=environment,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )

    def _wait_ready(self) -> None:
        url = f"http://127.0.0.1:{self.port}/api/v2/monitor/health"
        for _ in range(READY * 2):
            self._check_children()
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.5)
        raise CallError(f"did not answer for {READY} s; see {self.home}", code=3)

    def _check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CallError(f"{name} ended ({child.returncode}); see {self.home / name}.log", code=3)

    def _watch(self) -> int:
        while True:
            self._check_children()
            time.sleep(1)

    def _stop(self) -> None:
        for ending in (signal.SIGTERM, signal.SIGKILL):
            for child in self.children.values():
                _signal_group(child.pid, ending)
            until = time.monotonic() + 20
            while time.monotonic() < until and any(child.poll() is None for child in self.children.values()):
                time.sleep(0.1)


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
