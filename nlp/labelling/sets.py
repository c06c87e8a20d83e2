"""What people label: the sets, their columns and classes, and the files that hold the labels.

Files of a set under ``nlp/labels``, all CSV in UTF-8 with one line a row:
``SET.sample.csv`` (row, stratum, of), ``SET.pass1.csv`` and ``SET.pass2.csv`` (row and one column a label, each by
another reader who has not seen the other), ``SET.agreed.csv`` (the same columns and ``rule``: which sentence of the
guide decided where the two differed; empty where they agreed).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.datasets import DataError, rows
from nlp.labelling.draw import Drawn, message, petition, petition_train, sentiment_message
from nlp.labelling.news import news, sentiment_news
from nlp.labelling.pairs import hot_pairs
from nlp.labelling.source import FILES, Letter, letters

FOLDER = Path(__file__).resolve().parent.parent / "labels"
PASSES = ("pass1", "pass2")


def _letters(folder: Path) -> Mapping[str, Letter]:
    return letters(folder, FILES)


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A set: its columns with their classes, how its sample is drawn from the data folder, and its texts by id.

    ``draw`` None: chosen once by what a model was unsure of, which no later model can choose again.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    draw: Callable[[Path], list[Drawn]] | None
    texts: Callable[[Path], Mapping[str, Letter]] = _letters


def _complaints(_folder: Path) -> list[Drawn]:
    """The letters of ``message`` that its readers call 投诉, to be judged for petition_kind."""
    kinds = settled("message")
    return [one for one in sample("message") if kinds[one.row]["message_type"] == "投诉"]


_PETITION = {
    "petition_kind": ("建议意见", "申诉求决", "检举控告"),
    "disposition": ("建设性意见", "实际困难", "重大问题", "不了解情况", "错误看法", "虚假信息"),
}
_SENTIMENT = {"sentiment": ("negative", "neutral", "positive")}
_KIND = {"petition_kind": _PETITION["petition_kind"]}
SETS = {
    entry.name: entry
    for entry in (
        LabelSet("petition", _PETITION, petition),
        LabelSet("petition_train", _KIND, petition_train),
        LabelSet("petition_border", _KIND, None),
        LabelSet("message", {"message_type": ("投诉", "求助", "咨询", "建言", "感谢", "举报")}, message),
        LabelSet("complaints", _KIND, _complaints),
        LabelSet("hot_pairs", {"same": ("yes", "no")}, hot_pairs),
        LabelSet("sentiment_message", _SENTIMENT, sentiment_message),
        LabelSet("sentiment_news", _SENTIMENT, sentiment_news, news),
    )
}


def named(name: str) -> LabelSet:
    """The set ``name``. DataError: unknown."""
    if name not in SETS:
        raise DataError(f"no label set {name!r}; write one of {', '.join(SETS)}")
    return SETS[name]


def drawn_again(name: str, folder: Path) -> list[Drawn]:
    """The sample of ``name`` drawn anew from the data ``folder``. DataError: unknown, or a sample drawn only once."""
    draw = named(name).draw
    if draw is None:
        raise DataError(
            f"{name}: its rows were chosen by what an earlier model was unsure of; they are not drawn again"
        )
    return draw(folder)


def sample(name: str, folder: Path = FOLDER) -> list[Drawn]:
    """The stored sample of a set, in its order."""
    path = folder / f"{named(name).name}.sample.csv"
    return [Drawn(row["row"], row["stratum"], int(row["of"])) for row in rows(path, ("row", "stratum", "of"))]


def write_sample(drawn: Iterable[Drawn], path: Path) -> None:
    """Store a sample."""
    _write(path, ("row", "stratum", "of"), ((one.row, one.stratum, str(one.of)) for one in drawn))


def read_labels(name: str, part: str, folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Row → column → label of ``SET.PART.csv``.

    DataError: a row that is not of the sample, stands twice or is missing, or a strange label.
    """
    chosen = named(name)
    path = folder / f"{name}.{part}.csv"
    wanted = {one.row for one in sample(name, folder)}
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows(path, ("row", *chosen.columns)), start=2):
        key = row["row"]
        if key not in wanted or key in found:
            what = "twice" if key in found else "not in the sample"
            raise DataError(f"{path}: line {number}: row {key!r} is {what}; the rows are those of {name}.sample.csv")
        for column, classes in chosen.columns.items():
            if row[column] not in classes:
                raise DataError(f"{path}: line {number}: {column} {row[column]!r}; write one of {', '.join(classes)}")
        found[key] = dict(row)
    if missing := sorted(wanted.difference(found)):
        raise DataError(f"{path}: {len(missing)} rows of the sample have no label, the first {missing[0]!r}")
    return found


def settled(name: str, folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """The agreed labels of a set; where there is one reader only, hers."""
    return read_labels(name, "agreed" if (folder / f"{name}.agreed.csv").is_file() else PASSES[0], folder)


def write_labels(name: str, part: str, labels: Sequence[Mapping[str, str]], folder: Path = FOLDER) -> None:
    """Store one pass, in the order of the sample; ``labels`` hold row, every column and, where agreed, rule."""
    extra = ("rule",) if part not in PASSES else ()
    columns = ("row", *named(name).columns, *extra)
    order = {one.row: number for number, one in enumerate(sample(name, folder))}
    ordered = sorted(labels, key=lambda label: order[label["row"]])
    _write(folder / f"{name}.{part}.csv", columns, ([one.get(column, "") for column in columns] for one in ordered))


def _write(path: Path, columns: Sequence[str], lines: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)
