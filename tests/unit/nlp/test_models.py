from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nlp.assessor import Assessor
from nlp.calibration import SURE, UNSURE, abstain, calibrate, ece, mean_scores, reliability, scores_of, softmax_of
from nlp.datasets import DataError
from nlp.linear import MODELS, ModelError, quantise, write_arrays
from nlp.train import tasks, train


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the stored models that a test may spoil."""
    return Path(shutil.copytree(MODELS, tmp_path / "models"))


def test_a_missing_model_is_named_with_what_to_run(models: Path) -> None:
    (models / "rumour" / "main.npz").unlink()
    with pytest.raises(ModelError, match=r"rumour.main\.npz: the model file is missing; run: huiying train rumour"):
        Assessor(models=models)


def test_a_missing_card_is_named(models: Path) -> None:
    (models / "emotion" / "card.json").unlink()
    with pytest.raises(ModelError, match="the model card is missing; run: huiying train emotion"):
        Assessor(models=models)


def test_a_damaged_model_is_named(models: Path) -> None:
    path = models / "sentiment" / "weibo.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"weibo\.npz: the model file is damaged.*huiying train sentiment"):
        Assessor(models=models)


@pytest.mark.parametrize(("key", "value"), [("features", "f1"), ("segmenter", "jieba")])
def test_a_model_of_another_version_is_named(models: Path, key: str, value: str) -> None:
    path = models / "offensive" / "card.json"
    card = json.loads(path.read_text(encoding="utf-8")) | {key: value}
    path.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=f"made for {key} '{value}'.*huiying train offensive"):
        Assessor(models=models)


def test_a_damaged_idf_table_is_named(models: Path) -> None:
    (models / "features" / "idf.npz").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"the idf table is damaged.*huiying train features"):
        Assessor(models=models)


def _write(folder: Path, name: str, header: list[str], rows: list[list[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data set of the form of CED, written here."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [["rumor", f"紧急扩散第{n}号通知,速转,某地明天停水停电"] for n in range(30)]
    rows += [["non-rumor", f"今天去公园散步第{n}次,天气不错,拍了花"] for n in range(30)]
    _write(folder, "ced_weibo_rumor_train", ["label", "text"], rows)
    return folder


def test_training_twice_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    first = train("rumour", data, tmp_path / "one", version="1")
    second = train("rumour", data, tmp_path / "two", version="1")
    assert first == second
    names = sorted(path.name for path in (tmp_path / "one" / "rumour").iterdir())
    assert names == ["card.json", "main.npz"]
    for name in names:
        assert (tmp_path / "one" / "rumour" / name).read_bytes() == (tmp_path / "two" / "rumour" / name).read_bytes()
    assert first["heads"]["main"]["scores"]["accuracy"] > 90
    assert set(first["heads"]["main"]["data"]) == {"ced_weibo_rumor_train.csv"}


def test_what_can_be_trained() -> None:
    assert tasks()[0] == "features"
    assert {"board_domain", "petition_topic", "message_type", "sentiment"} <= set(tasks())


@pytest.mark.parametrize(
    ("task", "message"), [("mood", "task 'mood' is not known"), ("rumour", "neither ced_weibo_rumor_train")]
)
def test_what_is_wrong_with_a_training_call(tmp_path: Path, task: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        train(task, tmp_path, tmp_path / "out")


def test_a_missing_column_is_named(data: Path, tmp_path: Path) -> None:
    _write(data, "ced_weibo_rumor_train", ["etikett", "text"], [["rumor", "x"]])
    with pytest.raises((DataError, KeyError), match="label"):
        train("rumour", data, tmp_path / "out")


def test_arrays_written_twice_are_the_same_file(tmp_path: Path) -> None:
    arrays = {"b": np.arange(5), "a": np.eye(3)}
    write_arrays(tmp_path / "1.npz", arrays)
    write_arrays(tmp_path / "2.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()
    with np.load(tmp_path / "1.npz") as stored:
        assert stored["b"].tolist() == [0, 1, 2, 3, 4]


def test_quantising_errs_by_half_a_step_at_most() -> None:
    weights = np.random.default_rng(0).normal(size=(1000, 3)).astype(np.float32)
    small, scale = quantise(weights)
    assert small.dtype == np.int8
    assert np.abs(small * scale - weights).max() <= scale.max() * 0.51


def test_calibrated_scores_are_probabilities() -> None:
    """Decisions made from known probabilities: the calibration error falls to almost nothing."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 3)).astype(np.float32) * 2
    chances = softmax_of(logits, 1.0, np.zeros(3))
    y = np.array([rng.choice(3, p=row / row.sum()) for row in chances.astype(np.float64)])
    slope, shift = calibrate(logits / 4, y)
    assert ece(softmax_of(logits / 4, slope, shift), y) < 0.03
    assert slope == pytest.approx(4, rel=0.15)


def test_scores_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score, f1_score

    rng = np.random.default_rng(1)
    decisions, y = rng.normal(size=(200, 4)), rng.integers(0, 4, 200)
    found = scores_of(decisions, y)
    guess = decisions.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(100 * accuracy_score(y, guess), abs=0.01)
    assert found["macro_f1"] == pytest.approx(100 * f1_score(y, guess, average="macro"), abs=0.01)


def test_reliability_counts_every_row_once_and_its_gaps_are_the_error() -> None:
    chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.45, 0.55]], dtype=np.float32)
    y = np.array([0, 1, 1, 1])
    bins = reliability(chances, y)
    assert [bin_["from"] for bin_ in bins] == [0.5, 0.7, 0.8, 0.9]
    assert sum(bin_["rows"] for bin_ in bins) == 4
    assert ece(chances, y) == pytest.approx((0.1 + 0.8 + 0.3 + 0.45) / 4, abs=1e-3)


def test_a_label_is_unsure_where_it_was_more_often_wrong_than_right() -> None:
    score = np.linspace(0.31, 0.99, 69, dtype=np.float32)
    chances = np.stack([score, 1 - score], axis=1)
    chosen = np.zeros(69, dtype=np.int64)
    y = np.where(score > 0.6, 0, 1)
    assert abstain(chances, y, chosen) == [pytest.approx(0.61, abs=0.011), UNSURE]
    assert abstain(chances, np.where(score > 0.9, 0, 1), chosen)[0] == SURE


def test_scores_of_rounds_are_tuned_on_the_other_half() -> None:
    """Decisions without any information: tuning the offsets must not make them look better than chance."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, 3000)
    rounds = [rng.normal(size=(3000, 3)).astype(np.float32) for _ in range(2)]
    found = mean_scores(rounds, y, tune=True)
    assert found["macro_f1"] == pytest.approx(33.3, abs=1.5)
    assert found["ece"] < 3
