"""Who may do what to a case, by the table ``config/roles.yml`` and, for an extension, by the rule itself.

Where ``by`` is the name of an account, its role and department are held to; another name (a script, the system) is only
recorded, as on a machine without accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.domain.case import Case
from casework.domain.departments import predecessors
from casework.domain.errors import IllegalMove
from casework.domain.moves import allowed
from casework.domain.office import Office
from casework.ports import NotFound, Store
from casework.records import User


def desk_of(user: User, office: Office) -> str:
    """The department where ``user`` sits."""
    return user.department or office.review_desk


def own(desk: str, office: Office) -> tuple[str, ...]:
    """The departments whose cases are this desk's: its own, and of those whose duties it took over (机构改革)."""
    return (desk, *predecessors(desk, office.routing.departments))


def may(user: User, office: Office, case: Case, verb: str) -> bool:
    """Whether the role may do ``verb`` to ``case``, whatever its state.

    Who sees only the cases of his own department acts on those that it leads (主办); a 协办 department reads. People of
    a desk that has to decide whose a case is may assign it.
    """
    role: Mapping[str, Any] = office.roles.get(user.role, {})
    desk = desk_of(user, office)
    if verb == "assign" and _decides(desk, office, case):
        return bool(role.get("sees", "none") != "none")
    leads = role.get("sees") == "all" or case.department in own(desk, office)
    return leads and verb in role.get("may", ())


def _decides(desk: str, office: Office, case: Case) -> bool:
    """Whether the case waits for this desk to say whose it is: the default desk, or the coordination desk."""
    if case.state == "returned":
        return case.desk == desk
    by_default = case.handover is not None and case.handover.default
    return case.state == "assigned" and by_default and case.department == desk == office.default_desk


def check(store: Store, office: Office, case: Case, verb: str, args: Mapping[str, str], by: str) -> None:
    """Raise IllegalMove where the account ``by`` may not do ``verb``, or may not grant this extension."""
    try:
        user = store.get_user(by)
    except NotFound:
        return
    possible = [name for name in allowed(case.state) if may(user, office, case, name)]
    if user.disabled or not may(user, office, case, verb):
        raise IllegalMove(verb, case.state, possible, f"{by} may not, as {_role(user)}")
    if verb != "extend":
        return
    for clock in case.running():
        approvers = clock.rule.extension.approvers
        named = args.get("rule") in (clock.rule.id, clock.key) and args.get("post") in (None, "", clock.post)
        if named and approvers and user.role not in approvers:
            others = [name for name in possible if name != verb]
            why = f"an extension of {clock.rule.id} is granted by {', '.join(approvers)}; {by} is {_role(user)}"
            raise IllegalMove(verb, case.state, others, f"{why}: {clock.rule.extension.reference}")


def hold(store: Store, office: Office, case: Case, right: str, verb: str, by: str) -> None:
    """Raise IllegalMove where the account ``by`` has not ``right`` on ``case``; ``verb`` is what he meant to do."""
    try:
        user = store.get_user(by)
    except NotFound:
        return
    if user.disabled or not may(user, office, case, right):
        possible = [name for name in allowed(case.state) if may(user, office, case, name)]
        raise IllegalMove(verb, case.state, possible, f"{by} may not, as {_role(user)}")


def _role(user: User) -> str:
    return f"{user.role} of {user.department}" if user.department else user.role
