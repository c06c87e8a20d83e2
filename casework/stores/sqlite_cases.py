"""Cases and events in SQLite. A case is one row: its document, and beside it what queries ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson

from casework.domain.case import Case
from casework.domain.event import Event
from casework.domain.search import tokens
from casework.domain.times import store_time
from casework.ports import Conflict, NotFound
from casework.records import CaseFilter, CasePage
from casework.stores.codec import answer_of, case_doc, case_from, event_doc, event_from
from casework.stores.sqlite_base import SqliteFile, dumps, marks

PAGE = 500
COLUMNS = (
    *("version", "state", "department", "severity", "petition_kind", "board_domain", "place"),
    *("due", "look_at", "notify_at", "awaits", "dead", "title", "answer", "doc"),
)
INSERT = f"insert or ignore into cases({','.join(COLUMNS)},id) values({marks(len(COLUMNS) + 1)})"
UPDATE = f"update cases set {','.join(f'{name}=?' for name in COLUMNS)} where id=? and version=?"


def _row(case: Case) -> tuple[Any, ...]:
    doc = case_doc(case)
    # Titles are searched by their tokens, as posts are: blanks around each make a phrase a substring.
    title, answer = (f" {' '.join(tokens(text))} " for text in (case.title, answer_of(case)))
    return (*(doc[name] for name in COLUMNS[:-3]), title, answer, dumps(doc), case.id)


class SqliteCases:
    """The case and event stores over an open file."""

    file: SqliteFile

    def create_cases(self, cases: Sequence[Case]) -> list[bool]:
        """See the port."""
        with self.file.writing():
            written = []
            for case in cases:
                new = self.file.run(INSERT, _row(case)) == 1
                if new:
                    self._link(case)
                written.append(new)
        return written

    def _link(self, case: Case) -> None:
        """Rows by which a case is found from its posts and from the departments that have or must not see it."""
        self.file.run("delete from case_posts where cas=?", (case.id,))
        self.file.many("insert into case_posts values(?,?)", [(post, case.id) for post in set(case.posts)])
        self.file.run("delete from case_departments where cas=?", (case.id,))
        given = {"co": case.co_departments, "excluded": case.excluded, "watch": case.watchers}
        parts = {(name, part) for part, names in given.items() for name in names}
        self.file.many("insert into case_departments values(?,?,?)", [(name, part, case.id) for name, part in parts])

    def get_case(self, id_: str) -> Case:
        """See the port."""
        found = self.get_cases([id_])
        if id_ not in found:
            raise NotFound(f"no such case {id_!r}")
        return found[id_]

    def get_cases(self, ids: Sequence[str]) -> dict[str, Case]:
        """See the port."""
        found = {}
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            for doc, version in self.file.all(f"select doc, version from cases where id in ({marks(len(part))})", part):
                case = _case(doc, version)
                found[case.id] = case
        return found

    def save_case(self, case: Case) -> None:
        """See the port."""
        if self.save_cases([case]):
            raise Conflict(f"{case.id} was changed by somebody else; read it again")

    def save_cases(self, cases: Sequence[Case]) -> list[str]:
        """See the port."""
        refused = []
        with self.file.writing():
            for case in cases:
                if case.token is not None and self.file.run(UPDATE, (*_row(case), int(case.token))) == 1:
                    self._link(case)
                else:
                    refused.append(case.id)
        return refused

    def list_cases(self, where: CaseFilter) -> Iterator[Case]:
        """See the port."""
        sql, values = _filter(where)
        for batch in self._in_lists(sql, values):
            yield from batch

    def page_cases(self, where: CaseFilter, offset: int, limit: int) -> CasePage:
        """See the port."""
        sql, values = _filter(where)
        (total,) = self.file.one(f"select count(*) from cases where 1 {sql}", values)
        rows = self.file.all(
            f"select doc, version from cases where 1 {sql} order by due is null, due, id limit ? offset ?",
            (*values, limit, offset),
        )
        after = offset + len(rows)
        return CasePage(tuple(_case(*row) for row in rows), total, after if rows and after < total else None)

    def cases_to_assign(self) -> Iterator[list[Case]]:
        """See the port."""
        return self._in_lists("and state='opened'", [])

    def cases_to_look_at(self, now: datetime) -> Iterator[list[Case]]:
        """See the port."""
        return self._ready("cases_look", "look_at<=?", [store_time(now)])

    def cases_awaiting(self, years: Sequence[int]) -> Iterator[list[Case]]:
        """See the port."""
        return self._ready("cases_awaits", f"awaits in ({marks(len(years))})", list(years))

    def cases_to_notify(self, now: datetime) -> Iterator[list[Case]]:
        """See the port."""
        return self._ready("cases_notify", "notify_at<=?", [store_time(now)])

    def _ready(self, index: str, condition: str, values: Sequence[Any]) -> Iterator[list[Case]]:
        """By id, from page to page: what is ready as the walk begins and still is when its page is read.

        The ids come from the index of the condition, whatever the planner thinks: walking all cases in the order of
        their ids costs what is open, and few of them are ready.
        """
        found = self.file.all(f"select id from cases indexed by {index} where {condition}", values)
        ids = sorted(id_ for (id_,) in found)
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            query = f"select doc, version from cases where id in ({marks(len(page))}) and {condition} order by id"
            if rows := self.file.all(query, (*page, *values)):
                yield [_case(doc, version) for doc, version in rows]

    def _in_lists(self, sql: str, values: Sequence[Any]) -> Iterator[list[Case]]:
        """By id from page to page, so that cases may be saved in between and none is met twice."""
        last = ""
        query = f"select doc, version, id from cases where id>? {sql} order by id limit {PAGE}"
        while rows := self.file.all(query, (last, *values)):
            last = rows[-1][2]
            yield [_case(doc, version) for doc, version, _ in rows]

    def count_cases(self, by: str, where: CaseFilter | None = None) -> dict[str, int]:
        """See the port. Raises ValueError for a ``by`` that is none of its three."""
        if by not in ("state", "department", "severity"):
            raise ValueError(f"count_cases by {by!r}")
        sql, values = _filter(where or CaseFilter())
        rows = self.file.all(f"select {by}, count(*) from cases where 1 {sql} group by {by}", values)
        return {value or "": count for value, count in rows}

    def get_events(self, ids: Sequence[str]) -> dict[str, Event]:
        """See the port."""
        found = {}
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            for (doc,) in self.file.all(f"select doc from events where id in ({marks(len(part))})", part):
                event = event_from(orjson.loads(doc))
                found[event.id] = event
        return found

    def put_events(self, events: Sequence[Event]) -> None:
        """See the port."""
        docs = [event_doc(event) for event in events]
        rows = [(doc["id"], doc["last_at"], doc["heat"], dumps(doc)) for doc in docs]
        with self.file.writing():
            self.file.many("insert or replace into events values(?,?,?,?)", rows)

    def hottest_events(self, since: datetime, limit: int) -> list[Event]:
        """See the port."""
        rows = self.file.all(
            "select doc from events where last_at>=? order by heat desc, id limit ?", (store_time(since), limit)
        )
        return [event_from(orjson.loads(doc)) for (doc,) in rows]

    def count_events(self) -> int:
        """See the port."""
        count: int = self.file.one("select count(*) from events")[0]
        return count

    def all_events(self) -> Iterator[Event]:
        """Every event by id."""
        last = ""
        while rows := self.file.all("select id, doc from events where id>? order by id limit 1000", (last,)):
            last = rows[-1][0]
            for _, doc in rows:
                yield event_from(orjson.loads(doc))


def _case(doc: str, version: int) -> Case:
    return case_from(orjson.loads(doc), str(version))


_BARRED = " and id not in (select cas from case_departments where part='excluded' and department in ({0}))"
_EXCLUDING = _BARRED.replace(" not in ", " in ")
_SEEN = (
    " and (department in ({0}) or"
    " id in (select cas from case_departments where part in ('co','watch') and department in ({0})))"
)


def _filter(where: CaseFilter) -> tuple[str, list[Any]]:
    words, said = tokens(where.words or ""), tokens(where.answer or "")
    tests: dict[str, Any] = {
        "and state=?": where.state,
        "and severity=?": where.severity,
        "and due<?": store_time(where.due_before) if where.due_before else None,
        "and due<=?": store_time(where.overdue_at) if where.overdue_at else None,
        "and id in (select cas from case_posts where post=?)": where.post,
        "and instr(title, ?)": f" {' '.join(words)} " if words else None,
        "and instr(answer, ?)": f" {' '.join(said)} " if said else None,
        "and petition_kind=?": where.petition_kind,
        "and petition_kind is not ?": where.without_kind,
        "and board_domain=?": where.board_domain,
        "and place=?": where.place,
    }
    if where.dead:
        tests["and dead>?"] = 0
    given = {sql: value for sql, value in tests.items() if value is not None}
    sql, values = " ".join(given), list(given.values())
    if where.states:
        sql += f" and state in ({marks(len(where.states))})"
        values += where.states
    for names, test in ((where.viewer, _BARRED), (where.excluding, _EXCLUDING), (where.seen_by, _SEEN)):
        if names:
            several = marks(len(names))
            sql += test.format(several)
            values += names * test.count("{0}")
    if where.department is not None:
        sql += " and (department=? or id in (select cas from case_departments where part='co' and department=?))"
        values += [where.department, where.department]
    return sql, values
