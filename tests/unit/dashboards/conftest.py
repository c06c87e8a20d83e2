"""A desk over a real store in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.domain.office import Office
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.unit.dashboards.making import Desk


@pytest.fixture(scope="session")
def office() -> Office:
    """The default office, read once."""
    return Context(settings("sqlite:///unused.db", ROOT / "config")).office


@pytest.fixture
def desk(tmp_path: Path, office: Office) -> Iterator[Desk]:
    """Pages over an empty store."""
    made = Desk(Context(settings(f"sqlite:////{str(tmp_path / 'huiying.db').lstrip('/')}", ROOT / "config")))
    made.context.now = lambda: made.clock[0]
    # A cached property takes its value from the instance: the folder is not read again for every test.
    made.context.__dict__["office"] = office
    yield made
    made.context.close()
