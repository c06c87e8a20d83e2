"""An Airflow home: its keys, the password of its first user, its settings, its metadata database.

``python -m pipeline.servers.airflow_home`` makes AIRFLOW_HOME ready where the parts are started by something else
(``compose.yaml``).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from casework.stores.open import sqlite_file
from pipeline.errors import WRONG_CALL, CallError
from pipeline.settings import ROOT, Settings

USER = "admin"
PROGRAM = Path(sys.executable).parent / "airflow"


def prepare(home: Path) -> None:
    """Make the folder, the keys and the password, each once and readable by the owner alone. Raises CallError."""
    if home.resolve() == ROOT:
        # Airflow puts {AIRFLOW_HOME}/config on sys.path: there it would find ours.
        raise CallError(f"--home {home}: must not be the checkout itself; give another folder")
    if not PROGRAM.is_file():
        raise CallError(f"{PROGRAM} is absent; make airflow installs it", code=3)
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        for name in ("api.key", "jwt.key"):
            _once(home / name, secrets.token_urlsafe(64))
        # Airflow would make a password too, but print it into its log and leave the file readable for all.
        _once(passwords(home), json.dumps({USER: secrets.token_urlsafe(12)}))
    except OSError as error:
        raise CallError(f"--home {home}: {error.strerror}; give a folder that can be written", code=3) from None


def passwords(home: Path) -> Path:
    """The file of passwords: a JSON object, user to password."""
    return home / "passwords.json"


def _once(file: Path, content: str) -> None:
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        file.chmod(0o600)
        return
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(content + "\n")


def environment(home: Path, port: int, chosen: Settings) -> dict[str, str]:
    """What Airflow and our tasks read; nothing of ours is written into Airflow's own file.

    Airflow's variables of the caller are kept where this sets none (a mail server, a log level).
    """
    base = f"http://127.0.0.1:{port}"
    # The parts run in the home folder: what is relative to the caller's folder must not be read from there.
    store = chosen.store
    if store.startswith("sqlite:///"):
        store = f"sqlite:///{sqlite_file(store).absolute()}"
    values = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "false",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords(home)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__BASE_URL": base,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": (home / "api.key").read_text(encoding="utf-8").strip(),
        "AIRFLOW__API_AUTH__JWT_SECRET": (home / "jwt.key").read_text(encoding="utf-8").strip(),
        "HUIYING_STORE": store,
        "HUIYING_CONFIG": str(chosen.config.absolute()),
        "HUIYING_VAR": str(chosen.var.absolute()),
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **values}


POOLS = ROOT / "dags" / "pools.json"
"""A task whose pool is not there waits for ever: the pools are made with the database."""


def migrate(home: Path, values: Mapping[str, str]) -> None:
    """Bring the metadata database to this version of Airflow, with our pools. Raises CallError that names the log."""
    with (home / "migrate.log").open("wb") as log:
        for call in (["db", "migrate"], ["pools", "import", str(POOLS)]):
            done = subprocess.run([str(PROGRAM), *call], env=values, stdout=log, stderr=log, check=False)
            if done.returncode:
                raise CallError(f"the metadata database could not be made; see {log.name}", code=3)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home: two schedulers over one SQLite file would hinder each other. Raises CallError.

    The lock ends with the process, however that ends.
    """
    with (home / "lock").open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CallError(f"--home {home}: an Airflow runs there already; end it or give another", code=3) from None
        yield


def main() -> int:
    """Make AIRFLOW_HOME ready; the exit code."""
    if not os.environ.get("AIRFLOW_HOME"):
        sys.stderr.write("airflow: AIRFLOW_HOME is not set; name the folder that Airflow may write\n")
        return WRONG_CALL
    home = Path(os.environ["AIRFLOW_HOME"]).absolute()
    try:
        prepare(home)
        migrate(home, os.environ)
    except CallError as error:
        sys.stderr.write(f"airflow: {error}\n")
        return error.code
    sys.stdout.write(f"password of {USER}: {passwords(home)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
