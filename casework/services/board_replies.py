"""收集 tells the cases: an answer that a board shows, or shows no more, stops or restarts its message's clock.

Loading calls this with the posts that changed, so that supervision does not remind of what is answered; opening looks
at every revised post again, so a run that is killed in between loses nothing. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casework.domain import acts
from casework.domain.case import Case
from casework.domain.worktime import WorkTime
from casework.ports import Store, StoreError

_TRIES = 10


def follow_replies(store: Store, posts: Sequence[str], worktime: WorkTime, now: datetime) -> int:
    """Tell the cases of these posts (ids); how many cases were changed. A case that a person writes meanwhile is read
    and told again.
    """
    told = 0
    for _ in range(_TRIES):
        records = [record for record in store.get_posts(list(posts)).values() if record.case]
        cases = _speaking(store, [record.case for record in records if record.case])
        before = {case.id: case for case in cases.values()}
        after = dict(before)
        for record in records:
            held = cases.get(record.case or "")
            if held is not None:
                after[held.id] = acts.look(after[held.id], record.post, now, worktime)
        changed = [case for id_, case in after.items() if case.version != before[id_].version]
        refused = store.save_cases(changed) if changed else []
        told += len(changed) - len(refused)
        if not refused:
            return told
    raise StoreError(f"cases changed {_TRIES} times in a row while answers were being recorded; run again")


def _speaking(store: Store, ids: Sequence[str]) -> dict[str, Case]:
    """Case id → the case that speaks for it now: itself, or the one that it was merged into."""
    known = store.get_cases(list(dict.fromkeys(ids)))
    while True:
        ahead = [case.merged_into for case in known.values() if case.merged_into and case.merged_into not in known]
        if not ahead:
            break
        known |= store.get_cases(list(dict.fromkeys(ahead)))
        if not any(id_ in known for id_ in ahead):
            break
    found = {}
    for id_ in ids:
        case, passed = known.get(id_), set()
        while case is not None and case.merged_into is not None and case.id not in passed:
            passed.add(case.id)
            case = known.get(case.merged_into)
        if case is not None and case.merged_into is None:
            found[id_] = case
    return found
