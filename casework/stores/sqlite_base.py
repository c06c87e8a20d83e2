"""The SQLite file: opening, migrations, short transactions, errors in the words of the ports."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from casework.ports import StoreError, Unavailable, Unwritable

WAIT = 30.0
"""Seconds that a writer waits for another."""
MIGRATIONS: tuple[tuple[str, str], ...] = (
    (
        "posts, events, cases, accounts, log",
        """
        create table posts(
            n integer primary key, id text not null unique, kind text not null, source text not null,
            published text not null, todo text, event text, regions text not null default '', words text,
            doc text not null);
        create index posts_todo on posts(todo, published, id) where todo is not null;
        create index posts_published on posts(published desc, id);
        create index posts_event on posts(event) where event is not null;
        create virtual table post_text using fts5(title, body, content='',
            tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
        create table events(id text primary key, last_at text not null, heat real not null, doc text not null)
            without rowid;
        create index events_heat on events(heat desc, id);
        create table cases(
            id text primary key, version integer not null, state text not null, department text, severity text,
            due text, look_at text, notify_at text, title text not null, doc text not null);
        create index cases_state on cases(state, id);
        create index cases_department on cases(department, due);
        create index cases_due on cases(due) where due is not null;
        create index cases_look on cases(look_at, id) where look_at is not null;
        create index cases_notify on cases(notify_at, id) where notify_at is not null;
        create table case_posts(post text, cas text, primary key(post, cas)) without rowid;
        create table case_departments(department text, part text, cas text, primary key(department, part, cas))
            without rowid;
        create table users(name text primary key, doc text not null) without rowid;
        create table audit(n integer primary key, doc text not null);
        """,
    ),
    (
        "pages of cases from an index, kind of petition beside a case, revision beside a post",
        """
        alter table cases add column petition_kind text;
        update cases set petition_kind=json_extract(doc, '$.petition_kind');
        create index cases_page on cases(due is null, due, id, petition_kind, state);
        alter table posts add column revision integer not null default 1;
        update posts set revision=json_extract(doc, '$.revision');
        """,
    ),
    (
        "alarms of the office",
        "create table alarms(id text primary key, version integer not null, doc text not null) without rowid;",
    ),
    (
        "sheets of the office, notices that were given up",
        """
        create table sheets(kind text not null, id text not null, version integer not null, doc text not null,
            primary key(kind, id)) without rowid;
        alter table cases add column dead integer not null default 0;
        update cases set dead=1 where instr(doc, '"state":"failed"');
        create index cases_dead on cases(id) where dead>0;
        """,
    ),
    (
        "class and place beside a case, for counts of what was handled before",
        """
        alter table cases add column board_domain text;
        alter table cases add column place text;
        update cases set board_domain=json_extract(doc, '$.history[0].data.board_domain');
        create index cases_class on cases(board_domain, place, state, department);
        """,
    ),
    (
        "cases that wait for the calendar of a year",
        """
        alter table cases add column awaits integer;
        create index cases_awaits on cases(awaits, id) where awaits is not null;
        """,
    ),
    (
        "posts and departments of a case by the case: writing one no longer costs what is there",
        """
        create index case_posts_case on case_posts(cas);
        create index case_departments_case on case_departments(cas);
        """,
    ),
    (
        "what posts are searched and counted by, beside them",
        """
        alter table posts add column severity text;
        alter table posts add column sentiment text;
        alter table posts add column board_domain text;
        alter table posts add column message_type text;
        alter table posts add column report integer;
        alter table posts add column decision text;
        alter table posts add column cas text;
        update posts set decision=json_extract(doc, '$.decision'), cas=json_extract(doc, '$.case'),
            severity=coalesce(json_extract(doc, '$.assessment.value.severity.level'), 'unknown'),
            sentiment=json_extract(doc, '$.assessment.value.sentiment.label'),
            board_domain=json_extract(doc, '$.assessment.value.board_domain.label'),
            message_type=json_extract(doc, '$.assessment.value.message_type.label'),
            report=coalesce(json_extract(doc, '$.assessment.value.petition_kind.label')='检举控告', 0)
                or instr(coalesce(json_extract(doc, '$.assessment.value.unsure'), ''), 'petition_kind')>0
            where json_extract(doc, '$.decision') is not null;
        alter table cases add column answer text not null default '';
        create index posts_found on posts(published desc, id, kind, source, severity, sentiment, board_domain,
            message_type, report, decision, cas, regions);
        """,
    ),
)
"""What each version of the file added, in order; ``user_version`` counts them."""


def dumps(value: Any) -> str:
    """JSON as stored: Chinese as it is, no blanks."""
    return orjson.dumps(value).decode()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors into those of the ports, with what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise Unavailable(f"{path}: another process has held the store for {WAIT:.0f} s; try again") from None
        if "full" in text:
            raise Unwritable(f"{path}: the disk is full; nothing of this step was written; make room") from None
        if "readonly" in text or "unable to open" in text or "I/O" in text:
            raise Unwritable(f"{path}: cannot be written ({text}); check folder and permissions") from None
        raise
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise StoreError(f"{path}: is not a store of ours or is damaged ({error}); name another file") from None
        raise


def _private(path: Path) -> None:
    """Make the file anew for its owner alone: authors and original texts are in it. SQLite's side files follow it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return  # it is there already, or SQLite says better why it cannot be made


class SqliteFile:
    """One connection to the file, shared by threads one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unwritable(f"{path.parent}: cannot be made ({error.strerror}); name another folder") from None
        with translated(path):
            _private(path)
            self._db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
            self._db.execute("pragma journal_mode=wal")
            # In WAL mode NORMAL survives a killed process; a power cut may cost the last moments, never the file.
            self._db.execute("pragma synchronous=normal")

    def migrate(self) -> list[str]:
        """Bring the file to this version; what was done. Raises StoreError for a file of a newer version."""
        done = []
        version = self.one("pragma user_version")[0]
        if version > len(MIGRATIONS):
            raise StoreError(f"{self.path}: is of version {version}, this program knows {len(MIGRATIONS)}; update it")
        while version < len(MIGRATIONS):
            with self.writing():
                version = self.one("pragma user_version")[0]
                if version < len(MIGRATIONS):
                    name, script = MIGRATIONS[version]
                    for statement in filter(str.strip, script.split(";\n")):
                        self._db.execute(statement)
                    version += 1
                    self._db.execute(f"pragma user_version={version}")
                    done.append(f"version {version}: {name}")
        return done

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing, also under kill -9."""
        with self._lock, translated(self.path):
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                # A commit that fails may leave its transaction open, and the next one could not begin.
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, translated(self.path):
            return self._db.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The first row of a query; an empty tuple where there is none."""
        with self._lock, translated(self.path):
            row = self._db.execute(sql, values).fetchone()
        return row or ()

    def run(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Run a statement; the number of rows changed."""
        with self._lock, translated(self.path):
            return self._db.execute(sql, values).rowcount

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for many rows."""
        with self._lock, translated(self.path):
            self._db.executemany(sql, rows)

    def close(self) -> None:
        """Give up the connection."""
        with self._lock:
            self._db.close()


def marks(number: int) -> str:
    """Question marks for ``number`` values."""
    return ",".join("?" * number)
