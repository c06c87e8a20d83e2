"""Which departments a person's word keeps out of a 检举控告."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casework.domain.case import Case
from casework.domain.departments import excluded_units
from casework.domain.errors import DomainError
from casework.domain.office import Office
from casework.ports import Store


def kept_out(store: Store, office: Office, case: Case, args: Mapping[str, str]) -> tuple[str, ...]:
    """The departments named in ``args["units"]`` (ids between commas) and what belongs to them; without it those kept
    out already and those that the case's posts name, but for the discipline desk, which is mostly asked to inquire.

    Raises DomainError for a department that is not on the list.
    """
    departments = office.routing.departments
    given = [name for name in re.split(r"[\s,，、]+", args.get("units", "")) if name]
    for name in given:
        if name not in departments:
            raise DomainError(f"no such department {name!r}; write one of {', '.join(sorted(departments))}")
    return excluded_units(given or _named(store, office, case), departments)


def _named(store: Store, office: Office, case: Case) -> list[str]:
    found = list(case.excluded)
    for record in store.get_posts(list(case.posts)).values():
        if record.assessment is not None:
            found += record.assessment.accused or record.assessment.units
    return [unit for unit in found if unit != office.discipline_desk]
