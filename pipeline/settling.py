"""An act of a person on a case; where it settles whether the case is a 检举控告, it is a correction too.

The case carries the decision (``casework.domain.acts.accusing``); its posts' assessments and the training store are
told, so that the same letter is not doubted again and the next training knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.domain.case import Case
from casework.domain.closing import LEAD
from casework.domain.matching import LEVELS, REPORT
from casework.records import PostRecord
from casework.services.open_cases import find_case
from casework.services.respond import act
from pipeline import corrections, hand_labels
from pipeline.errors import CallError
from pipeline.leads import packet
from pipeline.wiring import Context

TASK = "petition_kind"
WHY = "更正判断"
"""The reason on record where an act follows from a corrected label."""


def settle(context: Context, case_id: str, verb: str, args: Mapping[str, str], by: str, now: datetime) -> Case:
    """Do ``verb`` (see ``respond.act``, whose errors it raises); ``confirm`` and ``lift`` put the posts right too.

    What is put right: after ``lift`` every post of the case that was taken for a 检举控告 or left in doubt, after
    ``confirm`` the post that opened the case (``args["post"]``, where given). A lead that is recorded says what
    ``leads.packet`` says.
    """
    if verb == "record" and args.get("item") == LEAD:
        args = {**args, "lead": packet(context, context.store.get_case(case_id))}
    case = act(context.store, context.office, case_id, verb, args, by, now)
    if verb in ("confirm", "lift"):
        records = context.store.get_posts(list(case.posts))
        chosen = args.get("post") or case.history[0].data["trigger"]
        for id_, record in records.items():
            if record.assessment is not None and (id_ == chosen or (verb == "lift" and _doubted(record))):
                corrections.correct(context, id_, TASK, case.petition_kind or REPORT, by, now)
    return case


def settling_verb(case: Case, task: str, label: str, post: str | None = None) -> str | None:
    """The act by which a label settles whether the case is a 检举控告, or of what level; None where it settles nothing.

    A level is the case's own where ``post`` opened it; no level can be set of a case that has ended.
    """
    if task == "severity":
        to = label.split(maxsplit=1)[0] if label.strip() else ""
        own = post == case.history[0].data["trigger"] and not case.ended
        return "level" if own and to in LEVELS and to != case.severity else None
    if task != TASK or label not in corrections.labels_of(task):
        return None
    already = not case.suspected and (case.petition_kind == REPORT) == (label == REPORT)
    return None if already else "confirm" if label == REPORT else "lift"


def correct(
    context: Context, post: str, task: str, label: str, by: str, now: datetime, version: str = ""
) -> str | None:
    """A person's label for a post; the label before. ``version``: of the case, as the person saw it.

    Where it settles whether the post's case is a 检举控告 it is the act itself, with its rights and its place in the
    case's history. CallError as ``corrections.correct``, and where a post that is or may be a 检举控告 has no case yet:
    taken for something else it would be handed to the unit it accuses (信访工作条例 第三十条). The errors of
    ``respond.act``.
    """
    record = context.store.get_posts([post]).get(post)
    if task == TASK and record is not None and record.decision is None and label != REPORT and _doubted(record):
        raise CallError(f"{post}: has no case yet; run huiying run --from open --until open, then give the label again")
    if record is not None and record.case is not None:
        case = find_case(context.store, record.case)
        verb = settling_verb(case, task, label, post)
        if task == "units" and case.petition_kind == REPORT:
            raise CallError(
                f"{post}: {case.id} is or may be a 检举控告; say who is kept out by huiying case confirm --unit"
            )
        if task in hand_labels.tasks():
            hand_labels.value_of(task, label)
        said = {"post": post, "kind": label, "reason": WHY, "to": label.partition(" ")[0], "version": version}
        if verb == "level":
            settle(context, case.id, verb, said, by, now)
        elif verb is not None:
            was = record.assessment.label(task) if record.assessment else None
            settle(context, case.id, verb, said, by, now)
            return was
    return corrections.correct(context, post, task, label, by, now).was


def _doubted(record: PostRecord) -> bool:
    judged = record.assessment
    return judged is not None and (judged.label(TASK) == REPORT or TASK in judged.unsure)
