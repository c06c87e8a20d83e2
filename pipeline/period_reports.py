"""``huiying report weekly|monthly|scorecard``: figures of a week, a month or a quarter from the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from casework.domain.case import Case
from casework.domain.follow_up import outcomes
from casework.domain.times import SHANGHAI
from casework.ports import PostRecord
from pipeline.reports import MOST_POSTS, Gathered, figures_of, gather

if TYPE_CHECKING:
    from pipeline.papers.figures import Count
    from pipeline.papers.paper import Paper
    from pipeline.papers.period import CardFigures, UnitCard
    from pipeline.wiring import Context

TOP_FIELDS = 10
ANSWERED_KINDS = frozenset({"message", "hotline"})
"""Posts whose authors are owed an answer."""
NOT_OURS = {"rejected": "不予受理", "transferred": "移交"}
"""States of cases whose messages are in no rate, and what they are called."""


def paper_of(context: Context, kind: str, day: date, now: datetime) -> Paper:
    """The paper ``weekly``, ``monthly`` or ``scorecard`` of the period that ``day`` is in."""
    from pipeline.papers.period import PeriodFigures, card_paper, period_paper

    since, until = period(kind, day)
    got = gather(context, since, until)
    card = _card(context, got, now)
    if kind == "scorecard":
        return card_paper(context.office.name, since, until, card, now)
    judged = [record for record in got.records if record.assessment is not None]
    return period_paper(
        PeriodFigures(
            name={"weekly": "周报", "monthly": "月报"}[kind],
            figures=figures_of(context, got, now),
            fields=_labels(judged, "board_domain")[:TOP_FIELDS],
            types=_labels(judged, "petition_kind"),
            places=_places(judged),
            card=card,
            cut=MOST_POSTS if got.cut else None,
        ),
        now,
    )


def period(kind: str, day: date) -> tuple[datetime, datetime]:
    """[Monday, next Monday) for a week, else [the 1st, the next 1st), in +08:00."""
    if kind == "weekly":
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), SHANGHAI), datetime.combine(last, time(), SHANGHAI)


def _labels(judged: Sequence[PostRecord], name: str) -> tuple[Count, ...]:
    ids: dict[str, list[str]] = {}
    for record in judged:
        label = record.assessment.label(name) if record.assessment is not None else None
        if label is not None:
            ids.setdefault(label, []).append(record.post.id)
    return _counts(ids, sum(len(one) for one in ids.values()))


def _places(judged: Sequence[PostRecord]) -> tuple[Count, ...]:
    """Posts by the first region found in each; those that name none are their own row."""
    ids: dict[str, list[str]] = {}
    for record in judged:
        found = record.assessment.value.get("regions", ()) if record.assessment is not None else ()
        ids.setdefault(found[0]["path"] if found else "未写明地区", []).append(record.post.id)
    return _counts(ids, len(judged))


def _counts(ids: dict[str, list[str]], of: int) -> tuple[Count, ...]:
    from pipeline.papers.figures import Count

    order = sorted(ids, key=lambda label: (-len(ids[label]), label))
    return tuple(Count(label, len(ids[label]), of, tuple(ids[label])) for label in order)


def _card(context: Context, got: Gathered, now: datetime) -> CardFigures:
    from pipeline.papers.figures import Count
    from pipeline.papers.period import CardFigures

    units: dict[str, list[Case]] = {}
    left: dict[str, list[Case]] = {}
    for case in got.opened:
        # The duties of a merged case went to its winner, which counts its messages.
        if case.state in NOT_OURS:
            left.setdefault(NOT_OURS[case.state], []).append(case)
        elif case.state != "merged":
            units.setdefault(case.department or "", []).append(case)
    left["未转办"] = units.pop("", [])
    messages = _messages(context, got.opened)
    excluded = []
    for label, cases in left.items():
        ids = _ids(cases, messages)
        excluded.append(Count(label, len(ids), None, ids))
    cards = [_unit(context, unit, cases, messages, now) for unit, cases in sorted(units.items())]
    return CardFigures(tuple(card for card in cards if card.received), tuple(excluded))


def _messages(context: Context, cases: Iterable[Case]) -> frozenset[str]:
    """The posts of ``cases`` whose authors are owed an answer."""
    ids = list(dict.fromkeys(post for case in cases for post in case.posts))
    found = context.store.get_posts(ids)
    return frozenset(id_ for id_, record in found.items() if record.post.kind in ANSWERED_KINDS)


def _ids(cases: Iterable[Case], messages: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(post for case in cases for post in case.posts if post in messages))


def _unit(context: Context, unit: str, cases: Sequence[Case], messages: frozenset[str], at: datetime) -> UnitCard:
    from pipeline.papers.period import UnitCard

    received = _ids(cases, messages)
    met = {post for case in cases for post in case.answered}
    fate: dict[str, bool] = {}
    for clock in (clock for case in cases for clock in case.clocks):
        # Each message has its own clock; one that stands still or runs on has no fate yet.
        if clock.post in messages and clock.due is not None and "answered" in clock.rule.met_by:
            if clock.post in met and clock.met_at is not None:
                fate[clock.post] = fate.get(clock.post, True) and clock.met_at <= clock.due
            elif clock.late(at):
                fate[clock.post] = False
    said = outcomes(cases, context.office.scale)
    return UnitCard(
        context.office.department_name(unit),
        received,
        tuple(post for post in received if post in met),
        tuple(post for post, good in fate.items() if good),
        tuple(fate),
        (said.solved.count, said.solved.of),
        (said.satisfied.count, said.satisfied.of),
    )
