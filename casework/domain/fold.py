"""How a history makes a case: one function a kind of happening, each from a case and an entry to the next case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from casework.domain import fold_notices
from casework.domain.case import Case
from casework.domain.clock import Clock, FrozenRule
from casework.domain.fold_clocks import (
    clocks_of,
    fulfilled_duties,
    levelled,
    met,
    paused,
    recounted,
    resumed,
    timed,
    without_lifted,
)
from casework.domain.handover import Handover
from casework.domain.happenings import Happening
from casework.domain.matching import REPORT
from casework.domain.notice import Notice
from casework.domain.rungs import Acknowledged
from casework.domain.times import parse_time


def apply(case: Case, entry: Happening) -> Case:
    """The case after ``entry``."""
    changed = _APPLY[entry.what](case, entry) if entry.what in _APPLY else case
    return replace(changed, history=(*case.history, entry))


def _notices(entry: Happening) -> tuple[Notice, ...]:
    return tuple(
        Notice(value["key"], value["kind"], value["to"], entry.at, value["facts"], value["urgent"])
        for value in entry.data.get("notices", ())
    )


def _opened(case: Case, entry: Happening) -> Case:
    data = entry.data
    rules = {value["id"]: FrozenRule.from_json(value) for value in data["rules"]}
    opened = replace(
        case,
        state=data["state"],
        title=data["title"],
        posts=tuple(data["posts"]),
        event=data["event"],
        severity=data["severity"],
        petition_kind=data["petition_kind"],
        board_domain=data["board_domain"],
        opened_at=entry.at,
        reason=data["reason"],
        excluded=tuple(data["excluded"]),
        # Histories of before 2026-11-24 do not say where it happened.
        places=tuple(data.get("places", ())),
        rules=rules,
        # Cases of before 2026-11-24 keep their moments in their clocks alone.
        moments={name: parse_time(at) for name, at in data.get("moments", {}).items()},
        assumed=frozenset(data.get("assumed", ())),
    )
    return replace(opened, clocks=clocks_of(opened, entry), outbox=_notices(entry))


def _joined(case: Case, entry: Happening) -> Case:
    fresh = tuple(post for post in entry.data["posts"] if post not in case.posts)
    return replace(case, posts=case.posts + fresh, clocks=case.clocks + clocks_of(case, entry))


def _restricted(case: Case, entry: Happening) -> Case:
    excluded = tuple(entry.data["excluded"])
    told = replace(case, petition_kind=REPORT, excluded=excluded, outbox=case.outbox + _notices(entry))
    told = replace(told, watchers=(), desk=None)
    stays = case.petition_kind == REPORT and not {case.department, *case.co_departments} & set(excluded)
    if stays or case.state == "to_review":
        return told
    return _taken_back(told, "to_review" if entry.data.get("suspected") else "opened")


def _confirmed(case: Case, entry: Happening) -> Case:
    return _taken_back(replace(case, petition_kind=REPORT, excluded=tuple(entry.data["excluded"])), "opened")


def _lifted(case: Case, entry: Happening) -> Case:
    return _taken_back(replace(case, petition_kind=entry.data["petition_kind"], excluded=()), "opened")


def _taken_back(case: Case, state: str) -> Case:
    """Who had it has it no more, and what he drafted has passed no gate."""
    state = case.state if case.ended else state
    return replace(case, state=state, department=None, co_departments=(), watchers=(), desk=None, gates=())


def _assigned(case: Case, entry: Happening) -> Case:
    data = entry.data
    moved = replace(
        case,
        state="assigned",
        department=data["department"],
        co_departments=tuple(data["co_departments"]),
        watchers=tuple(data.get("watchers", ())),
        desk=None,
        handover=Handover.of(entry),
        excluded=tuple(data["excluded"]),
        reason=data["reason"],
        clocks=without_lifted(replace(case, clocks=met(case, entry)), entry),
        outbox=case.outbox + _notices(entry),
        moments={"assigned": entry.at, **case.moments},
    )
    return replace(moved, clocks=moved.clocks + clocks_of(case, entry))


def _disputed(case: Case, entry: Happening) -> Case:
    moved = _moved("returned")(case, entry)
    desk = entry.data["desk"]
    return replace(moved, desk=desk, watchers=(*(name for name in case.watchers if name != desk), desk))


def _moved(state: str) -> Callable[[Case, Happening], Case]:
    def apply_move(case: Case, entry: Happening) -> Case:
        clocks = met(case, entry) + clocks_of(case, entry)
        return replace(case, state=state, clocks=clocks, outbox=case.outbox + _notices(entry))

    return apply_move


def _ended(state: str) -> Callable[[Case, Happening], Case]:
    """A move after which no duty runs: what is left ends with the case and is judged by that moment."""

    def apply_end(case: Case, entry: Happening) -> Case:
        ended = tuple(replace(clock, met_at=clock.met_at or entry.at) for clock in case.clocks)
        return replace(case, state=state, clocks=ended, outbox=case.outbox + _notices(entry))

    return apply_end


def _drafted(case: Case, entry: Happening) -> Case:
    # A new text has passed no gate, whatever an older one had passed.
    return replace(case, state="drafted", draft=entry.data["text"], gates=(), clocks=met(case, entry))


def _reviewed(case: Case, entry: Happening) -> Case:
    if not entry.data["ok"]:
        return replace(case, state="handling", gates=())
    gates = (*case.gates, entry.data["gate"])
    return replace(case, state=entry.data["state"], gates=gates, clocks=met(case, entry))


def _endorsed(case: Case, entry: Happening) -> Case:
    # What is sent back has to pass every gate again.
    return case if entry.data["ok"] else replace(case, state="handling", gates=())


def _published(case: Case, entry: Happening) -> Case:
    link = (entry.data["url"], parse_time(entry.data["at"]))
    return replace(case, state="published", publications=(*case.publications, link), clocks=met(case, entry))


def _answered(case: Case, entry: Happening) -> Case:
    posts = entry.data["posts"]
    fresh = tuple(post for post in posts if post not in case.answered)
    return replace(case, answered=case.answered + fresh, clocks=met(case, entry, posts))


def _received(case: Case, entry: Happening) -> Case:
    return replace(case, clocks=met(case, entry, entry.data["posts"]))


def _withdrawn(case: Case, entry: Happening) -> Case:
    fresh = {value["key"]: value for value in entry.data["clocks"]}
    left = tuple(post for post in case.answered if post not in entry.data["posts"])
    clocks = tuple(
        Clock.from_json(fresh[clock.key], {clock.rule.id: clock.rule}) if clock.key in fresh else clock
        for clock in case.clocks
    )
    return replace(case, answered=left, clocks=clocks)


def _merged(case: Case, entry: Happening) -> Case:
    # The clocks stay here as they were; the winner's copies run on, so nothing is counted twice or lost.
    return replace(case, state="merged", merged_into=entry.data["into"])


def _absorbed(case: Case, entry: Happening) -> Case:
    extra = {value["id"]: FrozenRule.from_json(value) for value in entry.data["rules"]}
    known = replace(case, rules={**extra, **case.rules})
    # A clock runs on under the rule that its own case froze, also where the winner froze another value.
    clocks = tuple(Clock.from_json(value, extra) for value in entry.data["clocks"])
    fresh = tuple(post for post in entry.data["posts"] if post not in case.posts)
    excluded = tuple(sorted({*case.excluded, *entry.data["excluded"]}))
    # Of two limits of the case itself by one rule, the later one; histories of before 2026-11-24 have both.
    dropped = frozenset(entry.data.get("dropped", ()))
    # Histories of before 2026-11 do not say which of the loser's messages had their answer.
    answered = tuple(post for post in entry.data.get("answered", ()) if post not in case.answered)
    if not case.ended and {case.department, *case.co_departments} & set(excluded):
        # Between the two writes of the merge the winner came to a unit that the loser reports.
        known = replace(known, state="opened", department=None, co_departments=(), gates=())
    return replace(
        known,
        posts=case.posts + fresh,
        clocks=tuple(clock for clock in case.clocks if clock.key not in dropped) + clocks,
        excluded=excluded,
        watchers=tuple(name for name in case.watchers if name not in excluded),
        answered=case.answered + answered,
    )


def _parted(case: Case, entry: Happening) -> Case:
    gone = frozenset(entry.data["posts"])
    return replace(
        case,
        posts=tuple(post for post in case.posts if post not in gone),
        answered=tuple(post for post in case.answered if post not in gone),
        clocks=tuple(clock for clock in case.clocks if clock.post not in gone),
    )


def _alarmed(case: Case, entry: Happening) -> Case:
    return replace(case, outbox=case.outbox + _notices(entry))


def _acknowledged(case: Case, entry: Happening) -> Case:
    one = Acknowledged(entry.by, entry.at, parse_time(entry.data["until"]))
    return replace(case, acknowledged=(*case.acknowledged, one))


_APPLY: Mapping[str, Callable[[Case, Happening], Case]] = {
    "opened": _opened,
    "joined": _joined,
    "restricted": _restricted,
    "confirmed": _confirmed,
    "lifted": _lifted,
    "accepted": _moved("opened"),
    "rejected": _ended("rejected"),
    "assigned": _assigned,
    "signed": _moved("signed"),
    "returned": _moved("returned"),
    "disputed": _disputed,
    "handled": _moved("handling"),
    "extension_asked": lambda case, entry: replace(case, outbox=case.outbox + _notices(entry)),
    "level_proposed": lambda case, entry: replace(case, outbox=case.outbox + _notices(entry)),
    "extended": recounted,
    "recounted": recounted,
    "redated": recounted,
    "level_set": levelled,
    "time_set": timed,
    "paused": paused,
    "resumed": resumed,
    "drafted": _drafted,
    "reviewed": _reviewed,
    "endorsed": _endorsed,
    "published": _published,
    "answered": _answered,
    "withdrawn": _withdrawn,
    "followed_up": lambda case, entry: replace(case, clocks=met(case, entry, (entry.data["post"],))),
    "forwarded": _received,
    "received": _received,
    "fulfilled": fulfilled_duties,
    "closed": _ended("closed"),
    "reopened": _moved("handling"),
    "archived": _moved("archived"),
    "transferred": _ended("transferred"),
    "merged": _merged,
    "absorbed": _absorbed,
    "taken": _absorbed,
    "parted": _parted,
    "reminded": _alarmed,
    "overdue": _alarmed,
    "escalated": _alarmed,
    "acknowledged": _acknowledged,
    "emergency_closed": lambda case, entry: replace(case, clocks=without_lifted(case, entry)),
    "emergency_opened": lambda case, entry: replace(case, severity=entry.data["level"]),
    "notified": fold_notices.notified,
    "notice_failed": fold_notices.failed,
    "notice_arrived": fold_notices.arrived,
    "notice_outdated": fold_notices.outdated,
    "notice_resent": fold_notices.resent,
}
