"""处置, 回应: the acts of people on a case. Nothing publishes by itself; an act is a person's and is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.departments import excluded_units
from casework.domain.errors import DomainError
from casework.domain.handover import COORDINATED, SECOND, designated
from casework.domain.matching import REPORT, Facts
from casework.domain.moves import FROM
from casework.domain.office import Office
from casework.domain.routing import Route, route
from casework.domain.times import SHANGHAI, parse_time
from casework.ports import Conflict, Store
from casework.services import authority, closing, follow_up
from casework.services.accusing import kept_out
from casework.services.assign import case_facts, trigger_of
from casework.services.supervise import complete_merge

Args = Mapping[str, str]
VERBS = tuple(FROM)
"""Every verb, as in ``huiying case VERB``."""


def act(store: Store, office: Office, case_id: str, verb: str, args: Args, by: str, now: datetime) -> Case:
    """Do ``verb`` to a case and write it; the case as written.

    ``args`` by verb: assign ``to`` (and ``with``, departments joined by commas); return, dispute, reject, pause,
    resume ``reason`` (pause also ``kind``); ask, extend ``rule to reason`` (and ``post``); level ``to reason``; time
    ``moment at reason`` (and ``post``); draft ``text``; review ``gate`` and ``ok`` (``yes`` or ``no``); publish
    ``url at``; fulfil ``rule at``; transfer ``to reason``; merge ``into``; confirm ``units`` (joined by commas); lift
    ``reason`` (and ``kind``); acknowledge ``until`` (default: as long as the ladder allows); record ``item text`` (and
    ``url``; of a lead ``to`` and ``lead``, see ``pipeline.leads``); mark, unmark ``mark reason``; endorse ``ok``
    (``yes`` or ``no``); follow_up see ``follow_up.act``. Any may carry ``note``, and ``version``: the version that the
    person saw.

    Raises NotFound, IllegalMove (the state, or the account of ``by``, does not allow it), DomainError (a wrong
    argument), Conflict (somebody else wrote the case since it was read or since ``version``).
    """
    if verb not in FROM:
        raise DomainError(f"unknown verb {verb!r}; the verbs are {', '.join(VERBS)}")
    case = store.get_case(case_id)
    if args.get("version") and args["version"] != str(case.version):
        raise Conflict(f"{case_id} was changed by somebody else (version {case.version}, seen {args['version']})")
    authority.check(store, office, case, verb, args, by)
    acts.in_order(case, now)
    if verb == "merge":
        return _merge(store, case, args, by, now)
    if verb == "confirm":
        changed = acts.confirm(case, kept_out(store, office, case, args), by, now, args.get("note"))
    elif verb in closing.VERBS:
        changed = closing.VERBS[verb](store, office, case, args, by, now)
    elif verb == "level":
        changed = level(store, case, args, by, now, office)
    else:
        changed = _SIMPLE[verb](case, args, by, now, office)
    if changed.version != case.version:
        store.save_case(changed)
    return changed


def _merge(store: Store, loser: Case, args: Args, by: str, now: datetime) -> Case:
    winner = store.get_case(_need(args, "into"))
    acts.in_order(winner, now)
    merged = acts.merge(loser, winner, by, now, args.get("note"))
    store.save_case(merged)
    stored = store.get_case(merged.id)
    moved = complete_merge(stored, store, now)
    store.save_case(moved)
    return moved


def assigned_by_hand(case: Case, to: str, helping: Sequence[str], office: Office, day: date) -> Route:
    """The route that a person chooses (指定). Raises DomainError for an unknown department or one that has ended.

    Who watched the case goes on watching it. A 检举控告 may only go to the desk where it is held.
    """
    units = office.routing.departments
    for id_ in (to, *helping):
        if id_ not in units or not units[id_].alive(day):
            known = ", ".join(sorted(name for name, found in units.items() if found.alive(day)))
            raise DomainError(f"no such department {id_!r}; write one of {known}")
    helpers = tuple(dict.fromkeys(id_ for id_ in helping if id_ != to))
    helped = f"，{'、'.join(units[id_].name for id_ in helpers)}协办" if helpers else ""
    second = {SECOND: "第二次指定，不得再退回", COORDINATED: "职责争议经协调确定，为最终决定"}
    final = second.get(designated(case.history) or "")
    reason = f"指定：由人工指定{units[to].name}办理{helped}{f'（{final}）' if final else ''}。"
    excluded = excluded_units(case.excluded, units)
    stays = case.petition_kind == REPORT and to == report_desk(case, office, day)
    return Route(to, helpers, reason, excluded, "by_hand", held=stays, watchers=case.watchers)


def report_desk(case: Case, office: Office, day: date) -> str:
    """Where a 检举控告 is held: the discipline desk, or who stands in for it where it is accused itself.

    Raises DomainError where every department of the office is reported.
    """
    facts = Facts("message", "", petition_kind=REPORT, accused=case.excluded)
    return route(facts, office.routing, day).department


def _assign(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    helping = [name.strip() for name in args.get("with", "").split(",") if name.strip()]
    chosen = assigned_by_hand(case, _need(args, "to"), helping, office, now.astimezone(SHANGHAI).date())
    return acts.assign(case, chosen, by, now, office.worktime, args.get("note"), office.routing.returning)


def _extend(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    to, reason = parse_time(_need(args, "to")), _need(args, "reason")
    return acts.extend(case, _need(args, "rule"), to, reason, by, now, office.worktime, args.get("post") or None)


def _ask(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    to, reason = parse_time(_need(args, "to")), _need(args, "reason")
    return acts.ask(case, _need(args, "rule"), to, reason, by, now, office.worktime, args.get("post") or None)


def _pause(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    return acts.pause(case, _need(args, "reason"), by, now, office.worktime, args.get("kind") or "other")


def _time(case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    true, post = parse_time(_need(args, "at")), args.get("post") or None
    return acts.set_time(case, _need(args, "moment"), true, _need(args, "reason"), by, now, office.worktime, post)


def level(store: Store, case: Case, args: Args, by: str, now: datetime, office: Office) -> Case:
    """定级 (``to reason``): the rules of the new level are those in force on the day on which the case was opened."""
    to = _need(args, "to")
    records = store.get_posts([trigger_of(case)])
    facts = replace(case_facts(case, records.get(trigger_of(case))), severity=to)
    rules = office.frozen_rules(facts, case.opened_at or now)
    bound = {rule.id for rule in rules}
    by_level = {rule.id for rule in office.deadline_rules if rule.applies.severity}
    over = [id_ for id_ in case.rules if id_ in by_level and id_ not in bound]
    return acts.set_level(case, to, rules, over, _need(args, "reason"), by, now, office.worktime)


def _review(case: Case, args: Args, by: str, now: datetime, _office: Office) -> Case:
    ok = {"yes": True, "no": False}.get(_need(args, "ok"))
    if ok is None:
        raise DomainError(f"ok: {args['ok']!r} is neither yes nor no")
    return acts.review(case, _need(args, "gate"), ok, by, now, args.get("note"))


def _publish(case: Case, args: Args, by: str, now: datetime, _office: Office) -> Case:
    return acts.publish(case, _need(args, "url"), parse_time(_need(args, "at")), by, now, args.get("note"))


def _fulfil(case: Case, args: Args, by: str, now: datetime, _office: Office) -> Case:
    at = parse_time(args["at"]) if args.get("at") else now
    return acts.fulfil(case, _need(args, "rule"), at, by, now, args.get("note"))


def _acknowledge(case: Case, args: Args, by: str, now: datetime, _office: Office) -> Case:
    until = parse_time(args["until"]) if args.get("until") else None
    return acts.acknowledge(case, until, by, now, args.get("note"))


def _need(args: Args, name: str) -> str:
    value = args.get(name, "")
    if not value.strip():
        raise DomainError(f"{name} is missing")
    return value


_Act = Callable[[Case, Args, str, datetime, Office], Case]
_SIMPLE: Mapping[str, _Act] = {
    "follow_up": follow_up.act,
    "accept": lambda case, args, by, now, office: acts.accept(case, by, now, args.get("note")),
    "reject": lambda case, args, by, now, office: acts.reject(case, _need(args, "reason"), by, now),
    "lift": lambda case, args, by, now, office: acts.lift(
        case, args.get("kind") or acts.OTHER_KINDS[0], _need(args, "reason"), by, now
    ),
    "assign": _assign,
    "sign": lambda case, args, by, now, office: acts.sign(case, by, now, office.worktime, args.get("note")),
    "return": lambda case, args, by, now, office: acts.give_back(case, _need(args, "reason"), by, now, office.worktime),
    "dispute": lambda case, args, by, now, office: acts.dispute(
        case, _need(args, "reason"), by, now, office.coordination_desk, office.worktime
    ),
    "handle": lambda case, args, by, now, office: acts.handle(case, by, now, args.get("note")),
    "ask": _ask,
    "extend": _extend,
    "time": _time,
    "pause": _pause,
    "resume": lambda case, args, by, now, office: acts.resume(case, _need(args, "reason"), by, now, office.worktime),
    "draft": lambda case, args, by, now, office: acts.draft(case, _need(args, "text"), by, now, args.get("note")),
    "review": _review,
    "publish": _publish,
    "fulfil": _fulfil,
    "reopen": lambda case, args, by, now, office: acts.reopen(case, by, now, office.worktime, args.get("note")),
    "acknowledge": _acknowledge,
    "archive": lambda case, args, by, now, office: acts.archive(case, by, now, args.get("note")),
    "transfer": lambda case, args, by, now, office: acts.transfer(
        case, _need(args, "to"), _need(args, "reason"), by, now
    ),
}
