"""What the system's own entries say, in words: which limit, who was told. Derived when shown; nothing is rewritten."""

from __future__ import annotations

from casework.domain.case import Case
from casework.domain.happenings import Happening
from casework.domain.marks import MARKS
from casework.domain.notice import NAMES
from casework.domain.office import Office
from casework.domain.times import parse_time, short_time
from casework.services.roster import ROLE_NAMES

PAPERS = frozenset({"urged", "circulated"})
"""Kinds of notice that are a paper of their own; a rung is called by it."""
SENDING = {
    "notified": "已送达",
    "notice_failed": "未送达",
    "notice_arrived": "已确认收到",
    "notice_resent": "重新发给",
    "notice_outdated": "事项已办，不再发给",
}
STEPS = {"reminded": "提醒", "overdue": "到期未办", "escalated": "逾期督办"}


def note_of(case: Case, entry: Happening, office: Office) -> str | None:
    """The note a person gave; for what supervision and notices leave, the limit and the recipients by their roles."""
    if entry.what == "acknowledged":
        held = f"提醒和升级暂停到 {short_time(parse_time(entry.data['until']))}"
        return f"{held}；{entry.note}" if entry.note else held
    if entry.what in ("marked", "unmarked"):
        return f"{MARKS[entry.data['mark']]}：{entry.note}"
    if entry.what == "recorded":
        return office.closing.title(entry.data["item"])
    if entry.note is not None:
        return entry.note
    if entry.what in STEPS:
        told = "、".join(recipient(notice["to"], office) for notice in entry.data.get("notices", ()))
        papers = {notice["kind"] for notice in entry.data.get("notices", ())} & PAPERS
        about = f"{NAMES[min(papers)] if papers else STEPS[entry.what]}：{duty_of(case, str(entry.data['clock']))}"
        return f"{about}；通知{told}" if told else f"{about}；期限已过，未再发送"
    if entry.what in SENDING:
        return _sent(case, entry, office)
    return None


def recipient(to: str, office: Office) -> str:
    """``department/role`` in words: the department's name with the role, never an address."""
    department, _, role = to.partition("/")
    id_ = office.review_desk if department == "@review" else department
    return f"{office.department_name(id_)}{ROLE_NAMES.get(role, role)}"


def duty_of(case: Case, key: str) -> str:
    """The limit of a clock: its rule, the clause, the message it is owed to; the key where no clock has it any more."""
    for clock in case.clocks:
        if clock.key == key:
            owed = f"，{clock.post}" if clock.post else ""
            return f"{clock.rule.title}（{clock.rule.id}，{clock.rule.reference}{owed}）"
    return key


def _sent(case: Case, entry: Happening, office: Office) -> str | None:
    notice = next((found for found in case.outbox if found.key == entry.data["key"]), None)
    if notice is None:
        return None
    key = notice.facts.get("clock")
    about = f"：{duty_of(case, key)}" if key else ""
    more = f"（合并 {len(entry.data['with']) + 1} 条）" if entry.data.get("with") else ""
    done = "回执不明" if entry.what == "notice_arrived" and entry.data["ok"] is None else SENDING[entry.what]
    return f"{NAMES[notice.kind]}通知{done}{recipient(notice.to, office)}{about}{more}"
