"""Housekeeping in SQLite: what is taken away for good, with its traces in the full-text index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import orjson

from casework.domain.times import store_time
from casework.records import PostRecord
from casework.stores.codec import record_from
from casework.stores.sqlite_base import marks
from casework.stores.sqlite_posts import DELETE_TEXT, INSERT_TEXT, PART, Row, SqlitePosts, indexed


class SqliteKeeping(SqlitePosts):
    """The keeping store over an open file."""

    def posts_before(self, moment: datetime) -> Iterator[list[PostRecord]]:
        """See the port."""
        last: Row = ("", "")
        sql = (
            "select published, id, doc from posts where published < ? and (published, id) > (?, ?) "
            "order by published, id limit ?"
        )
        while rows := self.file.all(sql, (store_time(moment), *last, PART)):
            last = rows[-1][:2]
            yield [record_from(orjson.loads(doc)) for _, _, doc in rows]

    def rewrite_posts(self, ids: Sequence[str], change: Callable[[PostRecord], PostRecord]) -> None:
        """See the port; the whole call is one transaction."""
        with self.file.writing():
            for number, record in self._numbered(ids).values():
                newer = change(record)
                self._write(newer)
                self._reindex(number, record, newer)

    def _reindex(self, number: int, old: PostRecord, new: PostRecord) -> None:
        texts = [(record.post.title or "", record.post.text) for record in (old, new)]
        if texts[0] == texts[1]:
            return
        self.file.run(DELETE_TEXT, (number, *map(indexed, texts[0])))
        self.file.run(INSERT_TEXT, (number, *map(indexed, texts[1])))
        # The words are those of the original.
        self.file.run("update posts set words='' where n=?", (number,))

    def delete_posts(self, ids: Sequence[str]) -> int:
        """See the port."""
        with self.file.writing():
            found = self._numbered(ids)
            for number, record in found.values():
                post = record.post
                self.file.run(DELETE_TEXT, (number, indexed(post.title or ""), indexed(post.text)))
                self.file.run("delete from posts where n=?", (number,))
        return len(found)

    def delete_events(self, ids: Sequence[str]) -> int:
        """See the port."""
        return self._delete("delete from events where id in ({})", ids)

    def delete_cases(self, ids: Sequence[str]) -> int:
        """See the port."""
        with self.file.writing():
            for table in ("case_posts", "case_departments"):
                self._delete(f"delete from {table} where cas in ({{}})", ids)
            return self._delete("delete from cases where id in ({})", ids)

    def _delete(self, sql: str, ids: Sequence[str]) -> int:
        parts = [ids[start : start + PART] for start in range(0, len(ids), PART)]
        return sum(self.file.run(sql.format(marks(len(part))), part) for part in parts)
