"""What tests of the joined system share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.settings import ROOT


@pytest.fixture
def office_folder(tmp_path: Path) -> Path:
    """The default office's folder, with a ``sources.yml`` of the test's own to be written."""
    folder = tmp_path / "config"
    folder.mkdir()
    for path in (ROOT / "config").iterdir():
        if path.name != "sources.yml":
            (folder / path.name).symlink_to(path)
    return folder
