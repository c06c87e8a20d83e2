"""办结 and release: what the office asks for beside the answer, and the acts that put it on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.closing import LEAD, Closing, Need
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.marks import Proposal, propose
from casework.domain.moves import allowed
from casework.domain.office import Office
from casework.ports import NotFound, Store
from casework.records import User
from casework.services.assign import case_facts, trigger_of

Args = Mapping[str, str]


def disposition_of(store: Store, case: Case) -> str | None:
    """The disposition of the post that opened the case, as judged or corrected by now; None where it is not known."""
    record = store.get_posts([trigger_of(case)]).get(trigger_of(case))
    return record.assessment.label("disposition") if record is not None and record.assessment is not None else None


def lacking(store: Store, office: Office, case: Case) -> tuple[str, ...]:
    """What has to be on record before ``case`` is closed and is not, each with who may record it and by which word."""
    missing = office.closing.missing(case, disposition_of(store, case))
    return tuple(_told(office.closing, need, case.id) for need in missing)


def _told(closing: Closing, need: Need, case_id: str) -> str:
    items = " or ".join(f"{item} ({closing.title(item)})" for item in need.one_of)
    who = sorted({role for item in need.one_of for role in closing.who(item)})
    by = f", recorded by {', '.join(who)}" if who else ""
    first = next((item for item in need.one_of if item in closing.items), "")
    return f"{items}{by}, {need.reference}: huiying case record {case_id} --item {first}" if first else items


def proposals(store: Store, office: Office, case: Case, now: datetime) -> tuple[Proposal, ...]:
    """The marks that the office's rules propose for a case, by the heat and size of its event at ``now``."""
    record = store.get_posts([trigger_of(case)]).get(trigger_of(case))
    if record is None or case.ended:
        return ()
    event = store.get_events([case.event]).get(case.event)
    facts = case_facts(case, record)
    if event is not None:
        facts = replace(facts, heat=event.heat_at(now), posts=len(event.posts))
    return propose(case, facts, office.mark_rules)


def _close(store: Store, office: Office, case: Case, args: Args, by: str, now: datetime) -> Case:
    return acts.close(case, by, now, args.get("note"), lacking(store, office, case))


def _record(store: Store, office: Office, case: Case, args: Args, by: str, now: datetime) -> Case:
    items, wanted = office.closing.items, args.get("item", "")
    if wanted not in items:
        raise DomainError(f"item: {wanted!r}; write one of {', '.join(items) or '(dispositions.yml has none)'}")
    _recorder(store, office, case, wanted, by)
    item, text = items[wanted], args.get("text", "")
    if wanted != LEAD:
        return acts.record(case, item, text, by, now, args.get("url", ""))
    to = tuple(name.strip() for name in args.get("to", "").split(",") if name.strip())
    strange = [name for name in to if name not in office.closing.recipients]
    if strange:
        raise DomainError(f"to: {strange[0]!r}; leads go to {', '.join(office.closing.recipients)}")
    return acts.record_lead(case, item, text, to, json.loads(args.get("lead", "[]")), by, now)


def _recorder(store: Store, office: Office, case: Case, item: str, by: str) -> None:
    """Raise IllegalMove where the account ``by`` has none of the roles that record ``item``."""
    user, roles = account(store, by), office.closing.who(item)
    if user is not None and roles and user.role not in roles:
        why = f"{item} is recorded by {', '.join(roles)}; {by} is {user.role}"
        raise IllegalMove("record", case.state, [name for name in allowed(case.state) if name != "record"], why)


def _mark(store: Store, office: Office, case: Case, args: Args, by: str, now: datetime) -> Case:
    mark = args.get("mark", "")
    found = [one.reason for one in proposals(store, office, case, now) if one.mark == mark]
    return acts.mark(case, mark, args.get("reason", ""), by, now, found[0] if found else "")


def _unmark(_store: Store, _office: Office, case: Case, args: Args, by: str, now: datetime) -> Case:
    return acts.unmark(case, args.get("mark", ""), args.get("reason", ""), by, now)


def _endorse(store: Store, _office: Office, case: Case, args: Args, by: str, now: datetime) -> Case:
    """A sign-off is somebody's own: a name that is no account cannot give it (``authority.check`` sees to the role)."""
    if account(store, by) is None:
        others = [name for name in allowed(case.state) if name != "endorse"]
        why = f"{by} is no account; the 主要负责人 signs off as himself: --by NAME (huiying user add NAME)"
        raise IllegalMove("endorse", case.state, others, why)
    ok = {"yes": True, "no": False}.get(args.get("ok", ""))
    if ok is None:
        raise DomainError(f"ok: {args.get('ok', '')!r} is neither yes nor no")
    return acts.endorse(case, ok, by, now, args.get("note"))


def account(store: Store, name: str) -> User | None:
    """The account of that name; None where there is none."""
    try:
        return store.get_user(name)
    except NotFound:
        return None


VERBS: Mapping[str, Callable[[Store, Office, Case, Args, str, datetime], Case]] = {
    "close": _close,
    "record": _record,
    "mark": _mark,
    "unmark": _unmark,
    "endorse": _endorse,
}
"""Verbs of ``respond.act`` that need the store beside the case."""
