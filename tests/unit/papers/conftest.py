"""A store for papers made from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.settings import ROOT, settings
from pipeline.wiring import Context


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """A store of its own for the test, nothing in it."""
    made = settings(f"sqlite:////{str(tmp_path / 'huiying.db').lstrip('/')}", ROOT / "config")
    joined = Context(replace(made, var=tmp_path / "var"))
    yield joined
    joined.close()
