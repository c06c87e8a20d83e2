"""What a make target prints is the command's own answer: no recipe line, nothing of the set-up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAKE = shutil.which("make")
# A make that runs this test hands its own flags down; they are not those of a person who calls.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with our Makefile in which every program it would install or run is a stand-in that says its name."""
    assert MAKE
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("build", "base", "dev"):
        (tmp_path / "requirements").mkdir(exist_ok=True)
        (tmp_path / "requirements" / f"{name}.txt").touch()
    (tmp_path / "pyproject.toml").touch()
    bin_ = tmp_path / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "huiying").write_text('#!/bin/sh\nprintf \'{"called": "%s"}\\n\' "$*"\n')
    (bin_ / "uv").write_text("#!/bin/sh\necho installing\n")
    (bin_ / "python").write_text(
        '#!/bin/sh\ncase "$*" in *elasticsearch*) echo http://127.0.0.1:9200;; *) echo noise;; esac\n'
    )
    stand_in = tmp_path / "python3"
    stand_in.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\necho "a new environment"\n')
    for program in (*bin_.iterdir(), stand_in):
        program.chmod(0o755)
    # Older than what it is made from: make sets all up anew.
    os.utime(bin_ / "uv", (1, 1))
    return tmp_path


def test_demo_prints_the_answer_alone(checkout: Path) -> None:
    assert MAKE
    command = [MAKE, f"PYTHON={checkout}/python3", "demo", "ARGS=--no-serve --json"]
    done = subprocess.run(command, cwd=checkout, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"called": "demo --no-serve --json"}
    # Set-up did run, and told its course where it does not disturb.
    assert "a new environment" in done.stderr
    assert "installing" in done.stderr


def test_elasticsearch_prints_its_url_alone(checkout: Path) -> None:
    assert MAKE
    command = [MAKE, f"PYTHON={checkout}/python3", "elasticsearch"]
    done = subprocess.run(command, cwd=checkout, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout == "http://127.0.0.1:9200\n"
