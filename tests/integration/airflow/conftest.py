"""A migrated metadata database, made once, and an Airflow home of its own for every test."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def airflow_environment(home: Path) -> dict[str, str]:
    """The environment of an Airflow with ``home``, our DAGs and nothing else's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "HUIYING_"))}
    return {
        **kept,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__UNIT_TEST_MODE": "false",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory, need_absent: Callable[[str, str], None]) -> Path:
    if importlib.util.find_spec("airflow") is None:
        need_absent("airflow", "the package is not installed (make test installs it)")
    home = tmp_path_factory.mktemp("airflow")
    command = [sys.executable, "-m", "pipeline.servers.airflow_home"]
    done = subprocess.run(command, cwd=ROOT, env=airflow_environment(home), capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return home / "airflow.db"


@pytest.fixture
def airflow_home(_migrated: Path, tmp_path: Path) -> Path:
    """A home with a migrated database of its own."""
    home = tmp_path / "airflow-home"
    home.mkdir()
    shutil.copy(_migrated, home / "airflow.db")
    return home
