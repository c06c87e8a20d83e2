"""Sets that one head is trained on and others lean on: their recipes, for ``Recipe.support``.

A related model is solved again whenever a head that leans on it is trained, never on that head's own judged rows, and
leaves nothing behind but its share in the head's weights.
"""

from __future__ import annotations

from pathlib import Path

from nlp.datasets import Recipe, Samples, find, read, rows
from nlp.text import FACE

SIGNS = ("negative", "positive")
THREE = ("negative", "neutral", "positive")
EMOTIONS = ("angry", "sad", "fear", "surprise", "happy", "neutral")
_THREE = {"-1": "negative", "0": "neutral", "1": "positive"}
_OFFENSIVE = {"0": "fine", "1": "offensive"}
VIEWS = ("char", "word")


def faces(folder: Path) -> Samples:
    """weibo_senti_100k: the sign of a post's emoticons, learned without the emoticons."""
    path = find(folder, "weibo_senti_100k_devtest")
    result = Samples(files=[path.name])
    for row in rows(path, ("label", "text")):
        result.add("", FACE.sub("", row["text"]), SIGNS[int(row["label"])])
    return result.unique()


def weibo2018(folder: Path) -> Samples:
    """weibo2018: negative or not."""
    return read(folder, "weibo2018_train", lambda row: SIGNS[int(row["label"])]).unique()


def covid(folder: Path) -> Samples:
    """Posts on the epidemic, three sentiments."""
    return read(folder, "ncov_weibo3_seg_train", lambda row: _THREE[row["label"]], "text_seg").unique()


def usual(folder: Path) -> Samples:
    """SMP 2020: emotions of everyday posts."""
    return read(folder, "smp2020_usual_train_dev", lambda row: row["label"]).unique()


def virus(folder: Path) -> Samples:
    """SMP 2020: emotions of posts on the epidemic."""
    return read(folder, "smp2020_virus_train_dev", lambda row: row["label"]).unique()


def cold(folder: Path) -> Samples:
    """COLD; a group is a topic, since posts of one topic repeat one another and a random split cannot rank models."""
    path = find(folder, "cold_offensive_train")
    result = Samples(files=[path.name])
    for row in rows(path, ("text", "label", "topic")):
        result.add("", row["text"], _OFFENSIVE[row["label"]], group=row["topic"])
    return result.unique()


FACES = Recipe("faces", SIGNS, faces, VIEWS, "svc", 0.1)
WEIBO2018 = Recipe("weibo2018", SIGNS, weibo2018, VIEWS, "svc", 0.3)
COVID = Recipe("covid", THREE, covid, VIEWS, "svc", 0.3)
USUAL = Recipe("usual", EMOTIONS, usual, VIEWS, "svc", 0.3)
VIRUS = Recipe("virus", EMOTIONS, virus, VIEWS, "svc", 0.3)
COLD = Recipe("cold", ("fine", "offensive"), cold, VIEWS, "svc", 0.3)
