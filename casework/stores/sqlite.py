"""The embedded store: everything in one SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from casework.domain import audit
from casework.domain.alarm import Alarm
from casework.ports import Conflict, NotFound
from casework.records import AuditEntry, Sheet, User
from casework.stores import transfer
from casework.stores.codec import alarm_doc, alarm_from, audit_doc, audit_from, user_doc, user_from
from casework.stores.sqlite_base import SqliteFile, dumps
from casework.stores.sqlite_cases import SqliteCases
from casework.stores.sqlite_find import SqliteFinding
from casework.stores.sqlite_keeping import SqliteKeeping


class SqliteStore(SqliteKeeping, SqliteFinding, SqliteCases):
    """All store ports over one file; safe for several processes at once (WAL, short immediate transactions)."""

    def __init__(self, path: Path, url: str) -> None:
        self.url = url
        self.file = SqliteFile(path)

    def migrate(self) -> list[str]:
        """See the port."""
        return self.file.migrate()

    def refresh(self) -> None:
        """Nothing to do: what is committed is seen."""

    def close(self) -> None:
        """See the port."""
        self.file.close()

    def list_alarms(self) -> list[Alarm]:
        """See the port."""
        rows = self.file.all("select doc, version from alarms order by id")
        return [alarm_from(orjson.loads(doc), str(version)) for doc, version in rows]

    def save_alarm(self, alarm: Alarm) -> None:
        """See the port."""
        doc = dumps(alarm_doc(alarm))
        if alarm.token is None:
            written = self.file.run("insert or ignore into alarms values(?,1,?)", (alarm.id, doc))
        else:
            change = "update alarms set doc=?, version=version+1 where id=? and version=?"
            written = self.file.run(change, (doc, alarm.id, int(alarm.token)))
        if written != 1:
            raise Conflict(f"{alarm.id} was changed by somebody else; read it again")

    def list_sheets(self, kind: str) -> list[Sheet]:
        """See the port."""
        rows = self.file.all("select id, doc, version from sheets where kind=? order by id", (kind,))
        return [Sheet(kind, id_, orjson.loads(doc), str(version)) for id_, doc, version in rows]

    def get_sheet(self, kind: str, id_: str) -> Sheet | None:
        """See the port."""
        row = self.file.one("select doc, version from sheets where kind=? and id=?", (kind, id_))
        return Sheet(kind, id_, orjson.loads(row[0]), str(row[1])) if row else None

    def save_sheet(self, sheet: Sheet) -> None:
        """See the port."""
        doc = dumps(dict(sheet.doc))
        if sheet.token is None:
            written = self.file.run("insert or ignore into sheets values(?,?,1,?)", (sheet.kind, sheet.id, doc))
        else:
            change = "update sheets set doc=?, version=version+1 where kind=? and id=? and version=?"
            written = self.file.run(change, (doc, sheet.kind, sheet.id, int(sheet.token)))
        if written != 1:
            raise Conflict(f"{sheet.kind} {sheet.id} was changed by somebody else; read it again")

    def drop_sheet(self, kind: str, id_: str) -> bool:
        """See the port."""
        return self.file.run("delete from sheets where kind=? and id=?", (kind, id_)) == 1

    def all_sheets(self) -> list[Sheet]:
        """Every sheet by kind and id."""
        kinds = self.file.all("select distinct kind from sheets order by kind")
        return [sheet for (kind,) in kinds for sheet in self.list_sheets(kind)]

    def put_user(self, user: User) -> None:
        """See the port."""
        self.file.run("insert or replace into users values(?,?)", (user.name, dumps(user_doc(user))))

    def get_user(self, name: str) -> User:
        """See the port."""
        row = self.file.one("select doc from users where name=?", (name,))
        if not row:
            raise NotFound(f"no such user {name!r}")
        return user_from(orjson.loads(row[0]))

    def list_users(self) -> list[User]:
        """See the port."""
        return [user_from(orjson.loads(doc)) for (doc,) in self.file.all("select doc from users order by name")]

    def append_audit(self, entry: AuditEntry) -> None:
        """See the port."""
        with self.file.writing():
            row = self.file.one("select n, doc from audit order by n desc limit 1")
            number, previous = (row[0], orjson.loads(row[1])["hash"]) if row else (-1, audit.START)
            chained = replace(entry, hash=audit.digest(previous, entry.body()))
            self.file.run("insert into audit values(?,?)", (number + 1, dumps(audit_doc(chained))))

    def audit_entries(self) -> Iterator[AuditEntry]:
        """See the port."""
        last = -1
        while rows := self.file.all("select n, doc from audit where n>? order by n limit 1000", (last,)):
            last = rows[-1][0]
            for _, doc in rows:
                yield audit_from(orjson.loads(doc))

    def restore_audit(self, entries: list[AuditEntry], first: int) -> None:
        """Write entries as they were exported, numbered from ``first``."""
        rows = [(number, dumps(audit_doc(entry))) for number, entry in enumerate(entries, start=first)]
        with self.file.writing():
            self.file.many("insert into audit values(?,?)", rows)

    def lost_cases(self) -> list[str]:
        """See the port."""
        return transfer.lost_cases(self)

    def check(self) -> list[str]:
        """See the port."""
        problems = [f"file: {row[0]}" for row in self.file.all("pragma integrity_check") if row[0] != "ok"]
        posts, texts = (self.file.one(f"select count(*) from {name}")[0] for name in ("posts", "post_text_docsize"))
        if posts != texts:
            problems.append(f"full-text index: {texts} rows for {posts} posts")
        return problems + transfer.check(self)

    def export(self, folder: Path) -> dict[str, int]:
        """See the port."""
        return transfer.export(self, folder)

    def restore(self, folder: Path) -> dict[str, int]:
        """See the port."""
        return transfer.restore(self, folder)
