"""What a person may say and what the heads learn of it."""

from __future__ import annotations

import pytest

from nlp import classifiers
from pipeline import corrections
from pipeline.learning import _learnt


@pytest.mark.parametrize("task", corrections.tasks())
def test_every_label_of_a_head_may_be_said_or_stands_for_the_rest(task: str) -> None:
    learnt = {label for recipe in classifiers.load(task).HEADS for label in recipe.labels}
    said = set(corrections.labels_of(task))
    assert said
    taken = {name for label in said if (name := _learnt(task, label))}
    assert taken == learnt
    assert len(learnt - said) <= 1


def test_what_goes_by_rules_teaches_no_head() -> None:
    assert _learnt("board_domain", "其他") is None
    assert _learnt("message_type", "举报") is None
    assert _learnt("petition_kind", "建议意见") == _learnt("petition_kind", "申诉求决")
