"""回访 on every store: recorded once, an unsatisfied one reopens once, the rates are those of the rows."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from casework.config.load import load_office
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.follow_up import answered_at
from casework.domain.office import Office
from casework.domain.times import show_time
from casework.ports import Store
from casework.services.follow_up import figures, follow_board, waiting_list
from casework.services.respond import act
from pipeline.follow_ups import import_follow_ups, rows_of
from pipeline.settings import ROOT, settings
from pipeline.wiring import Context
from tests.contract.stores.test_closing import ID, Desk
from tests.contract.stores.things import post, put
from tests.unit.domain.making import HOUR, START, opened

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(ROOT / "config")


@pytest.fixture
def desk(store: Store, office: Office) -> Desk:
    made = Desk(store, office, None)
    made.do("sign")
    made.answer()
    made.do("close")
    store.refresh()
    return made


def ask(desk: Desk, **args: Any) -> None:
    desk.at += HOUR
    act(desk.store, desk.office, ID, "follow_up", args, "office", desk.at)


def test_an_answer_is_to_be_followed_up_within_the_offices_own_limit(desk: Desk) -> None:
    (one,) = waiting_list(desk.store, desk.office)
    assert (one.case.id, one.post) == (ID, "board:1")
    # 2026-03-02 is a Monday: five working days, without the first.
    assert one.due is not None
    assert show_time(one.due) == "2026-03-10T00:00:00+08:00"
    assert one.to_json(one.due)["late"]
    ask(desk, result="not_reached")
    assert list(waiting_list(desk.store, desk.office)) == []


def test_an_unsatisfied_one_reopens_once_and_doing_it_again_changes_nothing(desk: Desk) -> None:
    at = show_time(desk.at + HOUR)
    ask(desk, solved="no", satisfied="2", at=at, note="灯还是不亮")
    case = desk.case
    assert case.state == "handling"
    assert [entry.what for entry in case.history[-2:]] == ["followed_up", "reopened"]
    (notice,) = [one for one in case.outbox if one.kind == "unsatisfied"]
    assert notice.to == "housing/contact"
    version = case.version
    ask(desk, solved="no", satisfied="2", at=at, note="灯还是不亮")
    assert desk.case.version == version
    desk.answer(2)
    desk.do("close")
    desk.store.refresh()
    # The second answer is followed up too; unhappy again it is recorded and does not come back by itself.
    assert [one.post for one in waiting_list(desk.store, desk.office)] == ["board:1"]
    ask(desk, satisfied="no")
    assert desk.case.state == "closed"
    assert desk.case.history[-1].what == "followed_up"
    assert sum(entry.what == "reopened" for entry in desk.case.history) == 1


def test_a_case_not_closed_yet_goes_back_to_work_with_its_clocks_as_they_run(store: Store, office: Office) -> None:
    desk = Desk(store, office, None)
    desk.do("sign")
    desk.answer()
    before = [clock.key for clock in desk.case.running()]
    ask(desk, solved="no")
    assert desk.case.state == "handling"
    assert [clock.key for clock in desk.case.running()] == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"result": "asked"}, "result: 'asked'; write one of reached, refused, not_reached"),
        ({"satisfied": "6"}, "satisfied: '6'; write one of yes, no, 1, 2, 3, 4, 5"),
        ({"result": "reached"}, "solved or satisfied is missing"),
        ({"result": "refused", "solved": "yes"}, "nothing was said where it was refused"),
        ({"solved": "yes", "post": "board:9"}, "board:9 has no answer to follow up; answered: board:1"),
        ({"solved": "yes", "at": "2027-01-01T00:00:00+08:00"}, "which is after now"),
        ({"solved": "yes", "at": "2026-03-01T00:00:00+08:00"}, "which is before the answer"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, args: dict[str, str], said: str) -> None:
    version = desk.case.version
    with pytest.raises(DomainError, match=said):
        ask(desk, **args)
    assert desk.case.version == version


def test_who_has_the_case_does_not_say_how_it_was_liked(desk: Desk) -> None:
    with pytest.raises(IllegalMove, match="department may not"):
        desk.do("follow_up", "department", solved="yes", satisfied="yes")


def test_the_rates_are_those_of_the_rows_with_who_is_not_in_them(desk: Desk) -> None:
    nobody = figures(desk.store, desk.office)["all"]
    assert nobody["answered"] == 1
    assert nobody["excluded"]["not_followed_up"] == 1
    assert nobody["solved"] == {"count": 0, "of": 0, "rate": None}
    ask(desk, result="not_reached")
    ask(desk, solved="partly", satisfied="4")
    # Who could not be reached later has still said what he said.
    ask(desk, result="not_reached")
    found = figures(desk.store, desk.office)
    assert found["all"]["solved"] == {"count": 0, "of": 1, "rate": 0.0}
    assert found["all"]["satisfied"] == {"count": 1, "of": 1, "rate": 1.0}
    assert sum(found["all"]["excluded"].values()) == 0
    (row,) = found["departments"]
    assert (row["department"], row["answered"]) == ("housing", 1)
    assert figures(desk.store, desk.office, until=desk.case.opened_at)["all"]["answered"] == 0


def test_the_boards_own_grades_are_taken_once(desk: Desk) -> None:
    graded = post("1", text="路灯坏了", url="https://board.example/1", collected_at=desk.at + DAY)
    put(desk.store, type(graded)(**{**_fields(graded), "extra": {"grade_manner": 5, "grade_speed": 1}}))
    now = desk.at + 2 * DAY
    first = follow_board(desk.store, desk.office, now)
    assert first == {"in": 1, "recorded": 1, "seen": 0, "none": 0, "reopened": 1}
    entry = next(entry for entry in desk.case.history if entry.what == "followed_up")
    assert (entry.data["satisfied"], entry.data["solved"], entry.data["origin"]) == ("1", None, "board")
    assert follow_board(desk.store, desk.office, now)["recorded"] == 0


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__}


def test_a_list_is_imported_row_by_row_and_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    later = "2026-03-03 10:30"
    rows = [
        ["市长热线回访表", "", "", "", ""],
        ["编号", "是否解决", "满意度", "回访时间", "备注"],
        ["board:1", "已解决", "满意", later, "谢谢"],
        ["board:1", "也许", "满意", later, ""],
        ["board:404", "是", "是", later, ""],
        ["", "是", "是", later, ""],
        ["board:1", "", "", later, ""],
        ["board:1", "是", "是", "", ""],
        ["board:1", "是", "是", "2026-13-40", ""],
        ["", "", "", "", ""],
    ]
    file = tmp_path / "回访.csv"
    with file.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows(rows)
    now = desk.at + 3 * DAY
    chosen = replace(settings("sqlite:///" + str(tmp_path / "x.db"), ROOT / "config"), var=tmp_path)
    context = Context(chosen, lambda: now, True)
    context.__dict__["store"] = desk.store
    counts = import_follow_ups(context, file, "office", now)
    assert counts == {"in": 7, "recorded": 1, "seen": 0, "quarantined": 6, "reopened": 0}
    (kept,) = (tmp_path / "quarantine").glob("*.jsonl")
    refused = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [row["line"] for row in refused] == [4, 5, 6, 7, 8, 9]
    assert "是否解决: '也许'; write one of 是" in refused[0]["reason"]
    assert "board:404" in refused[1]["reason"]
    again = import_follow_ups(context, file, "office", now)
    assert (again["recorded"], again["seen"], again["quarantined"]) == (0, 1, 6)
    assert figures(desk.store, desk.office)["all"]["satisfied"]["count"] == 1


def test_what_was_said_goes_along_into_the_case_that_takes_over(store: Store, office: Office) -> None:
    desk = Desk(store, office, None)
    desk.do("sign")
    desk.answer()
    answered = desk.case.publications[0][1]
    ask(desk, solved="yes", satisfied="4")
    store.create_cases([opened("board:2")])
    act(store, office, ID, "merge", {"into": "case:board:2"}, "zhang", desk.at + HOUR)
    store.refresh()
    winner = store.get_case("case:board:2")
    assert answered_at(winner) == {"board:1": answered}
    assert figures(store, office)["all"]["solved"] == {"count": 1, "of": 1, "rate": 1.0}


def test_a_sheet_is_read_as_a_list_is(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (
        ["案件编号", "满意度", "回访时间"],
        [ID, 5, START.replace(tzinfo=None)],
        [None, None, None],
        [ID, "不满意", "昨天"],
    ):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    found = list(rows_of(tmp_path / "list.xlsx"))
    assert found == [
        (2, {"case": ID, "satisfied": "5", "at": "2026-03-02 01:00"}),
        (4, {"case": ID, "satisfied": "不满意", "at": "昨天"}),
    ]
