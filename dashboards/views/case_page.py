"""One case: what to do now, the posts (masked), the limits, the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from casework.domain.assessment import BY_HAND
from casework.domain.case import Case
from casework.domain.departments import excluded_units
from casework.domain.emergency import LEVELS, track
from casework.domain.evidence import pieces
from casework.domain.handover import held
from casework.domain.moves import GATES
from casework.domain.times import SHANGHAI, parse_time
from casework.domain.words import LABEL_VALUES, LABELS
from casework.ports import NotFound
from casework.records import AuditEntry, PostRecord
from casework.services.emergency import picture, said_of
from casework.services.proposals import proposals
from casework.services.respond import report_desk
from casework.services.rising import RISE, course, trail
from casework.services.source_changes import source_changes
from dashboards import access, closing, forms, reprints, timeline, words
from dashboards.pages import context_of, guard_of, render
from dashboards.sessions import Session
from pipeline import corrections, hand_labels

router = APIRouter()
CATCHES_ALL = True
"""A case's id may hold any character, a slash too."""
SHOWN = 50
"""Posts shown of a case; the others are counted."""
READ = 1000
"""Posts read of a case: reprints are told among them."""
LISTED = 200
"""Reprints of a text that are listed with their address; all are counted by site."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a form: the status, what to tell, which verb it was for and what was entered."""

    status: int = 200
    message: str = ""
    verb: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)


@router.get("/cases/{id_:path}")
def case_page(request: Request, id_: str, done: str = "") -> Response:
    """The page of one case. A case that may not be seen answers as one that is not there."""
    session = guard_of(request).session(request)
    return show_case(request, session, find_case(request, session, id_), Told(), done=done)


def find_case(request: Request, session: Session, id_: str) -> Case:
    """The case; HTTP 404 where there is none or it may not be seen."""
    context = context_of(request)
    try:
        case = context.store.get_case(id_)
    except NotFound:
        raise HTTPException(404) from None
    if not access.visible(session.user, context.office, case):
        raise HTTPException(404)
    return case


def show_case(
    request: Request, session: Session, case: Case, told: Told, done: str = "", original: bool = False
) -> Response:
    """The page; that it was seen is logged before. ``original`` shows the posts unmasked (the caller logs why)."""
    context = context_of(request)
    context.store.append_audit(AuditEntry(context.now(), session.user.name, "viewed", case.id))
    now = context.now()
    possible = access.verbs(session.user, context.office, case)
    told_posts = _told(request, case)
    masker = context.masker.of_case()
    usual = [verb for verb in words.next_verbs(case) if verb in possible]
    return render(
        request,
        "case.html",
        told.status,
        session=session,
        case=case,
        clocks=words.by_due(case),
        awaits=case.awaits,
        earliest=min((clock.provisional for clock in case.running() if clock.provisional), default=None),
        posts=[_shown(case, one, str if original else masker.mask_text) for one in told_posts[:SHOWN]],
        more=len(told_posts[SHOWN:]) + len(case.posts[READ:]),
        reprints=sum(len(one.reprints) for one in told_posts),
        verbs=possible,
        main=usual[0] if usual else None,
        waits=words.waits(case, context.office),
        gate=GATES[len(case.gates)] if len(case.gates) < len(GATES) else None,
        told=told,
        kept=forms.kept(told.entered) if told.verb not in (*possible, "originals") else "",
        done=words.VERBS.get(done),
        choices=_choices(request, case, now),
        proposals=proposals(context.store, context.office, case, now) if "assign" in possible else [],
        names=context.office.department_name,
        discipline_desk=context.office.discipline_desk,
        entries=timeline.entries(case, context.office, masker.mask_text),
        corrigible=_corrigible() if access.may_do(session.user, context.office, case, "assign") else (),
        may_reveal=access.may_reveal(session.user, context.office),
        original=original,
        local_now=now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        closing=closing.shown(context, session.user, case, now, masker.mask_text),
        **_emergency(request, session, case, told_posts, masker.mask_text),
    )


