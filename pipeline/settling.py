"""An act of a person on a case; where it settles whether the case is a 检举控告, it is a correction too.

The case carries the decision (``casework.domain.acts.accusing``); its posts' assessments and the training store are
told, so that the same letter is not doubted again and the next training knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.domain.case import Case
from casework.domain.matching import REPORT
from casework.records import PostRecord
from casework.services.respond import act
from pipeline import corrections
from pipeline.wiring import Context

TASK = "petition_kind"


def settle(context: Context, case_id: str, verb: str, args: Mapping[str, str], by: str, now: datetime) -> Case:
    """Do ``verb`` (see ``respond.act``, whose errors it raises); ``confirm`` and ``lift`` put the posts right too.

    What is put right: after ``lift`` every post of the case that was taken for a 检举控告 or left in doubt, after
    ``confirm`` the post that opened the case (``args["post"]``, where given).
    """
    case = act(context.store, context.office, case_id, verb, args, by, now)
    if verb in ("confirm", "lift"):
        records = context.store.get_posts(list(case.posts))
        chosen = args.get("post") or case.history[0].data["trigger"]
        for id_, record in records.items():
            if record.assessment is not None and (id_ == chosen or (verb == "lift" and _doubted(record))):
                corrections.correct(context, id_, TASK, case.petition_kind or REPORT, by, now)
    return case


def _doubted(record: PostRecord) -> bool:
    judged = record.assessment
    return judged is not None and (judged.label(TASK) == REPORT or TASK in judged.unsure)
