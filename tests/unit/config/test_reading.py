"""YAML is read as its writer meant it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casework.config.mistakes import Mistake, one_of, path_of, shown
from casework.config.reading import read_yaml

VALUES = [
    ("a: 13:00", "13:00"),
    ("a: 09:00", "09:00"),
    ("a: 2026-02-17", "2026-02-17"),
    ("a: 2026-02-17T08:00+08:00", "2026-02-17T08:00+08:00"),
    ("a: no", "no"),
    ("a: on", "on"),
    ("a: true", True),
    ("a: false", False),
    ("a: 24", 24),
    ("a: 010", "010"),
    ("a: 0x10", "0x10"),
    ("a: 1_000", "1_000"),
    ("a: 0.5", 0.5),
    ("a: -3", -3),
    ("a: 1e3", "1e3"),
    ("a: .inf", ".inf"),
    ("a:", None),
    ("a: null", None),
    ("a: ~", None),
    ('a: "24"', "24"),
    ("a: {b: [1, x]}", {"b": [1, "x"]}),
    ("a: &x {k: 1}", {"k": 1}),
    ("\ufeffa: 1", 1),
]


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "x.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_only_what_is_plainly_a_number_or_a_truth_is_one(tmp_path: Path, text: str, value: Any) -> None:
    read, mistakes = read_yaml(write(tmp_path, text), "x.yml")
    assert mistakes == []
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


def test_every_key_written_twice_is_told_with_its_line(tmp_path: Path) -> None:
    text = "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"
    _, mistakes = read_yaml(write(tmp_path, text), "x.yml")
    assert sorted(mistake.path for mistake in mistakes) == ["line 4", "line 5"]


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"# only this\n", b"a: [1\n", b"a: b: c\n", b"\ta: 1\n", b"a: \xff\xfe\n", b"\x00\x01\x02", b"a: 'x\n"),
        *(b"!!python/object/apply:os.system [ls]\n", b"? [a]\n: 1\n", b"a: *nobody\n", b"--- 1\n--- 2\n", b"a: \x07\n"),
    ],
)
def test_what_is_not_yaml_is_a_mistake_and_not_a_crash(tmp_path: Path, text: bytes) -> None:
    read, mistakes = read_yaml(write(tmp_path, text), "x.yml")
    assert read is None
    assert len(mistakes) == 1
    assert mistakes[0].file == "x.yml"
    assert mistakes[0].write


def test_a_file_that_cannot_be_opened_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "x.yml").mkdir()
    _, mistakes = read_yaml(tmp_path / "x.yml", "x.yml")
    assert [mistake.write for mistake in mistakes] == ["make it readable"]


def test_a_mistake_reads_file_path_found_write() -> None:
    mistake = Mistake("config/routing.yml", path_of(("rules", 3, "to")), shown("housing_x"), one_of("x", ["a", "b"]))
    assert str(mistake) == "config/routing.yml: rules[3].to: 'housing_x': write one of a, b"
    assert path_of(()) == "(the whole file)"


def test_the_nearest_word_is_named_and_a_long_list_is_cut() -> None:
    assert one_of("hosing", ["housing", "health"], "department") == (
        "no such department; did you mean housing? write one of housing, health"
    )
    many = one_of("x", [f"unit{number}" for number in range(60)])
    assert many.endswith("unit23, … (60 in all)")
    assert one_of("x", []) == "write one of (there is none yet)"
    assert shown("字" * 60) == repr("字" * 40 + "…")
