"""The Elasticsearch store: posts by year behind an alias, cases, events, accounts and the log in plain indices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from casework.domain import audit
from casework.domain.alarm import Alarm
from casework.ports import Conflict, NotFound
from casework.records import AuditEntry, Sheet, User
from casework.stores import transfer
from casework.stores.codec import (
    alarm_doc,
    alarm_from,
    audit_doc,
    audit_from,
    sheet_doc,
    sheet_from,
    user_doc,
    user_from,
)
from casework.stores.elastic_cases import ElasticCases, guard_of, token_of
from casework.stores.elastic_find import ElasticFinding
from casework.stores.elastic_keeping import ElasticKeeping
from casework.stores.elastic_server import Doc, Server

TRIES = 20


class ElasticStore(ElasticKeeping, ElasticFinding, ElasticCases):
    """All store ports over one server and one prefix of indices."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        # What follows the @ only: the password is never shown.
        self.url = url.split("://", 1)[0] + "://" + url.split("://", 1)[1].split("@")[-1]
        self._written = {}

    @classmethod
    def connect(cls, url: str) -> ElasticStore:
        """The store at a URL. Raises StoreError for a wrong URL, Unavailable where the server does not answer."""
        return cls(Server.connect(url), url)

    def exists(self) -> bool:
        """Whether anything of this store was ever made on the server."""
        return self.server.exists()

    def migrate(self) -> list[str]:
        """See the port."""
        return self.server.migrate()

    def refresh(self) -> None:
        """See the port."""
        self.server.refresh()
        # What has been refreshed is found through the alias again.
        self._written.clear()

    def drop(self) -> None:
        """Delete every index of this store's prefix: for tests and figures."""
        self.server.drop()

    def close(self) -> None:
        """See the port."""
        self.server.close()

    def list_alarms(self) -> list[Alarm]:
        """See the port."""
        self.server.refresh("alarms")
        pages = self.server.pages("alarms", {"match_all": {}}, ("id",), seq_no_primary_term=True)
        return [alarm_from(hit["_source"]["alarm"], token_of(hit)) for hits in pages for hit in hits]

    def save_alarm(self, alarm: Alarm) -> None:
        """See the port."""
        where = {"_index": self.server.index("alarms"), "_id": alarm.id}
        action = {**guard_of(alarm.token), **where, "_source": {"id": alarm.id, "alarm": alarm_doc(alarm)}}
        if self.server.write([action]) != [True]:
            raise Conflict(f"{alarm.id} was changed by somebody else; read it again")

    def list_sheets(self, kind: str) -> list[Sheet]:
        """See the port."""
        return self._sheets({"term": {"kind": kind}})

    def get_sheet(self, kind: str, id_: str) -> Sheet | None:
        """See the port."""
        hit = self.server.get("sheets", f"{kind}/{id_}")
        return None if hit is None else sheet_from(hit["_source"], token_of(hit))

    def save_sheet(self, sheet: Sheet) -> None:
        """See the port."""
        key = f"{sheet.kind}/{sheet.id}"
        where = {"_index": self.server.index("sheets"), "_id": key}
        action = {**guard_of(sheet.token), **where, "_source": {"key": key, **sheet_doc(sheet)}}
        if self.server.write([action]) != [True]:
            raise Conflict(f"{sheet.kind} {sheet.id} was changed by somebody else; read it again")

    def drop_sheet(self, kind: str, id_: str) -> bool:
        """See the port."""
        return self.server.delete("sheets", f"{kind}/{id_}")

    def all_sheets(self) -> list[Sheet]:
        """Every sheet by kind and id."""
        return self._sheets({"match_all": {}})

    def _sheets(self, query: Doc) -> list[Sheet]:
        self.server.refresh("sheets")
        pages = self.server.pages("sheets", query, ("key",), seq_no_primary_term=True)
        return [sheet_from(hit["_source"], token_of(hit)) for hits in pages for hit in hits]

    def put_user(self, user: User) -> None:
        """See the port."""
        self.server.put("users", user.name, user_doc(user))

    def get_user(self, name: str) -> User:
        """See the port."""
        hit = self.server.get("users", name)
        if hit is None:
            raise NotFound(f"no such user {name!r}")
        return user_from(hit["_source"])

    def list_users(self) -> list[User]:
        """See the port."""
        pages = self.server.pages("users", {"match_all": {}}, ("name",))
        return [user_from(hit["_source"]) for hits in pages for hit in hits]

    def append_audit(self, entry: AuditEntry) -> None:
        """See the port. The entry's number is its id, so of two writers one is refused and chains behind the other."""
        for _ in range(TRIES):
            last = self.server.search("audit", query={"match_all": {}}, sort=[{"n": "desc"}], size=1)
            number, previous = (last[0]["_source"]["n"], last[0]["_source"]["hash"]) if last else (-1, audit.START)
            chained = replace(entry, hash=audit.digest(previous, entry.body()))
            doc = {"n": number + 1, **audit_doc(chained)}
            if self.server.put("audit", f"{number + 1:012d}", doc, create=True):
                return
            self.server.refresh("audit")
        raise Conflict(f"the log was written by others {TRIES} times in a row; try again")

    def audit_entries(self) -> Iterator[AuditEntry]:
        """See the port."""
        self.server.refresh("audit")
        for hits in self.server.pages("audit", {"match_all": {}}, ("n",)):
            for hit in hits:
                yield audit_from(hit["_source"])

    def restore_audit(self, entries: list[AuditEntry], first: int) -> None:
        """Write entries as they were exported, numbered from ``first``."""
        index = self.server.index("audit")
        self.server.bulk(
            {"_op_type": "create", "_index": index, "_id": f"{n:012d}", "_source": {"n": n, **audit_doc(entry)}}
            for n, entry in enumerate(entries, start=first)
        )

    def lost_cases(self) -> list[str]:
        """See the port."""
        return transfer.lost_cases(self)

    def check(self) -> list[str]:
        """See the port."""
        return transfer.check(self)

    def export(self, folder: Path) -> dict[str, int]:
        """See the port."""
        return transfer.export(self, folder)

    def restore(self, folder: Path) -> dict[str, int]:
        """See the port."""
        return transfer.restore(self, folder)
