"""What opening a case asks of a post: its title, its moments, whom it accuses, what its case is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.domain import acts
from casework.domain.assessment import facts_of
from casework.domain.case import Case
from casework.domain.casualties import figures_of
from casework.domain.clock import FrozenRule
from casework.domain.departments import excluded_units
from casework.domain.event import Event
from casework.domain.matching import REPORT, Facts
from casework.domain.office import Office
from casework.ports import Grouper, Masker, PostRecord

KIND = "petition_kind"
TITLE = 60
"""Characters of a title taken from a text without one."""
HIDDEN_TITLE = "（检举控告件）"
"""The title of an event of which only reports of wrongdoing are known."""
ANSWERED_KINDS = ("message", "hotline")
"""Kinds whose author is owed an answer (豫办〔2016〕60号 三(7): 收集、整理、转办、督办、回复)."""

Freezer = Callable[[Facts, datetime], Sequence[FrozenRule]]
"""Which deadline rules apply to a matter, frozen as of a moment."""


@dataclass(frozen=True, slots=True)
class Opener:
    """What opening needs besides the store."""

    office: Office
    grouper: Grouper
    masker: Masker
    freeze: Freezer


def reports(record: PostRecord) -> bool:
    """Whether the post is a report of wrongdoing (检举控告)."""
    assert record.assessment is not None  # unopened() yields assessed posts only
    return record.assessment.label("petition_kind") == REPORT


def suspected(record: PostRecord, opener: Opener) -> bool:
    """Whether a person must say if the post is a 检举控告: it is unsure, and ``opening.yml`` asks for that."""
    assert record.assessment is not None  # see reports
    if reports(record) or KIND not in record.assessment.unsure:
        return False
    rule = opener.office.decide(facts_of(record.post, record.assessment))
    return rule.then == "to_review" and KIND in rule.when.unsure


def is_report(case: Case | None) -> bool:
    """Whether the case is one of a report of wrongdoing."""
    return case is not None and case.petition_kind == REPORT


def updated(case: Case, record: PostRecord, opener: Opener, now: datetime) -> Case:
    """The case told of a revision of its post, of what it now reports, and of an answer that the source shows."""
    done = {entry.what for entry in case.history}
    # Who confirmed it has also said who is accused: his own word is no news.
    if reports(record) and not ("confirmed" in done and _said_by_hand(record)):
        case = acts.restrict(case, record.post.id, _accused(record, opener), now)
    elif suspected(record, opener) and "lifted" not in done:
        case = acts.restrict(case, record.post.id, _kept_out(record, opener), now, suspected=True)
    if record.event is not None:
        case = acts.revise(case, record.post.id, record.revision, now)
    return acts.look(case, record.post, now, opener.office.worktime)


def known_since(record: PostRecord, now: datetime) -> datetime:
    """When the office had the post: the limit runs from then, however late the post was judged."""
    return min(record.post.collected_at, now)


def opening_of(
    id_: str,
    record: PostRecord,
    event: str,
    posts: tuple[str, ...],
    opener: Opener,
    state: str,
    reason: str,
    now: datetime,
) -> acts.Opening:
    """What the case of a post is opened with; ``event`` is the event's id."""
    post, assessment = record.post, record.assessment
    assert assessment is not None
    known = known_since(record, now)
    doubted = suspected(record, opener)
    excluded = _accused(record, opener) if reports(record) else _kept_out(record, opener) if doubted else ()
    return acts.Opening(
        id=id_,
        trigger=post.id,
        title=title_of(record, opener.masker),
        posts=posts,
        messages=(post.id,) if post.kind in ANSWERED_KINDS else (),
        event=event,
        severity=assessment.severity,
        petition_kind=REPORT if doubted else assessment.label("petition_kind"),
        board_domain=assessment.label("board_domain"),
        excluded=excluded,
        # Where those who review are named themselves, the discipline desk decides alone.
        state="opened" if doubted and opener.office.review_desk in excluded else state,
        reason=reason,
        moments=_moments(post.published_at, known, now),
        # When it happened is unknown until a person enters it: the time of discovery stands in, and the page says so.
        assumed=frozenset({"occurred"}),
        places=assessment.regions,
        figures=figures_of(post, assessment),
    )


def _said_by_hand(record: PostRecord) -> bool:
    return record.assessment is not None and record.assessment.by_hand(KIND)


def _accused(record: PostRecord, opener: Opener) -> tuple[str, ...]:
    assert record.assessment is not None
    return excluded_units(record.assessment.accused, opener.office.routing.departments)


def _kept_out(record: PostRecord, opener: Opener) -> tuple[str, ...]:
    """The departments that a letter in doubt names, and what belongs to them; the discipline desk is mostly asked."""
    assert record.assessment is not None
    named = [unit for unit in record.assessment.units if unit != opener.office.discipline_desk]
    return excluded_units(named, opener.office.routing.departments)


def _moments(published: datetime, known: datetime, now: datetime) -> Mapping[str, datetime]:
    return {
        "occurred": known,
        "published": published,
        "discovered": known,
        "received": known,
        "flagged": now,
        "level_set": now,
    }


def event_title(known: Event | None, record: PostRecord, masker: Masker) -> str:
    """The title of the event of a post: that of its first post which is no 检举控告.

    An event's title stands in papers and subscriptions, which circulate (信访工作条例 第三十条).
    """
    if reports(record):
        first = known is None or known.root == record.post.id
        return HIDDEN_TITLE if first or known is None else known.title
    if known is None or known.title == HIDDEN_TITLE:
        return title_of(record, masker)
    return known.title


def title_of(record: PostRecord, masker: Masker) -> str:
    """The title of a post, or its first line, masked and shortened."""
    post = record.post
    title = (post.title or "").strip()
    if not title:
        return masker.mask_text(post.text.strip().split("\n", 1)[0])[:TITLE] or "(无标题)"
    # The text first: it says of a name that it is one, and a title often has the name alone.
    seen = masker.of_case()
    seen.mask_text(post.text)
    return seen.mask_text(title)[:TITLE]
