"""Reading labelled data for training: CSV files, plain or gzip, found by name in a folder. No row is kept."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_NOTHING = re.compile(r"[\W_]+")


class DataError(ValueError):
    """A data file is missing or is not what is expected; the message names file, place and what to do."""


@dataclass(slots=True)
class Samples:
    """Rows to train one head on. All lists are of one length.

    ``judged``: rows that count in cross-validation and calibration; the others (weak labels, related sets) are
    only ever trained on. ``groups``: rows of one group are never split (None: rows are independent).
    ``files``: the files read, for the card.
    """

    posts: list[tuple[str, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    judged: list[bool] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add(self, title: str, text: str, label: str, weight: float = 1.0, judged: bool = True, group: str = "") -> None:
        """Append one row."""
        self.posts.append((title, text))
        self.labels.append(label)
        self.weights.append(weight)
        self.judged.append(judged)
        self.groups.append(group)

    def unique(self) -> Samples:
        """The same without rows whose letters repeat those of an earlier row; order kept."""
        seen: set[str] = set()
        result = Samples(files=self.files)
        rows = zip(self.posts, self.labels, self.weights, self.judged, self.groups, strict=True)
        for (title, text), label, weight, judged, group in rows:
            key = _NOTHING.sub("", title + text)
            if key not in seen:
                seen.add(key)
                result.add(title, text, label, weight, judged, group)
        return result

    def without(self, other: Samples) -> Samples:
        """The same without rows whose letters are those of a judged row of ``other``."""
        rows = zip(other.posts, other.judged, strict=True)
        held = {_NOTHING.sub("", title + text) for (title, text), judged in rows if judged}
        result = Samples(files=self.files)
        mine = zip(self.posts, self.labels, self.weights, self.judged, self.groups, strict=True)
        for (title, text), label, weight, judged, group in mine:
            if _NOTHING.sub("", title + text) not in held:
                result.add(title, text, label, weight, judged, group)
        return result


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one head is trained. ``samples`` reads the data folder.

    ``method``: ``svc`` (linear support vectors, balanced), ``nbsvm`` (the same on features times the naive Bayes
    log-count ratio, Wang and Manning 2012), ``both`` (weights averaged), ``ridge`` (least squares, balanced, through
    the origin). ``views``: see nlp.features; ``gains``: factor of each view's columns (empty: 1).
    ``support``: recipes on related rows, solved first; their decisions are further features and are folded in.
    ``cost``: liblinear's C, of ``ridge`` one over the penalty. ``tune``: tune class offsets for macro-F1 on out-of-fold
    decisions. ``form``: letters as they will be judged, no labels needed: of rows that are only trained on, only grams
    are learnt that such letters have as well (nlp.common_grams). ``apart``: cosine from which on two rows are taken for
    one matter told twice, so that one is not trained on where the other is held out (0: never).
    """

    name: str
    labels: tuple[str, ...]
    samples: Callable[[Path], Samples]
    views: tuple[str, ...] = ("char", "word")
    method: str = "both"
    cost: float = 1.0
    tune: bool = False
    support: tuple[Recipe, ...] = ()
    gains: tuple[float, ...] = ()
    form: Callable[[Path], Samples] | None = None
    apart: float = 0.0


def find(folder: Path, name: str) -> Path:
    """``folder/name.csv`` or ``.csv.gz``. DataError: neither is there."""
    for suffix in (".csv.gz", ".csv"):
        path = folder / f"{name}{suffix}"
        if path.is_file():
            return path
    raise DataError(f"{folder}: neither {name}.csv.gz nor {name}.csv is there; give the folder of the data sets")


def rows(path: Path, columns: Iterable[str] = ()) -> list[Mapping[str, str]]:
    """Rows of a CSV file (UTF-8, first line names the columns). DataError: unreadable, or a column is missing."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = sorted(set(columns).difference(reader.fieldnames or ()))
            if missing:
                raise DataError(f"{path}: line 1: no column {', '.join(missing)}; it has {reader.fieldnames}")
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from None


def read(
    folder: Path,
    name: str,
    label: Callable[[Mapping[str, str]], str | None],
    text: str = "text",
    title: str = "",
    weight: float = 1.0,
    judged: bool = True,
) -> Samples:
    """Samples of the data set ``name``; rows for which ``label`` answers None are left out.

    Blanks between words of a segmented file are taken out, so that its rows look like any other text.
    """
    path = find(folder, name)
    samples = Samples(files=[path.name])
    segmented = text.endswith("_seg")
    for row in rows(path, (text, title) if title else (text,)):
        found = label(row)
        if found is not None:
            body = row[text].replace(" ", "") if segmented else row[text]
            samples.add(row[title] if title else "", body, found, weight, judged)
    return samples


def join(*parts: Samples) -> Samples:
    """All rows of ``parts``, in order."""
    result = Samples()
    for part in parts:
        result.posts += part.posts
        result.labels += part.labels
        result.weights += part.weights
        result.judged += part.judged
        result.groups += part.groups
        result.files += [name for name in part.files if name not in result.files]
    return result
