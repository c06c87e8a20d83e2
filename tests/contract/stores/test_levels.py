"""The level of a case follows the newest official figures of its posts, and every figure stays; on every store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework.domain import emergency
from casework.domain.assessment import Assessment
from casework.domain.case import Case, replay
from casework.domain.casualties import standing
from casework.domain.post import Post
from casework.records import CaseFilter
from casework.services import events
from casework.services.notice_facts import facts_of_notice
from casework.services.open_cases import open_cases
from pipeline.wiring import Context
from tests.contract.stores.test_reports_apart import HOUR, case_with, context
from tests.contract.stores.things import SEEN, assessment, post, put

__all__ = ["context"]
TEXT = "示例化工园今天上午发生爆炸,现场有人受伤,多辆消防车和救护车赶到。"


def severity(level: str | None, deaths: int | None, injured: int | None) -> dict[str, Any]:
    return {"level": level, "category": "事故灾难", "deaths": deaths, "injured": injured, "signals": ["爆炸"]}


def told(context: Context, found: Post, value: dict[str, Any], hours: int) -> Case:
    """The post loaded, judged as ``value`` and opened; the case that holds it."""
    put(context.store, found)
    (record,) = [one for batch in context.store.unassessed(100) for one in batch]
    plain = assessment(record.revision)
    judged = Assessment({**plain.value, "severity": value}, record.revision)
    context.store.put_assessments({found.id: (judged, "")})
    context.store.refresh()
    open_cases(context.store, context.opener(), SEEN + hours * HOUR)
    context.store.refresh()
    return case_with(context, found.id)


def levels(case: Case) -> list[tuple[str | None, str | None]]:
    return [(entry.data["from"], entry.data["to"]) for entry in case.history if entry.what == "level_set"]


def news(number: int) -> Post:
    return post(number, TEXT, kind="news")


def test_figures_of_later_posts_set_the_level_and_the_older_ones_stay(context: Context) -> None:
    first = post(1, TEXT)
    case = told(context, first, severity("ordinary", 1, None), 0)
    assert (case.severity, emergency.track(case)) == ("ordinary", None)
    duties = len(case.rules)
    case = told(context, news(2), severity("serious", 5, 12), 1)
    assert (case.severity, case.posts) == ("serious", ("board:1", "board:2"))
    assert emergency.is_open(case)
    assert len(case.rules) > duties
    assert {clock.rule.id for clock in case.clocks} <= set(case.rules)
    # Hearsay does not move what is official, and an older report does not move a newer one.
    case = told(context, post(3, TEXT + "听说死了十几个。"), severity("major", 13, None), 2)
    assert (case.severity, levels(case)) == ("serious", [("ordinary", "serious")])
    case = told(context, news(5), severity("major", None, 60), 3)
    case = told(context, news(4), severity("serious", 4, 20), 4)
    assert case.severity == "major"
    case = told(context, news(6), severity("ordinary", 2, 8), 5)
    assert case.severity == "ordinary"
    stands = standing(case)
    assert stands is not None
    assert (stands.post, stands.deaths, stands.injured) == ("board:6", 2, 8)
    assert levels(case) == [("ordinary", "serious"), ("serious", "major"), ("major", "ordinary")]
    kept = [entry.data["figures"] for entry in case.history if entry.what == "figures"]
    assert [(one["deaths"], one["injured"]) for one in kept] == [(5, 12), (5, 60), (2, 8)]
    assert [one.severity for one in context.store.list_cases(CaseFilter(severity="ordinary"))] == ["ordinary"]
    assert replay(case.id, case.history) == case


def test_saying_the_same_again_writes_nothing_and_a_correction_of_the_post_itself_counts(context: Context) -> None:
    found = news(1)
    case = told(context, found, severity("serious", 3, None), 0)
    same = replace(found, text=TEXT + "(续)", collected_at=found.collected_at + HOUR)
    case = told(context, same, severity("serious", 3, None), 2)
    assert levels(case) == []
    edited = replace(found, text=TEXT + "(更正)", collected_at=found.collected_at + 3 * HOUR)
    case = told(context, edited, severity("ordinary", 2, None), 4)
    assert (case.severity, levels(case)) == ("ordinary", [("serious", "ordinary")])


def test_a_case_that_takes_another_has_the_level_of_the_newest_official_figures_of_both(context: Context) -> None:
    told(context, post(1, TEXT), severity("ordinary", None, 2), 0)
    other = post(2, "样板花园旁的仓库昨晚垮塌,官方通报见正文。", kind="news")
    told(context, other, severity("major", 11, 40), 1)
    events.merge(context.store, "event:board:2", "event:board:1", "li", SEEN + 2 * HOUR)
    context.store.refresh()
    case = context.store.get_case("case:board:1")
    assert case.severity == "major"
    assert levels(case) == [("ordinary", "major")]
    assert emergency.is_open(case)


def test_hearsay_that_is_graver_than_the_official_word_is_put_to_a_person_once(context: Context) -> None:
    case = told(context, post(1, TEXT), severity("ordinary", 1, None), 0)
    case = told(context, news(2), severity("ordinary", 2, None), 1)
    assert not [entry for entry in case.history if entry.what == "level_proposed"]
    case = told(context, post(3, TEXT + "听说死了五个。"), severity("serious", 5, None), 2)
    assert (case.severity, levels(case)) == ("ordinary", [])
    (entry,) = [entry for entry in case.history if entry.what == "level_proposed"]
    assert (entry.data["to"], entry.data["post"]) == ("serious", "board:3")
    (notice,) = [notice for notice in case.outbox if notice.kind == "graver"]
    assert (notice.to, notice.urgent) == ("@review/contact", True)
    said = facts_of_notice(case, notice, context.office, SEEN + 3 * HOUR)
    assert said["reason"] == "新并入的帖文疑为较大，现定为一般"
    case = told(context, post(4, TEXT + "听说死了六个。"), severity("serious", 6, None), 3)
    assert sum(entry.what == "level_proposed" for entry in case.history) == 1
    case = told(context, post(5, TEXT + "听说死了几十个。"), severity("extraordinary", 40, None), 4)
    found = [entry.data["to"] for entry in case.history if entry.what == "level_proposed"]
    assert found == ["serious", "extraordinary"]
    assert replay(case.id, case.history) == case
