"""信访工作条例 第三十条: whatever the office looks like, a 检举控告 never reaches those it reports."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.departments import Department
from casework.domain.errors import DomainError
from casework.domain.matching import Conditions, Facts
from casework.domain.routing import DISTRICT, UNIT, HelperRule, RoutingRule, RoutingTable, route

DAY = date(2026, 1, 5)
NAMES = tuple("abcdefgh")


@st.composite
def tables(draw: st.DrawFn) -> RoutingTable:
    """An office in which anybody may be above anybody earlier, have ended, and have been succeeded."""
    units: dict[str, Department] = {}
    for index, name in enumerate(NAMES):
        above = draw(st.sampled_from((None, *NAMES[:index])))
        ended = draw(st.booleans()) and index > 1
        heir = draw(st.sampled_from(NAMES)) if ended else None
        region = draw(st.sampled_from(((), ("9901",), ("990102",))))
        until = date(2020, 1, 1) if ended else None
        units[name] = Department(name, name, regions=region, parent=above, until=until, successor=heir)
    targets = st.sampled_from((UNIT, DISTRICT, *NAMES))
    rules = [
        RoutingRule(
            f"r{index}", basis, Conditions(), draw(targets), "由{department}办理。", (draw(st.sampled_from(NAMES)),)
        )
        for index, basis in enumerate(("指定", "属地", "类别"))
    ]
    helper = HelperRule("all", Conditions(), (draw(st.sampled_from(NAMES)),))
    return RoutingTable(units, tuple(rules), "a", "b", (helper,))


@given(tables(), st.sets(st.sampled_from(NAMES), min_size=1), st.sets(st.sampled_from(NAMES)))
def test_no_accused_department_and_none_below_it_gets_a_report(
    table: RoutingTable, accused: set[str], named: set[str]
) -> None:
    facts = Facts(
        "message", "board", petition_kind="检举控告", accused=tuple(accused), units=tuple(named), regions=("990102",)
    )
    try:
        found = route(facts, table, DAY)
    except DomainError:
        # Only where nobody is left to whom it could go.
        assert all(_touched(unit, accused, table) or not unit.alive(DAY) for unit in table.departments.values())
        return
    for target in (found.department, *found.co_departments):
        assert not _touched(table.departments[target], accused, table)
        assert target not in found.excluded
    assert accused <= set(found.excluded)


@given(tables(), st.sets(st.sampled_from(NAMES)), st.sampled_from(("申诉求决", "建议意见", None)))
def test_what_may_be_a_report_goes_to_none_that_it_names(
    table: RoutingTable, named: set[str], kind: str | None
) -> None:
    facts = Facts(
        "message", "board", petition_kind=kind, units=tuple(named), regions=("990102",), unsure=("petition_kind",)
    )
    found = route(facts, table, DAY, explain=True)
    assert (found.co_departments, found.watchers, found.excluded, found.default) == ((), (), (), True)
    left = [unit for unit in table.departments.values() if unit.alive(DAY) and not _touched(unit, named, table)]
    assert not _touched(table.departments[found.department], named, table) or not left
    assert [step.rule for step in found.tried] == ["suspected"]


def _touched(unit: Department, accused: set[str], table: RoutingTable) -> bool:
    """Whether a department is accused, lies below one that is, or took over from one that is: worked out upwards."""
    seen: set[str] = set()
    waiting = [unit.id]
    while waiting:
        name = waiting.pop()
        if name in accused:
            return True
        if name in seen:
            continue
        seen.add(name)
        parent = table.departments[name].parent
        waiting += [parent] if parent else []
        waiting += [other.id for other in table.departments.values() if other.successor == name]
    return False


@given(tables(), st.sets(st.sampled_from(NAMES)), st.sampled_from((None, "建议意见", "申诉求决")))
def test_every_other_matter_has_exactly_one_department_that_exists(
    table: RoutingTable, named: set[str], kind: str | None
) -> None:
    found = route(Facts("message", "board", petition_kind=kind, units=tuple(named)), table, DAY)
    assert table.departments[found.department].alive(DAY)
    assert found.department not in found.co_departments
    assert len(set(found.co_departments)) == len(found.co_departments)
    assert found.excluded == ()
    assert found.reason
