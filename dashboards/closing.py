"""What the page of a case says of closing and release: what is on record and missing, marks, proposals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.domain.case import Case
from casework.domain.closing import LEAD_FIELDS, Closing, Need, on_record
from casework.domain.follow_up import RESULTS, SATISFIED, SOLVED, answered_at, follow_ups, waiting
from casework.domain.marks import MARKS, endorsed, standing
from casework.records import User
from casework.services.closing import disposition_of, proposals
from dashboards import access

if TYPE_CHECKING:
    from pipeline.wiring import Context

FIELDS = dict(zip(LEAD_FIELDS, ("来源", "网址", "发布时间", "标题", "正文", "阅读数", "转发数", "评论数"), strict=True))


def shown(context: Context, user: User, case: Case, now: datetime, mask: Callable[[str], str]) -> dict[str, Any]:
    """``needs``: (what, whether it is on record, who records it, the clause); the rest fills the forms."""
    office = context.office
    closing, marks = office.closing, standing(case)
    disposition = disposition_of(context.store, case)
    roles = {name: role["title"] for name, role in office.roles.items()}
    may = {id_: item.title for id_, item in closing.items.items() if not item.by or user.role in item.by}
    # A rule's proposal is for those who may follow it.
    marking = access.may_do(user, office, case, "mark")
    return {
        "disposition": disposition,
        "needs": [_need(closing, case, need, roles) for need in closing.needs(case, disposition)],
        "marks": [(MARKS[mark], mask(why)) for mark, why in marks.items()],
        "endorsed": endorsed(case),
        "proposals": [(MARKS[one.mark], one.reason) for one in proposals(context.store, office, case, now)]
        if marking
        else [],
        "may_record": may,
        "may_mark": {mark: word for mark, word in MARKS.items() if mark not in marks},
        "marked": {mark: MARKS[mark] for mark in marks},
        "answered": {post: post for post in answered_at(case)},
        "results": RESULTS,
        "solved": SOLVED,
        "satisfied": SATISFIED,
        "followed": follow_ups(case),
        "waiting": waiting(case),
        "recipients": {id_: office.department_name(id_) for id_ in closing.recipients},
        "lead_fields": "、".join(FIELDS[name] for name in closing.lead_fields),
    }


def _need(closing: Closing, case: Case, need: Need, roles: dict[str, str]) -> tuple[str, bool, str, str]:
    who = dict.fromkeys(roles.get(role, role) for item in need.one_of for role in closing.who(item))
    done = bool(on_record(case) & set(need.one_of))
    return "或".join(closing.title(item) for item in need.one_of), done, "、".join(who), need.reference
