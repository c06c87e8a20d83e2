"""Domain values ↔ JSON documents, the same for every store. Round trips are tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.domain.alarm import Alarm
from casework.domain.assessment import Assessment
from casework.domain.case import Case, replay
from casework.domain.departments import DISTRICT_CODE
from casework.domain.event import Event
from casework.domain.happenings import Happening
from casework.domain.matching import REPORT
from casework.domain.notice import Notice
from casework.domain.post import REVISED_BY, Post, parse_post
from casework.domain.times import parse_time, store_time
from casework.records import FACETS, AuditEntry, Grouped, Opened, PostRecord, Revision, Sheet, User

Doc = dict[str, Any]


def record_doc(record: PostRecord) -> Doc:
    """A post as kept: ``post`` is the contract's object, everything else is ours."""
    assessment = record.assessment
    return {
        "post": record.post.to_json(),
        "revision": record.revision,
        "revisions": [
            {"number": old.number, "until": store_time(old.until), "fields": dict(old.fields)}
            for old in record.revisions
        ],
        "assessment": None if assessment is None else {"revision": assessment.revision, "value": assessment.value},
        "event": record.event,
        "decision": record.decision,
        "case": record.case,
        "copy_of": record.copy_of,
        # Written only where it says something: stores of before do not have it.
        **({"bared": record.bared} if record.bared else {}),
    }


def record_from(doc: Mapping[str, Any]) -> PostRecord:
    """Read a post as kept."""
    assessment = doc["assessment"]
    return PostRecord(
        post=parse_post(doc["post"], kept=True),
        revision=doc["revision"],
        revisions=tuple(Revision(old["number"], parse_time(old["until"]), old["fields"]) for old in doc["revisions"]),
        assessment=None if assessment is None else Assessment(assessment["value"], assessment["revision"]),
        event=doc["event"],
        decision=doc["decision"],
        case=doc["case"],
        # Stores of before copies were told apart do not have it.
        copy_of=doc.get("copy_of"),
        bared=doc.get("bared"),
    )


def grouped_from(id_: str, doc: Mapping[str, Any], event: str) -> Grouped:
    """A post as grouping needs it again."""
    return Grouped(id_, doc["post"]["title"], doc["post"]["text"], event, doc.get("copy_of"))


def decided(record: PostRecord, found: Opened) -> PostRecord:
    """The record with what opening decided of it."""
    return replace(
        record, event=found.event, decision=found.decision, case=found.case, copy_of=found.copy_of or record.copy_of
    )


def todo_of(record: PostRecord) -> str | None:
    """What is to be done with a post: ``assess``, ``open`` or nothing."""
    if record.assessment is None or record.assessment.revision != record.revision:
        return "assess"
    return None if record.decision is not None else "open"


def answer_of(case: Case) -> str:
    """The text that was published as the answer; empty where none was."""
    return (case.draft or "") if case.publications else ""


def facets_of(record: PostRecord) -> dict[str, str | int | None]:
    """What a search filters and counts by, beside kind and source: empty for what is not judged and decided yet.

    ``report``: 1 where it is, or may be, a 检举控告.
    """
    assessment = record.assessment
    if assessment is None or record.decision is None:
        return dict.fromkeys((*FACETS[2:], "report", "decision", "cas"))
    report = assessment.label("petition_kind") == REPORT or "petition_kind" in assessment.unsure
    labels = {name: assessment.label(name) for name in FACETS[3:]}
    level = assessment.severity or "unknown"
    return {"severity": level, **labels, "report": int(report), "decision": record.decision, "cas": record.case}


def taken_in(known: PostRecord, newer: Post) -> tuple[PostRecord, str]:
    """The record after another look at the post, and whether it is ``changed`` or ``seen``.

    An older look than the one held is only seen: files may be loaded in any order and more than once. Of two looks of
    one moment (a row that stands in two exports) the later read is the newer; read again, the first is an old state.
    """
    if known.bared == "author":
        newer = replace(newer, author=None)
    elif known.bared is not None:
        # What was taken away for good does not come back because the source still shows it.
        return known, "seen"
    changed = known.post.changed_fields(newer)
    if not changed:
        return replace(known, post=known.post.refreshed(newer)), "seen"
    if _was(known, newer) or newer.collected_at < known.post.collected_at:
        return known, "seen"
    before = known.post.to_json()
    old = Revision(known.revision, newer.collected_at, {name: before[name] for name in (*changed, "collected_at")})
    post, revisions = known.post.revised(newer), (*known.revisions, old)
    return replace(known, post=post, revision=known.revision + 1, revisions=revisions, decision=None), "changed"


