"""One suite over all classifiers in the folder: it runs for a new one without being edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import classifiers
from nlp.assessor import Assessor
from nlp.linear import MODELS, read_card, sha256
from nlp.settings import read_settings

NAMES = classifiers.names()
TRAINED = [name for name in NAMES if classifiers.load(name).HEADS]
_MEGABYTES = 5 * 1024 * 1024


def test_the_folder_is_not_empty() -> None:
    assert len(NAMES) >= 10
    assert len(TRAINED) >= 7


@pytest.mark.parametrize("name", NAMES)
def test_a_classifier_has_the_form(name: str) -> None:
    module = classifiers.load(name)
    assert module.__doc__
    assert set(module.NEEDS) <= set(NAMES)
    assert callable(module.judge)
    heads = [recipe.name for recipe in module.HEADS]
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("name", NAMES)
def test_the_default_office_uses_it(name: str) -> None:
    assert name in read_settings()["nlp"]["classifiers"]


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_no_post_and_every_post(assessor: Assessor, name: str) -> None:
    assert list(assessor.assess([])) == []
    answers = list(
        assessor.assess([{"id": "a:1", "kind": "message", "text": text} for text in ("", "路灯坏了", "谢谢")])
    )
    assert len(answers) == 3
    assert all(answer[name] is not None for answer in answers)


@pytest.mark.parametrize("name", TRAINED)
def test_a_stored_head_is_what_its_card_says(name: str) -> None:
    card = read_card(MODELS, name)
    assert card["licence"]
    for recipe in classifiers.load(name).HEADS:
        entry = card["heads"][recipe.name]
        path: Path = MODELS / name / f"{recipe.name}.npz"
        assert entry["sha256"] == sha256(path)
        assert tuple(entry["labels"]) == recipe.labels
        assert entry["data"]
        assert entry["split"]
        assert path.stat().st_size <= _MEGABYTES


def test_an_unknown_classifier_is_named() -> None:
    with pytest.raises(ValueError, match="no classifier 'mood'; known: board_domain"):
        classifiers.load("mood")


def test_a_missing_need_is_named() -> None:
    with pytest.raises(ValueError, match="petition_kind needs message_type"):
        classifiers.in_order(["petition_kind"])
