"""What the learning loop does with the training store: train, hold against the model in force, refuse what is worse."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.times import show_time
from nlp import classifiers
from nlp.labelling.petition import ACCUSING
from nlp.learning import Corrected, Verdict, learn
from nlp.linear import MODELS
from pipeline import corrections
from pipeline.drift import drift
from pipeline.wiring import Context

DAYS = 30


def learn_task(context: Context, task: str, data: Path, out: Path, models: Path = MODELS) -> Verdict | None:
    """Learn ``task`` from all its corrections, the last word on a post counting; None where there are none."""
    corrections.labels_of(task)
    last = {one.post: one for one in corrections.corrections(context) if one.task == task}
    found = [Corrected(one.title, one.text, label) for one in last.values() if (label := _learnt(task, one.label))]
    return learn(task, data, found, out, models) if found else None


def _learnt(task: str, label: str) -> str | None:
    """The label by which the heads of ``task`` call it; None where the heads do not know it and rules decide."""
    known = {name for recipe in classifiers.load(task).HEADS for name in recipe.labels}
    if task == "petition_kind" and label not in known:
        return next(iter(sorted(known - {ACCUSING})))
    return label if label in known else None


def monthly(context: Context, data: Path | None, now: datetime) -> dict[str, Any]:
    """The drift report, and a trial of every task with corrections, written beside each other under ``training``.

    What was accepted lies under ``training/models`` and is put in force by a person (``huiying train … --corrections
    --out``). Without ``data`` nothing is trained, and the report says so.
    """
    folder = context.settings.var / "training"
    report: dict[str, Any] = {"at": show_time(now), "drift": drift(context, DAYS, now), "trained": {}}
    learnt = corrections.tasks()
    tasks = sorted({one.task for one in corrections.corrections(context) if one.task in learnt})
    for task in tasks if data is not None else ():
        assert data is not None
        verdict = learn_task(context, task, data, folder / "models")
        if verdict is not None:
            report["trained"][task] = verdict.report
    if tasks and data is None:
        report["not_trained"] = f"HUIYING_SHARED names no folder of data sets; corrected: {', '.join(tasks)}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"report-{now:%Y-%m}.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {"report": str(path), "trained": {task: entry["accepted"] for task, entry in report["trained"].items()}}