def _emergency(
    request: Request, session: Session, case: Case, posts: list[reprints.Told], mask: Callable[[str], str]
) -> dict[str, Any]:
    """What the part on emergencies shows: the track, if the case has one, and whether it may be recorded."""
    context = context_of(request)
    records = [one.record for one in posts]
    return {
        "emergency": picture(case, context.office, records, context.now(), mask) if track(case) else None,
        "may_emergency": access.may_do(session.user, context.office, case, "emergency"),
        "emergency_levels": LEVELS,
        "said_of": said_of,
        "read": parse_time,
    }


def _choices(request: Request, case: Case, now: datetime) -> list[tuple[str, str]]:
    """The departments that may get the case: those that exist today and are not excluded; a report only its desk."""
    office = context_of(request).office
    departments, day = office.routing.departments, now.astimezone(SHANGHAI).date()
    barred = excluded_units(case.excluded, departments)
    if held(case.petition_kind, case.history):
        desk = report_desk(case, office, day)
        return [(desk, departments[desk].name)]
    return [(id_, found.name) for id_, found in departments.items() if found.alive(day) and id_ not in barred]


def _told(request: Request, case: Case) -> list[reprints.Told]:
    ids = list(case.posts[:READ])
    records = context_of(request).store.get_posts(ids)
    return reprints.fold(records[id_] for id_ in ids if id_ in records)


def _corrigible() -> list[tuple[str, str, tuple[str, ...]]]:
    """(task, its Chinese name, its labels) of what a person may correct."""
    learnt = [(task, corrections.labels_of(task)) for task in corrections.tasks()]
    ruled = [(task, found) for task in hand_labels.tasks() if (found := hand_labels.choices(task))]
    return [(task, LABELS.get(task, task), labels) for task, labels in (*learnt, *ruled)]


def _judged(record: PostRecord) -> list[str]:
    """领域：城建 … as the assessment says now."""
    value = record.assessment.value if record.assessment else {}
    found = [(task, value.get(task)) for task in LABELS]
    by_hand = {task: "（人工更正）" for task, model in value.get("models", {}).items() if model == BY_HAND}
    told = [
        f"{LABELS[task]}：{LABEL_VALUES.get(str(one['label']), one['label'])}{by_hand.get(task, '')}"
        for task, one in found
        if isinstance(one, dict) and one.get("label")
    ]
    if value.get("cut"):
        told.append(f"全文过长：类别只看了前 {value['cut']} 字")
    return told


def _pieces(record: PostRecord, text: str) -> list[tuple[str, str]]:
    """The text in parts, each with the labels that it decided, in Chinese (empty: none)."""
    evidence = record.assessment.value.get("evidence", {}) if record.assessment else {}
    return [(part, "、".join(LABELS.get(name, name) for name in names)) for part, names in pieces(text, evidence)]


def _shown(case: Case, told: reprints.Told, mask: Callable[[str], str]) -> dict[str, Any]:
    """A post as it may be shown: through ``mask``, never with its author."""
    post = told.record.post
    url = reprints.web_address(post.url)
    values = {"id": post.id, "kind": post.kind, "source": post.source, "at": post.published_at, "url": url}
    texts = {"title": mask(post.title or ""), "text": mask(post.text), "place": mask(post.place or "")}
    flags: dict[str, Any] = {"truncated": post.truncated, "answered": post.id in case.answered}
    flags["changes"] = [mask(change.words()) for change in source_changes([told.record])]
    flags |= {"rise": post.labels.get(RISE), "course": course(post), "trail": trail(post)}
    marked: dict[str, Any] = {
        "pieces": _pieces(told.record, texts["text"]),
        "head": _pieces(told.record, texts["title"]),
    }
    marked["judged"] = _judged(told.record)
    copies = {"copies": len(told.reprints), "reprints": told.reprints[:LISTED], "sites": told.sites()}
    return {**values, **texts, **marked, **flags, **copies}