def _was(known: PostRecord, look: Post) -> bool:
    """Whether ``look`` shows an old state that comes again only because rows are read again.

    That is an earlier revision, in a look of the same moment; or, in a later look, one that was replaced within its
    own moment: an export holds two rows of one id, the second counts, and importing it again changes nothing.
    """
    state, shown = known.post.to_json(), look.to_json()
    at_once = look.collected_at == known.post.collected_at
    for old in reversed(known.revisions):
        state.update(old.fields)
        if all(state[name] == shown[name] for name in REVISED_BY):
            held_from = old.fields.get("collected_at")
            return at_once or (held_from is not None and parse_time(held_from) == old.until)
    return False


def event_doc(event: Event) -> Doc:
    """An event."""
    return {
        "id": event.id,
        "title": event.title,
        "posts": list(event.posts),
        "first_at": store_time(event.first_at),
        "last_at": store_time(event.last_at),
        "heat": event.heat,
        "case": event.case,
    }


def event_from(doc: Mapping[str, Any]) -> Event:
    """Read an event."""
    first, last = parse_time(doc["first_at"]), parse_time(doc["last_at"])
    return Event(doc["id"], doc["title"], tuple(doc["posts"]), first, last, doc["heat"], doc["case"])


def case_doc(case: Case) -> Doc:
    """A case: what is asked for by queries, and its history, which is the truth."""
    times = {"due": case.due, "look_at": case.look_at, "notify_at": case.notify_at, "opened_at": case.opened_at}
    return {
        "id": case.id,
        "state": case.state,
        "title": case.title,
        "posts": list(case.posts),
        "event": case.event,
        "severity": case.severity,
        "petition_kind": case.petition_kind,
        "department": case.department,
        "co_departments": list(case.co_departments),
        "excluded": list(case.excluded),
        "watchers": list(case.watchers),
        "board_domain": case.board_domain,
        "place": case.places[0][:DISTRICT_CODE] if case.places else None,
        "version": case.version,
        "dead": sum(notice.state == "failed" for notice in case.outbox),
        **{name: store_time(moment) if moment else None for name, moment in times.items()},
        "awaits": case.awaits,
        "history": [entry.to_json() for entry in case.history],
    }


def case_from(doc: Mapping[str, Any], token: str | None = None) -> Case:
    """Read a case: its history played again."""
    case = replay(doc["id"], [Happening.from_json(entry) for entry in doc["history"]])
    return replace(case, token=token, stored_version=doc.get("version"))


def alarm_doc(alarm: Alarm) -> Doc:
    """An alarm with its notices."""
    return {
        "id": alarm.id,
        "state": alarm.state,
        "since": store_time(alarm.since),
        "number": alarm.number,
        "notices": [_notice_doc(notice) for notice in alarm.notices],
    }


def _notice_doc(notice: Notice) -> Doc:
    times = {"created_at": notice.created_at, "next_at": notice.next_at, "sent_at": notice.sent_at}
    return {
        "key": notice.key,
        "kind": notice.kind,
        "to": notice.to,
        "facts": dict(notice.facts),
        "urgent": notice.urgent,
        "state": notice.state,
        "attempts": notice.attempts,
        "channel": notice.channel,
        "detail": notice.detail,
        "receipt": notice.receipt,
        **{name: store_time(moment) if moment else None for name, moment in times.items()},
    }


def alarm_from(doc: Mapping[str, Any], token: str | None = None) -> Alarm:
    """Read an alarm."""
    notices = tuple(_notice_from(notice) for notice in doc["notices"])
    return Alarm(doc["id"], doc["state"], parse_time(doc["since"]), doc["number"], notices, token)


def _notice_from(doc: Mapping[str, Any]) -> Notice:
    times = {name: parse_time(doc[name]) if doc[name] else None for name in ("created_at", "next_at", "sent_at")}
    return Notice(**{**doc, **times})


def sheet_doc(sheet: Sheet) -> Doc:
    """A sheet as exported."""
    return {"kind": sheet.kind, "id": sheet.id, "doc": dict(sheet.doc)}


def sheet_from(doc: Mapping[str, Any], token: str | None = None) -> Sheet:
    """Read a sheet."""
    return Sheet(doc["kind"], doc["id"], doc["doc"], token)


def user_doc(user: User) -> Doc:
    """An account."""
    return {
        "name": user.name,
        "role": user.role,
        "password": user.password,
        "department": user.department,
        "disabled": user.disabled,
    }


def user_from(doc: Mapping[str, Any]) -> User:
    """Read an account."""
    return User(doc["name"], doc["role"], doc["password"], doc["department"], doc["disabled"])


def audit_doc(entry: AuditEntry) -> Doc:
    """An entry of the log as stored."""
    return {**entry.body(), "hash": entry.hash}


def audit_from(doc: Mapping[str, Any]) -> AuditEntry:
    """Read an entry of the log."""
    return AuditEntry(parse_time(doc["at"]), doc["by"], doc["what"], doc["thing"], doc["detail"], doc["hash"])
