"""``huiying report notice``: the papers of one case, from the store. Only masked text goes in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from alerting.text import OFFICE_BASIS
from casework.domain.case import Case
from casework.domain.emergency import is_open, reported_at, track
from casework.domain.marks import drafter
from casework.domain.matching import REPORT
from casework.domain.moves import GATES, STATES
from casework.domain.times import short_time
from casework.services.open_cases import find_case
from pipeline.errors import CallError

if TYPE_CHECKING:
    from pipeline.papers.incident import IncidentFacts
    from pipeline.papers.notice import Limit, NoticeFacts
    from pipeline.papers.paper import Paper
    from pipeline.wiring import Context

NAMES = {"first": "初审", "second": "复审", "third": "终审（主要负责人）", "secrecy": "保密审查"}
"""The reviews as the form calls them."""
INCIDENT = ("incident", "follow_up")
NEED_UNIT = frozenset({"assign", "supervise", "urge"})


def paper_of(context: Context, kind: str, id_: str, now: datetime) -> Paper:
    """The paper ``kind`` of case ``id_``. Raises CallError where it must not or cannot be made, NotFound.

    A 检举控告, also a suspected one, has none: the paper goes round, and the unit reported may read it
    (信访工作条例 第三十条).
    """
    from pipeline.papers.incident import incident_paper
    from pipeline.papers.notice import KINDS, notice_paper

    if kind not in (*KINDS, *INCIDENT):
        raise CallError(f"--kind {kind!r}: write one of {', '.join((*KINDS, *INCIDENT))}")
    case = find_case(context.store, id_)
    if case.petition_kind == REPORT:
        raise CallError(f"{case.id}: a 检举控告 has no paper that goes round; it is handled by itself")
    units = {case.department, *case.co_departments}
    if units & set(case.excluded):
        raise CallError(f"{case.id}: a unit that the case excludes has it; assign it anew first")
    if kind in INCIDENT:
        return incident_paper(_incident(context, case), kind == "follow_up", now)
    if kind in NEED_UNIT and case.department is None:
        raise CallError(f"{case.id}: no department has it yet; assign it first")
    if kind in NEED_UNIT and case.ended:
        raise CallError(f"{case.id}: it has ended ({STATES[case.state]}); there is nothing to ask for")
    facts = _facts(context, case, now)
    if kind == "urge" and not any(one.late for one in facts.limits):
        raise CallError(f"{case.id}: nothing is overdue; there is nothing to urge")
    return notice_paper(kind, facts, now)


def _facts(context: Context, case: Case, now: datetime) -> NoticeFacts:
    from pipeline.papers.notice import NoticeFacts

    mask = context.masker.of_case().mask_text
    posts = [record.post for record in context.store.get_posts(list(case.posts)).values()]
    office = context.office
    root = next((post for post in posts if post.id == case.posts[0]), None) if case.posts else None
    unit = office.routing.departments.get(case.department or "")
    leader = (unit.contacts or {}).get("leader") if unit else None
    return NoticeFacts(
        case=case.id,
        posts=case.posts,
        title=mask(case.title),
        summary=mask(root.text) if root else "",
        sources=tuple(dict.fromkeys(post.source for post in posts)),
        links=tuple(mask(post.url) for post in posts if post.url),
        published=root.published_at if root else None,
        severity=case.severity,
        office=office.name,
        department=office.department_name(case.department),
        co_departments=tuple(office.department_name(one) for one in case.co_departments),
        leader=leader[0] if leader else "",
        signed=next((entry.at for entry in reversed(case.history) if entry.what == "signed"), None),
        limits=_limits(case, now),
        state=STATES[case.state],
        answers=tuple(url for url, _ in case.publications),
        draft=mask(case.draft or ""),
        drafter=drafter(case) or "",
        gates={NAMES[gate]: _passed(case, gate) for gate in GATES},
    )


def _incident(context: Context, case: Case) -> IncidentFacts:
    from pipeline.papers.incident import IncidentFacts, Known

    found = track(case)
    if found is None:
        raise CallError(f"{case.id}: no emergency track; open one: huiying emergency open {case.id}")
    mask = context.masker.of_case().mask_text
    return IncidentFacts(
        case=case.id,
        posts=case.posts,
        title=mask(case.title),
        severity=case.severity,
        office=context.office.name,
        open=is_open(case),
        discovered=case.moments.get("discovered", found.opened_at),
        information=tuple(Known(one.at, mask(one.text), mask(one.about)) for one in found.information),
        told=tuple(Known(one.at, mask(one.about), mask(one.text)) for one in found.told),
        since=max(reported_at(case), default=None),
    )


def _limits(case: Case, now: datetime) -> tuple[Limit, ...]:
    from pipeline.papers.notice import Limit

    return tuple(
        Limit(
            clock.rule.title,
            OFFICE_BASIS if clock.rule.basis == "office" else clock.rule.reference,
            clock.due,
            clock.late(now),
        )
        for clock in sorted(case.running(), key=lambda clock: (str(clock.due), clock.key))
    )


def _passed(case: Case, gate: str) -> str:
    """Who passed the present draft at ``gate`` and when; empty boxes where nobody has."""
    if gate in case.gates:
        for entry in reversed(case.history):
            if entry.what == "reviewed" and entry.data["gate"] == gate and entry.data["ok"]:
                return f"通过，{entry.by}，{short_time(entry.at)}"
    return "□通过　□不通过　签字："
