"""Scores on the letters that people labelled, against the floors of ``nlp/labels/quality.json``.

A row of the answer has the form of ``nlp.floors``. No score is of a
row that the model had seen: the text heads of message_type leave the sample out, those of petition_kind are judged
out of fold, and disposition is judged with those out-of-fold accusations in place of the stored model's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from nlp.datasets import find
from nlp.datasets import rows as data_rows
from nlp.features import Extractor
from nlp.floors import calibration_of, row_of
from nlp.labelling import petition, scoring, units
from nlp.labelling.sets import FOLDER, named, sample, settled
from nlp.labelling.source import FILES, letters
from nlp.linear import MODELS, load_idf
from nlp.words import SEGMENTER, segmenter

_ELSEWHERE = "ldly_hangzhou_small"
_NOBODY = 0.999999
"""A threshold over which no letter accuses."""


@cache
def quality() -> tuple[Mapping[str, Any], ...]:
    """The floors: {"set", "task", "metric", "measured", "guard", "floor", "aim", "below"}."""
    return tuple(json.loads((FOLDER / "quality.json").read_text(encoding="utf-8"))["floors"])


def tasks() -> tuple[str, ...]:
    """Tasks with floors on labelled letters."""
    return tuple(dict.fromkeys(entry["task"] for entry in quality()))


def rows(folder: Path, models: Path = MODELS, only: str | None = None) -> Iterator[dict[str, Any]]:
    """A row a floor, then one a calibration error; ``folder``: the data sets. ``only``: this task alone."""
    measured: dict[str, Mapping[str, float]] = {}
    sets: dict[str, str] = {}
    for entry in quality():
        task = entry["task"]
        if only is not None and task != only:
            continue
        if task not in measured:
            measured[task] = _MEASURES[task](folder, models)
        sets.setdefault(task, entry["set"])
        yield row_of(entry, measured[task][entry["metric"]], _count(entry["metric"], measured[task]))
    for task, scored in _SCORED.items():
        if task in measured:
            judged = scored(folder, models)
            yield calibration_of(sets[task], task, *scoring.error(judged))


def _count(metric: str, measured: Mapping[str, float]) -> int:
    """Rows of a metric: those of its part (``rows_news`` of ``macro_f1_news``) where it has one."""
    return int(measured.get(f"rows_{metric.rpartition('_')[2]}", measured.get("rows", 0)))


def _of_message(folder: Path, models: Path) -> Mapping[str, float]:
    truth = settled("message")
    told = _assess(folder, models, list(truth), nobody=False)
    pairs = [(label["message_type"], told[row]["message_type"]["label"]) for row, label in truth.items()]
    return f1_scores(pairs, named("message").columns["message_type"]) | {"rows": float(len(pairs))}


def _of_petition_kind(folder: Path, models: Path) -> Mapping[str, float]:
    truth = settled("petition")
    accused = _accused(folder, models)
    told = _assess(folder, models, list(truth), nobody=True)
    pairs = [
        (label["petition_kind"], petition.ACCUSING if accused[row] else told[row]["petition_kind"]["label"])
        for row, label in truth.items()
    ]
    shares = _elsewhere(folder, models) | _complaints(folder, models)
    return _petition(folder, models) | shares | f1_scores(pairs, named("petition").columns["petition_kind"])


def _complaints(folder: Path, models: Path) -> dict[str, float]:
    """Per cent of ordinary complaints, weighted by stratum, that the stored model takes for accusations
    (``complaint_share``) or leaves to a person (``complaint_band``).

    They are the letters that two readers of message_type call 投诉 and that accuse nobody by the guide, without those
    of writers of whom a letter was trained on.
    """
    found, kinds = letters(folder, FILES), settled("complaints")
    writers = {found[row].user for name in petition.SETS for row in settled(name)}
    drawn = sample("message")
    counts = Counter(one.stratum for one in drawn)
    weight = {
        one.row: one.of / counts[one.stratum]
        for one in drawn
        if one.row in kinds
        and kinds[one.row]["petition_kind"] != petition.ACCUSING
        and found[one.row].user not in writers
    }
    told = _assess(folder, models, list(weight), nobody=False)
    parts = {"complaint_share": _is_taken, "complaint_band": _is_doubtful}
    total = sum(weight.values())
    return {
        name: round(100 * sum(weight[row] for row in weight if chosen(told[row])) / total, 2)
        for name, chosen in parts.items()
    }


def _is_taken(value: Mapping[str, Any]) -> bool:
    return bool(value["petition_kind"]["label"] == petition.ACCUSING)


def _is_doubtful(value: Mapping[str, Any]) -> bool:
    return "petition_kind" in value["unsure"]


def _elsewhere(folder: Path, models: Path) -> dict[str, float]:
    """Per cent of the letters of another city's board (Hangzhou) that the stored model takes for accusations
    (``elsewhere_share``) or leaves to a person (``elsewhere_band``).

    Nobody has labelled them; the board holds hardly any, so this bounds the share of ordinary letters taken wrongly.
    """
    from nlp.assessor import Assessor

    letters_ = data_rows(find(folder, _ELSEWHERE), ("title", "content"))
    posts = [
        {"id": str(at), "kind": "message", "title": row["title"], "text": row["content"]}
        for at, row in enumerate(letters_)
    ]
    told = list(Assessor(models=models).assess(posts))
    parts = {"elsewhere_share": _is_taken, "elsewhere_band": _is_doubtful}
    return {name: round(100 * sum(map(chosen, told)) / len(told), 2) for name, chosen in parts.items()}


def _of_disposition(folder: Path, models: Path) -> Mapping[str, float]:
    truth = settled("petition")
    told = [label for label, _ in _dispositions(folder, models)]
    pairs = [(label["disposition"], given) for label, given in zip(truth.values(), told, strict=True)]
    return f1_scores(pairs, named("petition").columns["disposition"]) | {"rows": float(len(pairs))}


def rules_of_disposition(folder: Path, models: Path = MODELS) -> list[tuple[str, bool]]:
    """(rule that decided, whether it was right) of each letter of ``petition``; accusations out of fold."""
    truth = settled("petition")
    found = _dispositions(folder, models)
    return [(rule, given == label["disposition"]) for label, (given, rule) in zip(truth.values(), found, strict=True)]


def _dispositions(folder: Path, models: Path) -> list[tuple[str, str]]:
    """(label, rule) of each letter of ``petition``."""
    accused = _accused(folder, models)
    told = _assess(folder, models, list(accused), nobody=True)
    values = {row: told[row]["disposition"] for row in accused}
    return [
        ("重大问题", "report") if accused[row] else (str(one["label"]), str(one["rule"])) for row, one in values.items()
    ]


def _of_units(folder: Path, _models: Path) -> Mapping[str, float]:
    return units.measure(folder)


def _of_sentiment(folder: Path, models: Path) -> Mapping[str, float]:
    from nlp.labelling import sentiment, whole_way

    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    return sentiment.measure(folder, extractor, models) | whole_way.measure(folder, extractor, models)


def _scored_message(folder: Path, models: Path) -> scoring.Judged:
    told = _assess(folder, models, list(settled("message")), nobody=False)
    return [
        (told[row]["message_type"]["score"], told[row]["message_type"]["label"] == label["message_type"])
        for row, label in settled("message").items()
    ]


def _scored_petition_kind(folder: Path, models: Path) -> scoring.Judged:
    """Of whether a letter accuses: what the out-of-fold score says of the label that it gives."""
    truth = settled("petition")
    scores = petition.accusing_scores(folder, _decisions(folder, models))
    return [
        (max(score, 1 - score), (score >= 0.5) == (label["petition_kind"] == petition.ACCUSING))
        for score, label in zip(scores, truth.values(), strict=True)
    ]


def _scored_disposition(folder: Path, models: Path) -> scoring.Judged:
    return scoring.held_out(rules_of_disposition(folder, models))


_SCORED = {
    "message_type": _scored_message,
    "petition_kind": _scored_petition_kind,
    "disposition": _scored_disposition,
}
_MEASURES = {
    "message_type": _of_message,
    "petition_kind": _of_petition_kind,
    "disposition": _of_disposition,
    "units": _of_units,
    "sentiment": _of_sentiment,
}


@cache
def _decisions(folder: Path, models: Path) -> Any:
    from nlp.classifiers.petition_kind import HEADS
    from nlp.train import Problem

    extractor = Extractor(segmenter(SEGMENTER), load_idf(models))
    return petition.decisions_apart(folder, Problem.of(HEADS[0], petition.training_samples(folder), extractor, folder))


def _petition(folder: Path, models: Path) -> dict[str, float]:
    return petition.evaluate(folder, _decisions(folder, models))


def _accused(folder: Path, models: Path) -> dict[str, bool]:
    taken = petition.taken(folder, _decisions(folder, models))
    return dict(zip(settled("petition"), taken.tolist(), strict=True))


def _assess(folder: Path, models: Path, ids: Sequence[str], nobody: bool) -> dict[str, dict[str, Any]]:
    """Row → assessment; ``nobody``: as if no letter accused."""
    from nlp.assessor import Assessor

    assessor = Assessor(models=models)
    if nobody:
        card = assessor.bank.cards["petition_kind"]
        signs = {**card["signs"], "threshold": _NOBODY}
        assessor.bank.cards = {**assessor.bank.cards, "petition_kind": {**card, "signs": signs}}
    found = letters(folder, FILES)
    posts = [{"id": row, "kind": "message", "title": found[row].title, "text": found[row].text} for row in ids]
    return {value["id"]: value for value in assessor.assess(posts)}


def f1_scores(pairs: Sequence[tuple[str, str]], classes: Sequence[str]) -> dict[str, float]:
    """{"accuracy", "macro_f1", "macro_f1_common"} in per cent of (truth, told) pairs.

    Macro over the ``classes`` that either names; ``macro_f1_common``: over those of ten rows or more.
    """
    values, common = [], []
    for label in classes:
        both = sum(truth == told == label for truth, told in pairs)
        true = sum(truth == label for truth, _ in pairs)
        total = true + sum(told == label for _, told in pairs)
        if total:
            values.append(2 * both / total)
        if true >= 10:
            common.append(2 * both / total)
    right = sum(truth == told for truth, told in pairs) / len(pairs)
    mean = {"macro_f1": sum(values) / len(values), "macro_f1_common": sum(common) / max(1, len(common))}
    return {"accuracy": round(100 * right, 2)} | {name: round(100 * value, 2) for name, value in mean.items()}
