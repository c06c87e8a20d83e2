"""Cases: created once, never lost under two writers, found when something is due."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from casework.domain import acts
from casework.domain.event import Event
from casework.ports import Conflict, NotFound, Store
from casework.records import AuditEntry, CaseFilter, User
from casework.stores.open import open_store
from tests.contract.stores.things import bare_case, case, post, put, titled
from tests.unit.domain.making import HOUR, START, WORKTIME, opened

ALL = CaseFilter()


def test_a_case_is_created_once(store: Store) -> None:
    assert store.create_cases([case(1), case(2)]) == [True, True]
    other = titled(case(1), "另一个标题")
    assert store.create_cases([other, case(3)]) == [False, True]
    assert store.get_case("case:board:1").title == "路灯不亮"


def test_a_case_reads_back_as_it_was(store: Store) -> None:
    written = case(1, to="housing", co=("news",))
    store.create_cases([written])
    assert store.get_case(written.id) == written
    assert store.get_cases([written.id, "case:none"]) == {written.id: written}
    with pytest.raises(NotFound, match="case:none"):
        store.get_case("case:none")


def test_the_second_of_two_writers_gets_a_conflict(store: Store) -> None:
    store.create_cases([case(1, to="housing")])
    one, two = store.get_case("case:board:1"), store.get_case("case:board:1")
    store.save_case(acts.sign(one, "zhang", START, WORKTIME))
    with pytest.raises(Conflict):
        store.save_case(acts.sign(two, "wang", START + HOUR, WORKTIME))
    assert store.get_case("case:board:1").history[-1].by == "zhang"
    fresh = store.get_case("case:board:1")
    assert store.save_cases([acts.handle(fresh, "zhang", START), acts.sign(two, "li", START, WORKTIME)]) == [
        "case:board:1"
    ]


def _add(url: str, times: int, name: str) -> None:
    """Add ``times`` notes to one case, each time reading it anew when somebody else was first."""
    store = open_store(url)
    for number in range(times):
        while True:
            found = store.get_case("case:board:1")
            try:
                store.save_case(acts.join(found, f"{name}:{number}", False, START, WORKTIME))
            except Conflict:
                continue
            break
    store.close()


def test_threads_lose_no_update(store_url: str) -> None:
    open_store(store_url).create_cases([case(1)])
    workers = [threading.Thread(target=_add, args=(store_url, 12, f"t{number}")) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(open_store(store_url).get_case("case:board:1").posts) == 1 + 4 * 12


def test_processes_lose_no_update(store_url: str) -> None:
    open_store(store_url).create_cases([case(1)])
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_add, args=(store_url, 15, f"p{number}")) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(open_store(store_url).get_case("case:board:1").posts) == 1 + 2 * 15


def test_due_before_is_paged_over_five_thousand(store: Store) -> None:
    for start in range(0, 5000, 500):
        store.create_cases([bare_case(n, START + timedelta(minutes=n)) for n in range(start, start + 500)])
    store.refresh()
    limit = START + timedelta(hours=240, minutes=2600)
    found = [one.id for one in store.list_cases(CaseFilter(due_before=limit))]
    assert found == [f"case:{n:06d}" for n in range(2600)]
    page = store.page_cases(CaseFilter(due_before=limit), 2550, 100)
    assert (len(page.cases), page.total, page.next_offset) == (50, 2600, None)
    assert page.cases[0].id == "case:002550"
    looked = [one.id for batch in store.cases_to_look_at(START + timedelta(hours=120, minutes=99)) for one in batch]
    assert looked == [f"case:{n:06d}" for n in range(100)]


def test_looking_while_saving_meets_each_once(store: Store) -> None:
    store.create_cases([bare_case(n, START) for n in range(1200)])
    store.refresh()
    met = []
    for batch in store.cases_to_look_at(START + timedelta(hours=500)):
        met += [one.id for one in batch]
        notes = [one.after("reminded", START, "x", None, {"clock": "c", "step": "s"}) for one in batch]
        assert store.save_cases(notes) == []
    assert len(met) == len(set(met)) == 1200


def test_lists_by_what_a_case_is(store: Store) -> None:
    cases = [case(1, to="housing", co=("news",)), case(2, to="news"), case(3), opened("board:4", excluded=("housing",))]
    store.create_cases(cases)
    store.refresh()

    def ids(where: CaseFilter) -> list[str]:
        return [one.id[-1] for one in store.list_cases(where)]

    assert ids(ALL) == ["1", "2", "3", "4"]
    assert ids(CaseFilter(state="opened")) == ["3", "4"]
    assert ids(CaseFilter(department="news")) == ["1", "2"]
    assert ids(CaseFilter(viewer=("housing",))) == ["1", "2", "3"]
    assert ids(CaseFilter(without_kind="检举控告")) == ["1", "2", "3"]
    assert ids(CaseFilter(without_kind="申诉求决")) == ["4"]
    assert ids(CaseFilter(post="board:2")) == ["2"]
    assert ids(CaseFilter(words="路灯")) == ["1", "2", "3", "4"]
    assert ids(CaseFilter(words="灯路")) == []
    assert ids(CaseFilter(overdue_at=START + timedelta(hours=5))) == ["1", "2"]
    assert [one.id for batch in store.cases_to_assign() for one in batch] == ["case:board:3", "case:board:4"]
    assert store.count_cases("state") == {"opened": 2, "assigned": 2}
    assert store.count_cases("department", CaseFilter(viewer=("housing",))) == {"housing": 1, "news": 1, "": 1}


def test_a_page_shows_what_is_due_first_and_what_has_no_limit_last(store: Store) -> None:
    ended = acts.reject(case(1), "不属本市", "li", START)
    store.create_cases([ended, case(2), case(3, to="news"), case(4, to="news", at=START - 72 * HOUR)])
    page = store.page_cases(ALL, 0, 3)
    assert [one.id[-1] for one in page.cases] == ["4", "3", "2"]
    assert (page.total, page.next_offset) == (4, 3)
    assert [one.id[-1] for one in store.page_cases(ALL, 3, 3).cases] == ["1"]


def test_notices_that_wait_are_found(store: Store) -> None:
    store.create_cases([case(1, to="news"), case(2)])
    store.refresh()
    waiting = [one for batch in store.cases_to_notify(START) for one in batch]
    assert [one.id for one in waiting] == ["case:board:1"]
    told = waiting[0].after("notified", START, "huiying", None, {"key": waiting[0].outbox[0].key, "channel": "console"})
    store.save_case(told)
    store.refresh()
    assert list(store.cases_to_notify(START)) == []


def test_events(store: Store) -> None:
    one = Event("event:a", "停水", ("board:1", "board:2"), START, START + HOUR, 3.5, "case:board:1")
    two = Event("event:b", "路灯", ("board:3",), START - 999 * HOUR, START - 999 * HOUR, 9.0)
    store.put_events([one, two])
    store.put_events([one])
    assert store.get_events(["event:a", "event:b", "event:c"]) == {"event:a": one, "event:b": two}
    assert store.count_events() == 2
    assert store.hottest_events(START, 10) == [one]


def test_accounts_and_log(store: Store) -> None:
    store.put_user(User("wang", "admin", "$argon2id$x"))
    store.put_user(User("wang", "department", "$argon2id$y", "housing"))
    store.refresh()
    assert store.list_users() == [User("wang", "department", "$argon2id$y", "housing")]
    with pytest.raises(NotFound):
        store.get_user("li")
    for number in range(3):
        store.append_audit(AuditEntry(START + number * HOUR, "wang", "viewed", f"case:{number}", {"how": "page"}))
    entries = list(store.audit_entries())
    assert [entry.thing for entry in entries] == ["case:0", "case:1", "case:2"]
    assert len({entry.hash for entry in entries}) == 3
    assert store.check() == []


def _log(url: str, name: str) -> None:
    store = open_store(url)
    for number in range(5):
        store.append_audit(AuditEntry(START, name, "viewed", f"case:{number}"))
    store.close()


def test_writers_of_the_log_make_one_chain(store_url: str) -> None:
    open_store(store_url).close()
    workers = [threading.Thread(target=_log, args=(store_url, f"t{number}")) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store = open_store(store_url)
    entries = list(store.audit_entries())
    assert len(entries) == 15
    assert [entry.thing for entry in entries if entry.by == "t1"] == [f"case:{number}" for number in range(5)]
    assert store.check() == []
    store.close()


def test_a_page_deeper_than_a_server_offers_is_reached(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.stores.elastic_cases.DEEP", 2)
    monkeypatch.setattr("casework.stores.elastic_cases.PAGE", 2)
    without = [acts.reject(case(number), "不属本市", "li", START) for number in (7, 8, 9)]
    store.create_cases([*(case(number, at=START + number * HOUR) for number in range(1, 5)), *without])
    for offset in range(8):
        page = store.page_cases(ALL, offset, 3)
        assert [one.id[-1] for one in page.cases] == list("1234789")[offset : offset + 3]
        assert page.total == 7
        assert page.next_offset == (offset + 3 if offset + 3 < 7 else None)


def test_an_export_restores_into_either_store(store: Store, store_url: str, tmp_path: Path) -> None:
    put(store, post(1), post(2))
    store.put_events([Event("event:a", "停水", ("board:1",), START, START, 1.0)])
    store.create_cases([case(1, to="news")])
    store.append_audit(AuditEntry(START, "wang", "viewed", "case:1"))
    store.refresh()
    counts = store.export(tmp_path / "out")
    assert counts == {"posts": 2, "events": 1, "cases": 1, "users": 0, "audit": 1, "alarms": 0, "sheets": 0}
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    assert other.restore(tmp_path / "out") == counts
    other.export(tmp_path / "again")
    for name in counts:
        assert (tmp_path / "out" / f"{name}.jsonl").read_bytes() == (tmp_path / "again" / f"{name}.jsonl").read_bytes()
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
