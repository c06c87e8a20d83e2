"""信访工作条例 第三十条 for short texts: judged by the models and rules in force, routed by the shipped office.

Whatever a text says: where it is called a 检举控告, or a person must say, no unit that it names has it or is told.
"""

from __future__ import annotations

from datetime import date

import pytest

from casework.config.load import load_office
from casework.domain.assessment import Assessment, facts_of
from casework.domain.matching import Facts
from casework.domain.office import Office
from casework.domain.post import Post
from casework.domain.routing import Route, route
from nlp.assessor import Assessor
from nlp.proofs.short_accusations import ACCUSING, sentences
from pipeline.settings import ROOT
from tests.contract.stores.things import post

DAY = date(2026, 11, 25)
PERSONS = ("局长", "副局长", "工作人员", "的科长", "的人")
ACTS = ("收钱给人安排工作", "向商户索要红包", "充当赌场的保护伞", "把工程给了自己亲戚", "打伤了我父亲", "虚报冒领补贴")


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


def _names(office: Office) -> dict[str, str]:
    departments = office.routing.departments.values()
    return {name: unit.id for unit in departments for name in (unit.name, *unit.aliases)}


def _posts(office: Office) -> list[Post]:
    """Every department that a text may accuse, by one of its names, with a person and an act; and the proof's rows."""
    desk = office.routing.discipline
    named = {id_: name for name, id_ in _names(office).items() if id_ != desk}
    texts = [
        f"{name}{PERSONS[at % len(PERSONS)]}{act}"
        for at, name in enumerate(named.values())
        for act in (ACTS[at % len(ACTS)], ACTS[(at + 3) % len(ACTS)])
    ]
    texts += [row["text"] for row in sentences()]
    return [post(f"s{at}", text=text) for at, text in enumerate(texts)]


def _routed(office: Office) -> list[tuple[Post, dict[str, object], Facts, Route]]:
    posts = _posts(office)
    answers = Assessor(_names(office), office.region, ROOT / "config").assess(
        [{**one.to_json(), "id": one.id, "title": None} for one in posts]
    )
    out = []
    for one, value in zip(posts, answers, strict=True):
        facts = facts_of(one, Assessment(value, 1))
        out.append((one, value, facts, route(facts, office.routing, DAY)))
    return out


def test_no_unit_that_a_short_accusation_names_has_it(office: Office) -> None:
    names = _names(office)
    held = 0
    for one, _value, facts, found in _routed(office):
        kept = facts.petition_kind == ACCUSING or "petition_kind" in facts.unsure
        if not kept:
            continue
        held += 1
        met = {found.department, *found.co_departments, *found.watchers}
        named = {id_ for name, id_ in names.items() if name in one.text} - {office.routing.discipline}
        assert not met & named, (one.text, found)
        if facts.petition_kind == ACCUSING:
            assert found.department == office.routing.discipline
            assert found.held
            assert not found.co_departments
            assert not found.watchers
            assert set(found.excluded) >= {unit for unit in facts.accused if unit in office.routing.departments}
    assert held > 150


def test_a_report_that_names_nobody_goes_to_the_discipline_desk(office: Office) -> None:
    facts = Facts("message", "board", petition_kind=ACCUSING, accused=(), units=())
    found = route(facts, office.routing, DAY)
    assert (found.department, found.co_departments, found.watchers) == (office.routing.discipline, (), ())
    assert found.held
