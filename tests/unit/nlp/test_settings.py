from __future__ import annotations

from pathlib import Path

import pytest

from nlp.assessor import Assessor
from nlp.settings import DEFAULT, FILES, SettingsError, read_settings


def test_the_default_office_is_complete() -> None:
    settings = read_settings()
    assert set(settings) == set(FILES)
    assert len(settings["topics"]["board_domain"]["labels"]) == 13


def test_a_folder_without_these_files_takes_the_default_offices(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == read_settings()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("nlp", "segmenter: [", r"nlp\.yml: cannot be read as YAML"),
        ("nlp", "- 1", r"nlp\.yml: found list, wanted keys and values"),
        ("topics", "board_domain: {}", r"topics\.yml: no key petition_topic, message_type"),
        ("severity", "levels: []", r"severity\.yml: no key lowest"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        Assessor(config=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sentiment, emotion", "mood, emotion", "no classifier 'mood'"),
        ("segmenter: rjieba", "segmenter: x", "segmenter 'x'"),
    ],
)
def test_a_wrong_name_is_found_at_start(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (DEFAULT / "nlp.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "nlp.yml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        Assessor(config=tmp_path)
