"""Sentiment of messages and news goes by a regression of its own kind; what it needs must be in the card."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.assessor import Assessor
from nlp.kind_sentiment import KINDS, entry_of, out_of_fold, probabilities, solve
from nlp.linear import ModelError


def test_a_regression_learns_and_gives_probabilities() -> None:
    y = np.repeat(np.arange(3), 20)
    x = np.eye(3)[y] + np.linspace(0, 0.3, 60)[:, None]
    entry = solve(x, y)
    chances = probabilities(x, entry)
    assert chances.argmax(axis=1).tolist() == y.tolist()
    assert np.allclose(chances.sum(axis=1), 1)
    assert entry["rows"] == 60
    assert entry == solve(x, y)


def test_no_row_is_judged_by_a_regression_that_saw_it() -> None:
    """Labels drawn by lot cannot be foretold by one who has not seen them."""
    lot = np.random.default_rng(5)
    y = lot.integers(0, 3, 300)
    x = lot.normal(size=(300, 60))
    assert np.mean(out_of_fold(x, y, 0).argmax(axis=1) == y) < 0.45
    assert np.mean(probabilities(x, solve(x, y)).argmax(axis=1) == y) > 0.5


@pytest.mark.parametrize(
    ("kind", "text", "label"),
    [
        ("message", "小区物业乱收停车费，投诉半年没人管，业主苦不堪言，强烈要求查处！", "negative"),
        ("hotline", "请问灵活就业人员怎样缴纳医疗保险，需要带哪些材料？", "neutral"),
        ("message", "感谢交警大队民警帮我找回走失的老人，特此表扬，谢谢你们！", "positive"),
        ("news", "市统计局发布三季度粮食产量数据", "neutral"),
    ],
)
def test_each_kind_goes_its_own_way(assessor: Assessor, kind: str, text: str, label: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": kind, "title": "", "text": text}])
    value = answer["sentiment"]
    assert value["label"] == label
    assert value["negative"] + value["neutral"] + value["positive"] == pytest.approx(1, abs=1e-3)


def test_kinds_in_one_batch_do_not_touch_one_another(assessor: Assessor) -> None:
    text = "路灯坏了半年没人修，出行太危险了"
    posts = [{"id": f"a:{kind}", "kind": kind, "text": text} for kind in ("weibo", "news", "message", "hotline")]
    together = [answer["sentiment"] for answer in assessor.assess(posts)]
    alone = [next(assessor.assess([post]))["sentiment"] for post in posts]
    assert together == alone
    assert together[2] == together[3]
    assert together[0] != together[2]


def test_a_card_without_a_regression_is_named_with_what_to_run() -> None:
    with pytest.raises(ModelError, match=r"no regression for news; run: huiying train sentiment"):
        entry_of({"kinds": {"message": {}}}, "news")
    assert set(KINDS.values()) == {"message", "news"}
