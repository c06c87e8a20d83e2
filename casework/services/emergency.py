"""突发事件: what people do on the emergency track of a case, and the track as one picture for page and command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from casework.domain.acts import emergency as acts
from casework.domain.case import Case
from casework.domain.clock import Clock
from casework.domain.deadlines import Unit
from casework.domain.emergency import LEVELS, Track, is_open, track, trail
from casework.domain.errors import DomainError
from casework.domain.notice import NAMES
from casework.domain.office import Office
from casework.domain.times import parse_time, show_time
from casework.ports import CaseFilter, Conflict, PostRecord, Store
from casework.services import authority
from casework.services.notice_facts import time_left
from casework.services.respond import level as set_level
from casework.services.telling import recipient

Args = Mapping[str, str]
Mask = Callable[[str], str]
VERBS: Mapping[str, str] = {
    "open": "启动突发事件处置",
    "inform": "记一条滚动信息",
    "told": "登记告知",
    "check": "核对清单",
    "review": "提交复盘",
    "close": "结束突发事件处置",
}
"""Every verb, as in ``huiying emergency VERB``, with its word."""
BY_THE_CLOCK = (Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS)


def act(store: Store, office: Office, case_id: str, verb: str, args: Args, by: str, now: datetime) -> Case:
    """Do ``verb`` on the track of a case and write it; the case as written.

    ``args`` by verb: open ``level reason``; inform ``text source`` (and ``at``); told ``who how`` (and ``at``); check
    ``item`` (and ``at``, or ``not_needed``: the reason); review ``text``; close (``note``). ``version``: the version
    that the person saw. Raises NotFound, IllegalMove (the account of ``by`` has no right
    to it), DomainError (what is wrong, what to do), Conflict.
    """
    if verb not in VERBS:
        raise DomainError(f"unknown verb {verb!r}; the verbs are {', '.join(VERBS)}")
    case = store.get_case(case_id)
    if args.get("version") and args["version"] != str(case.version):
        raise Conflict(f"{case_id} was changed by somebody else (version {case.version}, seen {args['version']})")
    authority.hold(store, office, case, "emergency", f"emergency {verb}", by)
    if verb == "open":
        changed = _opened(store, case, office, args, by, now)
    else:
        changed = _done(case, office, verb, args, by, now)
    store.save_case(changed)
    return changed


def _opened(store: Store, case: Case, office: Office, args: Args, by: str, now: datetime) -> Case:
    """The level first: its limits are those of an emergency, counted from the first moment; 较大 and above open it."""
    to, reason = args.get("level", ""), args.get("reason", "")
    if to in LEVELS and to != case.severity and not is_open(case) and not case.ended:
        case = set_level(store, case, {"to": to, "reason": reason}, by, now, office)
        if is_open(case):
            return case
    return acts.open_track(case, to, reason, by, now)


def _done(case: Case, office: Office, verb: str, args: Args, by: str, now: datetime) -> Case:
    at = parse_time(args["at"]) if args.get("at") else now
    if verb == "inform":
        return acts.inform(case, args.get("text", ""), args.get("source", ""), at, by, now)
    if verb == "told":
        return acts.told(case, args.get("who", ""), args.get("how", ""), at, by, now)
    if verb == "check":
        return acts.check_item(case, args.get("item", ""), office.checklist, at, by, now, args.get("not_needed", ""))
    if verb == "review":
        return acts.review_track(case, args.get("text", ""), by, now)
    return acts.close_track(case, office.checklist, by, now, args.get("note"))


def tracks(store: Store) -> Iterable[Case]:
    """The cases with an open track, the gravest level first, then by id.

    Found by their level, which is indexed: whoever opens a track by hand says the level.
    """
    for level in LEVELS:
        for case in store.list_cases(CaseFilter(severity=level)):
            if is_open(case):
                yield case


def picture(case: Case, office: Office, records: Iterable[PostRecord], now: datetime, mask: Mask) -> dict[str, Any]:
    """The track of a case, what people wrote masked; DomainError where it has none.

    ``countdown``: limits by the clock, what is due first comes first. ``checklist``: by part, each line with what was
    recorded of it. ``information``: rolling, by when it was so. ``told``: notices that arrived, and people told
    outside the system. ``net``: see ``domain.emergency.Trail``.
    """
    found = track(case)
    if found is None:
        raise DomainError(f"{case.id} has no emergency track; open one: huiying emergency open {case.id}")
    posts = [(record.post.kind, record.post.published_at) for record in records]
    return {
        "case": case.id,
        "title": case.title,
        "level": case.severity,
        "open": is_open(case),
        "opened_at": show_time(found.opened_at),
        "opened_by": found.by,
        "reason": mask(found.reason) or None,
        "countdown": [_counted(clock, now) for clock in _by_due(case)],
        "checklist": _checklist(found, office, mask),
        "information": [
            {"at": show_time(one.at), "source": mask(one.about), "text": mask(one.text), "by": one.by}
            for one in found.information
        ],
        "told": _told(case, found, office, mask),
        "net": _net(case, posts, now),
        "review": mask(found.review.text) if found.review else None,
        "closed_at": show_time(found.closed_at) if found.closed_at else None,
    }


def _by_due(case: Case) -> list[Clock]:
    chosen = [clock for clock in case.clocks if clock.rule.unit in BY_THE_CLOCK and clock.due is not None]
    return sorted(chosen, key=lambda clock: (clock.met_at is not None, clock.due, clock.key))


def _counted(clock: Clock, now: datetime) -> dict[str, Any]:
    assert clock.due is not None  # see _by_due
    return {
        "rule": clock.rule.id,
        "title": clock.rule.title,
        "reference": clock.rule.reference,
        "due": show_time(clock.due),
        "state": clock.state(now),
        "left": None if clock.met_at else time_left(clock.due, now),
        "done_at": show_time(clock.met_at) if clock.met_at else None,
    }


def _checklist(found: Track, office: Office, mask: Mask) -> list[dict[str, Any]]:
    lines = []
    for place, item in enumerate(office.checklist):
        mark = found.checks.get(item.id)
        lines.append(
            {
                "place": place,
                "part": item.part,
                "item": item.id,
                "text": item.text,
                "reference": item.reference,
                "required": item.required,
                "done_at": show_time(mark.at) if mark and not mark.about else None,
                "not_needed": mask(mark.text) if mark and mark.about else None,
                "by": mark.by if mark else None,
            }
        )
    return lines


def _told(case: Case, found: Track, office: Office, mask: Mask) -> list[dict[str, Any]]:
    """Who was told when, in the order of time; from the moment at which the track was opened for the first time."""
    notices = [
        (one.sent_at, recipient(one.to, office), f"{NAMES[one.kind]}（{one.channel}）", "huiying")
        for one in case.outbox
        if one.sent_at is not None
    ]
    people = [(one.at, mask(one.text), mask(one.about), one.by) for one in found.told]
    ordered = sorted([*notices, *people], key=lambda one: one[0])
    return [{"at": show_time(at), "who": who, "how": how, "by": by} for at, who, how, by in ordered]


def _net(case: Case, posts: Iterable[tuple[str, datetime]], now: datetime) -> dict[str, Any]:
    found = trail(case, posts)
    behind = found.behind(now)
    return {
        "on_net": show_time(found.on_net) if found.on_net else None,
        "reported": show_time(found.reported) if found.reported else None,
        "trails": behind is not None,
        "behind_minutes": None if behind is None else int(behind.total_seconds() // 60),
        "last_report": show_time(found.last) if found.last else None,
        "newer_on_net": found.newer,
    }


def said_of(net: Mapping[str, Any]) -> list[str]:
    """What the flags mean, in words."""
    said = []
    if net["trails"] and net["reported"] is None:
        said.append(f"信息报送滞后于网络：网上已出现 {net['behind_minutes']} 分钟，尚未报送")
    elif net["trails"]:
        said.append(f"信息报送滞后于网络：首报比网上晚 {net['behind_minutes']} 分钟")
    if net["newer_on_net"]:
        said.append(f"上次报送以后网上又有 {net['newer_on_net']} 条，请续报")
    return said
