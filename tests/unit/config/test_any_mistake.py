"""Whatever a person writes into a file of the office: it is told, never a crash."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.config.load import check_office
from casework.config.mistakes import Mistake
from casework.config.reading import read_yaml

ROOT = Path(__file__).resolve().parents[3]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        3.5,
        "",
        " ",
        "x",
        "9" * 12,
        "2026-13-01",
        "{nobody}",
        [],
        {},
        [[]],
        [None],
        {"x": 1},
        {3: 4},
        ["x"],
    ]
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "config"
    shutil.copytree(ROOT / "config", folder)
    return folder


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, inner in inside for place in places(inner, (*at, key)))]


def changed(value: Any, place: tuple[Any, ...], junk: Any) -> Any:
    """A copy of a value with something else at a place."""
    if not place:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = changed(value[place[0]], place[1:], junk)
    return copy


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_junk_anywhere_is_told_and_never_crashes(office: Path, data: st.DataObject) -> None:
    files = sorted(path for path in office.rglob("*.yml") if not {"imports", "examples"} & set(path.parts))
    assert len(files) > 20
    path = data.draw(st.sampled_from(files))
    text = path.read_text(encoding="utf-8")
    value, _ = read_yaml(path, path.name)
    place = data.draw(st.sampled_from(places(value)))
    path.write_text(yaml.safe_dump(changed(value, place, data.draw(JUNK)), allow_unicode=True), encoding="utf-8")
    try:
        found = check_office(office, date(2026, 6, 1), {})
    finally:
        path.write_text(text, encoding="utf-8")
    assert all(isinstance(mistake, Mistake) and mistake.write and mistake.path for mistake in found)
