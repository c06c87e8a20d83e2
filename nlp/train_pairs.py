"""Training and judging of what compares two texts: the weights of words for events, and the reply check.

``fit(task)`` makes the model files and the card's entries; ``measure(task)`` the figures on rows that the measured
model has not been tuned on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nlp import train_reply
from nlp.datasets import find, rows
from nlp.grouping import Grouper
from nlp.labelling.sets import read_labels
from nlp.labelling.source import FILES, letters
from nlp.linear import MODELS, sha256
from nlp.matters import save_table
from nlp.settings import read_settings
from nlp.term_weights import Table, hashes_of, word_set
from nlp.text import normalise
from nlp.words import SEGMENTER, segmenter

TASKS = ("grouping", "reply")
RARE = 6.0
"""The greatest weight of a word: that of one text in 400; what is rarer still says no more of a matter."""
_LENGTH = 600
_CORPORA: Sequence[Sequence[tuple[str, Sequence[str]]]] = (
    (
        ("taidi_c_attach3_messages", ("title", "content")),
        ("taidi_c_attach2_test_unlabelled", ("title", "content")),
        ("taidi_c_attach2_raw_small", ("title", "content")),
        ("ldly_hangzhou_small", ("title", "content")),
        ("taidi_c_attach4_reply_half", ("title", "content")),
    ),
    (("news_stream_4topics_1500", ("text",)),),
    (
        ("weibo2018_train", ("text",)),
        ("smp2020_usual_train_dev", ("text",)),
        ("smp2020_virus_train_dev", ("text",)),
        ("ced_weibo_rumor_train", ("text",)),
    ),
)


def fit(task: str, data_path: Path, folder: Path) -> dict[str, Any]:
    """Make the model of ``task`` in ``folder``; what the card says of it. DataError: missing data."""
    made = train_reply.fit(data_path, folder) if task == "reply" else _fit_grouping(data_path, folder)
    scores = measure(task, data_path, folder.parent)
    made["heads"]["main"]["scores"] = {name: value for name, value in scores.items() if name != "rows"}
    return made


def _fit_grouping(data_path: Path, folder: Path) -> dict[str, Any]:
    cutter = segmenter(SEGMENTER)
    table = Table.of(
        [[hashes_of(word_set(text, cutter)) for text in _texts(data_path, part)] for part in _CORPORA], RARE
    )
    path = save_table(folder, table)
    files = [find(data_path, name) for part in _CORPORA for name, _ in part]
    entry = {"data": {file.name: sha256(file) for file in files}, "words": len(table.keys)}
    entry |= {"method": "least idf over letters, news and Weibo", "sha256": sha256(path), "bytes": path.stat().st_size}
    return {"heads": {"main": entry}}


def _texts(folder: Path, sets: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for name, columns in sets:
        for row in rows(find(folder, name), columns):
            yield normalise(" ".join(row[column] for column in columns))[:_LENGTH]


def measure(task: str, data_path: Path, models: Path = MODELS) -> dict[str, float]:
    """Metric → value in per cent, and ``rows``."""
    return train_reply.measure(data_path) if task == "reply" else _measure_grouping(data_path, models)


def _measure_grouping(data_path: Path, models: Path) -> dict[str, float]:
    """{"pair_f1", "precision", "recall", "rows"} in per cent (rows: a number) of the labelled pairs of letters.

    All letters of the set are grouped in the order of their times with the default office's settings; a pair is given
    as one matter where both are of one event. The labels are those that two readers agreed on.
    """
    labels = read_labels("hot_pairs", "agreed")
    grouper = Grouper.of_settings(read_settings()["nlp"]["grouping"], models)
    found = letters(data_path, ("attach3",))
    times = {
        f"attach3/{row['msg_id']}": train_reply.moment(row["time"]) for row in rows(find(data_path, FILES["attach3"]))
    }
    order = sorted(found.values(), key=lambda letter: (times[letter.id], letter.id))
    roots = {letter.id: grouper.add(letter.id, letter.title, letter.text).root for letter in order}
    right = said = wanted = 0
    for key, label in labels.items():
        one, other = key.split("+")
        given, true = roots[one] == roots[other], label["same"] == "yes"
        right, said, wanted = right + (given and true), said + given, wanted + true
    values = {"pair_f1": 2 * right / max(1, said + wanted), "precision": right / max(1, said), "recall": right / wanted}
    return {name: round(100 * value, 2) for name, value in values.items()} | {"rows": float(len(labels))}
