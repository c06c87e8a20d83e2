"""更正记录时间: a case whose last entries are dated after the present is given back to its office."""

from __future__ import annotations

from datetime import datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.office import Office
from casework.ports import Store
from casework.services import authority


def redate(store: Store, office: Office, case_id: str, true: datetime, reason: str, by: str, now: datetime) -> Case:
    """Put right when the entries dated after ``now`` truly happened, and write it; whoever may ``time`` may do it.

    Raises NotFound, IllegalMove (the account may not), DomainError (no such entry, a time that cannot be), Conflict.
    """
    case = store.get_case(case_id)
    authority.check(store, office, case, "time", {}, by)
    changed = acts.redate(case, true, reason, by, now, office.worktime)
    store.save_case(changed)
    return changed
