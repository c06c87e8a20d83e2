"""The training store: labels that people corrected, with the masked text they were corrected on, in the order given.

One JSON line a correction in ``training/corrections.jsonl`` of the working files. The post's assessment is corrected
at once, and again whenever the post is judged anew; ``huiying train`` learns from the file.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.assessment import BY_HAND, Assessment
from casework.domain.matching import REPORT
from casework.domain.times import store_time
from casework.records import AuditEntry, PostRecord
from pipeline import hand_labels
from pipeline.errors import CallError
from pipeline.wiring import Context

SAID = {
    "board_domain": (
        "城建",
        "交通",
        "企业",
        "环保",
        "治安",
        "政务",
        "教育",
        "就业",
        "医疗",
        "旅游",
        "三农",
        "文娱",
        "金融",
        "其他",
    ),
    "message_type": ("投诉", "求助", "咨询", "建言", "感谢", "举报"),
    "petition_kind": ("建议意见", "申诉求决", REPORT),
}
"""Labels that a person may give where the field has others than its linear heads learn (the rest goes by rules)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """``task``: the field of the assessment; ``was``: the label before, if any. Title and text are masked."""

    post: str
    revision: int
    task: str
    label: str
    was: str | None
    title: str
    text: str
    at: str
    by: str


def path_of(context: Context) -> Path:
    """Where this office's corrections stand."""
    return context.settings.var / "training" / "corrections.jsonl"


def tasks() -> tuple[str, ...]:
    """What learns from corrections: every classifier with heads."""
    from nlp import classifiers

    return tuple(name for name in classifiers.names() if classifiers.load(name).HEADS)


def labels_of(task: str) -> tuple[str, ...]:
    """The labels that may be given for ``task``. CallError: it has none, or is none."""
    from nlp import classifiers

    heads = classifiers.load(task).HEADS if task in classifiers.names() else ()
    learnt = tuple(dict.fromkeys(label for recipe in heads for label in recipe.labels))
    found = SAID.get(task, learnt) if learnt else ()
    if not found:
        known = ", ".join((*tasks(), *hand_labels.tasks()))
        raise CallError(f"{task!r} learns nothing from corrections; write one of {known}")
    return found


def correct(context: Context, post: str, task: str, label: str, by: str, now: datetime) -> Correction:
    """Take a correction in. CallError: unknown post, task or label, or the post has no assessment."""
    by_rule = task in hand_labels.tasks()
    if by_rule:
        hand_labels.value_of(task, label)
    elif label not in (allowed := labels_of(task)):
        raise CallError(f"{task}: label {label!r}; write one of {', '.join(allowed)}")
    record = context.store.get_posts([post]).get(post)
    if record is None or record.assessment is None:
        raise CallError(f"no such post with an assessment: {post!r}", kind="not_found")
    mask = context.masker.mask_text
    found = Correction(
        post=post,
        revision=record.revision,
        task=task,
        label=label,
        was=_said(record.assessment.value, task),
        title=mask(record.post.title or ""),
        text=mask(record.post.text),
        at=store_time(now),
        by=by,
    )
    _append(path_of(context), found)
    detail = {"task": task, "label": label, "was": found.was or ""}
    context.store.append_audit(AuditEntry(now, by, "corrected", post, detail))
    put_right(context, {post: record})
    return found


def _append(path: Path, correction: Correction) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(asdict(correction), ensure_ascii=False) + "\n")


def corrections(context: Context) -> Iterator[Correction]:
    """All corrections in order. CallError names a line that is none."""
    path = path_of(context)
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield Correction(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise CallError(f"{path}: line {number}: no correction ({error}); take the line out") from None


def put_right(context: Context, records: Mapping[str, PostRecord]) -> int:
    """Give the posts (id → record as it is in the store) the labels that people gave their present revision."""
    given: dict[str, dict[str, str]] = {}
    for one in corrections(context):
        record = records.get(one.post)
        if record is not None and record.revision == one.revision:
            given.setdefault(one.post, {})[one.task] = one.label
    posts = {id_: {"id": id_, **records[id_].post.to_json()} for id_ in given}
    judged = context.assessor.judge(posts.values())
    changed = {}
    for (id_, labels), answer in zip(given.items(), judged, strict=True):
        assessment = records[id_].assessment
        if assessment is not None:
            value = _corrected(assessment.value, labels)
            if labels.get("petition_kind") == REPORT and not value["accused"]:
                value["accused"] = _bodies(context, value["units"], posts[id_])
            changed[id_] = (Assessment(value, assessment.revision), answer.words)
    context.store.put_assessments(changed)
    return len(changed)


def _followed(value: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The disposition where it only followed from 检举控告: nothing says now what it is, so a person should look."""
    found = value.get("disposition") or {}
    if kind == REPORT or found.get("rule") != "report":
        return {}
    unsure = (
        {"unsure": [*value["unsure"], "disposition"]}
        if "disposition" not in value.get("unsure", ["disposition"])
        else {}
    )
    return {"disposition": {"label": "实际困难", "score": 0.5, "rule": "difficulty"}, **unsure}


def _said(value: Mapping[str, Any], task: str) -> str | None:
    if task in hand_labels.tasks():
        return hand_labels.said(value, task)
    return (value.get(task) or {}).get("label")


def _bodies(context: Context, units: Sequence[str], post: Mapping[str, Any]) -> list[str]:
    """Every official body that is named: rather one too many is kept from the case than one too few (信访 第三十条).
    A firm or a private person is no body that a 检举控告 accuses."""
    departments = context.office.routing.departments
    named = [unit for unit in units if unit in departments]
    return list(dict.fromkeys((*named, *context.assessor.bodies(post))))


def _corrected(value: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    new = dict(value)
    evidence, models = dict(new.get("evidence", {})), dict(new.get("models", {}))
    for task, label in labels.items():
        if task in hand_labels.tasks():
            new = hand_labels.put_in(new, task, label)
        elif task in ("rumour", "offensive"):
            new[task] = {"score": float(label in ("rumor", "offensive"))}
        else:
            new[task] = {"label": label, "score": 1.0}
        if task == "sentiment":
            new[task] |= {name: float(name == label) for name in ("positive", "neutral", "negative")}
        if task == "petition_kind":
            new["accused"] = list(new.get("accused", ())) if label == REPORT else []
            new |= _followed(new, label)
        evidence.pop(task, None)
        models[task] = BY_HAND
    # What a person said is not unsure any more.
    left = {"unsure": [name for name in new["unsure"] if name not in labels]} if "unsure" in new else {}
    return new | {"evidence": evidence, "models": models} | left
