"""Posts in SQLite: documents with what queries need beside them, and a full-text index of bigrams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson

from casework.domain.assessment import Assessment
from casework.domain.post import Post
from casework.domain.search import folded, raw_tokens, tokens
from casework.domain.times import store_time
from casework.records import Grouped, Opened, PostRecord, SearchFilter
from casework.stores.codec import decided, facets_of, grouped_from, record_doc, record_from, taken_in, todo_of
from casework.stores.sqlite_base import SqliteFile, dumps, marks

PART = 500
"""Ids asked for by one statement (SQLite bounds the number of values)."""
INSERT = "insert into posts(n,id,kind,source,published,todo,doc) values(?,?,?,?,?,?,?)"
DELETE_TEXT = "insert into post_text(post_text,rowid,title,body) values('delete',?,?,?)"
"""The index keeps no text of its own, so the old one is given to take it out."""
INSERT_TEXT = "insert into post_text(rowid,title,body) values(?,?,?)"
Row = tuple[Any, ...]
BESIDE = (
    "severity=:severity, sentiment=:sentiment, board_domain=:board_domain, message_type=:message_type, "
    "report=:report, decision=:decision, cas=:cas"
)
"""What stands beside a post for ``find_posts``; set with every write that may change it."""


# Han as of Unicode 6.1, which SQLite's tokenizer knows, and plain letters and digits.
_PLAIN = re.compile("[a-z0-9㐀-䶵一-鿌]+")
_MOST_KNOWN = 200_000


def encode(token: str) -> str:
    """A token as the index holds it, folded. Letters that the index's tokenizer keeps stand for themselves; a token
    with any other is written in code points behind ``ª``, which no folded text contains.
    """
    same = folded(token)
    if _PLAIN.fullmatch(same) is not None:
        return same
    return "ª" + "ª".join(f"{ord(character):x}" for character in same)


class _Links(dict[str, str]):
    """Token → its code as the end of one pair and the beginning of the next: ``code code_``. Filled as they are met."""

    def __missing__(self, token: str) -> str:
        code = encode(token)
        link = f"{code} {code}_"
        if len(self) < _MOST_KNOWN:
            self[token] = link
        return link


_LINKS = _Links()


def indexed(text: str) -> str:
    """A text as the full-text index holds it: each token joined with the next, so that a pair is one term.

    The tokens a, b, c give ``a_b b_c c_``: their links joined, without the end of a pair that nothing begins.
    """
    parts = raw_tokens(text) if text else []
    return "".join(map(_LINKS.__getitem__, parts)).partition(" ")[2]


def match(query: str) -> str:
    """The index's query for a phrase. One token: every pair that it begins; more: its pairs side by side."""
    parts = [encode(token) for token in raw_tokens(query)]
    if len(parts) == 1:
        return f'"{parts[0]}_"*'
    return '"' + " ".join(f"{left}_{right}" for left, right in pairwise(parts)) + '"'


def new_rows(number: int, record: PostRecord) -> tuple[Row, Row]:
    """The rows of a new post in its table and in the index."""
    post = record.post
    doc = dumps(record_doc(record))
    row = (number, post.id, post.kind, post.source, store_time(post.published_at), "assess", doc)
    return row, (number, indexed(post.title or ""), indexed(post.text))


class SqlitePosts:
    """The post store over an open file."""

    file: SqliteFile

    def put_posts(self, posts: Sequence[Post], now: datetime) -> list[str]:
        """See the port; the whole call is one transaction."""
        with self.file.writing():
            known = self._numbered([post.id for post in posts])
            number = (self.file.one("select max(n) from posts")[0] or 0) + 1
            fresh: dict[str, tuple[int, PostRecord]] = {}
            outcomes = []
            for post in posts:
                if post.id in known:
                    outcomes.append(self._put_known(known, post))
                elif post.id in fresh:
                    # The same id twice in one call: the second is another look at the first.
                    place, record = fresh[post.id]
                    record, outcome = taken_in(record, post)
                    fresh[post.id] = (place, record)
                    outcomes.append(outcome)
                else:
                    fresh[post.id] = (number, PostRecord(post))
                    number += 1
                    outcomes.append("new")
            pairs = [new_rows(place, record) for place, record in fresh.values()]
            self.file.many(INSERT, [row for row, _ in pairs])
            self.file.many(INSERT_TEXT, [text for _, text in pairs])
        return outcomes

    def _put_known(self, known: dict[str, tuple[int, PostRecord]], post: Post) -> str:
        number, record = known[post.id]
        newer, outcome = taken_in(record, post)
        if newer != record:
            known[post.id] = (number, newer)
            self._write(newer)
        if outcome == "changed":
            old = record.post
            self.file.run(DELETE_TEXT, (number, indexed(old.title or ""), indexed(old.text)))
            self.file.run(INSERT_TEXT, (number, indexed(post.title or ""), indexed(post.text)))
        return outcome

    def _write(self, record: PostRecord) -> None:
        post = record.post
        self.file.run(
            "update posts set kind=:kind, published=:published, todo=:todo, event=:event, revision=:revision, "
            f"doc=:doc, {BESIDE} where id=:id",
            {
                "kind": post.kind,
                "published": store_time(post.published_at),
                "todo": todo_of(record),
                "event": record.event,
                "revision": record.revision,
                "doc": dumps(record_doc(record)),
                "id": post.id,
                **facets_of(record),
            },
        )

    def _numbered(self, ids: Sequence[str]) -> dict[str, tuple[int, PostRecord]]:
        found = {}
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            rows = self.file.all(f"select n, id, doc from posts where id in ({marks(len(part))})", part)
            found.update({id_: (number, record_from(orjson.loads(doc))) for number, id_, doc in rows})
        return found

    def get_posts(self, ids: Sequence[str]) -> dict[str, PostRecord]:
        """See the port."""
        return {id_: record for id_, (_, record) in self._numbered(ids).items()}

    def unassessed(self, batch: int) -> Iterator[list[PostRecord]]:
        """See the port."""
        return self._to_do("assess", batch)

    def unopened(self, batch: int) -> Iterator[list[PostRecord]]:
        """See the port."""
        return self._to_do("open", batch)

    def _to_do(self, what: str, batch: int) -> Iterator[list[PostRecord]]:
        last: Row = ("", "")
        # "todo='x'" is written out: the index holds only rows with something to do, and a parameter would miss it.
        sql = (
            f"select published, id, doc from posts where todo='{what}' and (published, id) > (?, ?) "
            "order by published, id limit ?"
        )
        while rows := self.file.all(sql, (*last, batch)):
            last = rows[-1][:2]
            yield [record_from(orjson.loads(doc)) for _, _, doc in rows]

    def put_assessments(self, assessments: Mapping[str, tuple[Assessment, str]]) -> None:
        """See the port. An assessment of an older revision than the post's present one is kept but not final."""
        with self.file.writing():
            for id_, (number, record) in self._numbered(list(assessments)).items():
                assessment, words = assessments[id_]
                kept = replace(record, assessment=assessment, decision=None)
                values = {"todo": todo_of(kept), "regions": _regions(assessment), "words": words, "n": number}
                self.file.run(
                    f"update posts set todo=:todo, regions=:regions, words=:words, doc=:doc, {BESIDE} where n=:n",
                    {**values, "doc": dumps(record_doc(kept)), **facets_of(kept)},
                )

    def put_opened(self, decisions: Sequence[Opened]) -> None:
        """See the port."""
        with self.file.writing():
            known = self._numbered([decision.post for decision in decisions])
            for decision in decisions:
                if decision.post not in known:
                    continue
                number, record = known[decision.post]
                kept = decided(record, decision)
                values = {"todo": todo_of(kept), "event": decision.event, "doc": dumps(record_doc(kept)), "n": number}
                self.file.run(
                    f"update posts set todo=:todo, event=:event, doc=:doc, {BESIDE} where n=:n",
                    values | facets_of(kept),
                )

    def grouped(self, since: datetime) -> Iterator[Grouped]:
        """See the port."""
        last: Row = (store_time(since), "")
        sql = (
            "select published, id, event, doc from posts where event is not null and (published, id) > (?, ?) "
            "order by published, id limit 2000"
        )
        while rows := self.file.all(sql, last):
            last = rows[-1][:2]
            for _, id_, event, doc in rows:
                kept = orjson.loads(doc)
                yield grouped_from(id_, kept, event)

    def search(self, query: str, where: SearchFilter, limit: int) -> list[str]:
        """See the port."""
        if not tokens(query):
            return []
        sql, values = _filter(where)
        rows = self.file.all(
            f"select id from posts where n in (select rowid from post_text where post_text match ?) {sql} "
            "order by published desc, id limit ?",
            (match(query), *values, limit),
        )
        return [id_ for (id_,) in rows]

    def recent_posts(self, where: SearchFilter, limit: int) -> list[PostRecord]:
        """See the port."""
        sql, values = _filter(where)
        rows = self.file.all(
            f"select doc from posts where 1 {sql} order by published desc, id limit ?", (*values, limit)
        )
        return [record_from(orjson.loads(doc)) for (doc,) in rows]

    def count_posts(self) -> dict[str, int]:
        """See the port."""
        row = self.file.one(
            "select count(*), coalesce(sum(revision), 0), "
            "coalesce(sum(todo is not 'assess'), 0), coalesce(sum(todo is null), 0) from posts"
        )
        return dict(zip(("posts", "revisions", "assessed", "opened"), row, strict=True))

    def all_posts(self) -> Iterator[tuple[PostRecord, str | None]]:
        """Every post by id, with its words."""
        last = ""
        while rows := self.file.all("select id, words, doc from posts where id > ? order by id limit 1000", (last,)):
            last = rows[-1][0]
            for _, words, doc in rows:
                yield record_from(orjson.loads(doc)), words

    def restore_posts(self, records: Sequence[tuple[PostRecord, str | None]]) -> None:
        """Write posts as they were exported."""
        with self.file.writing():
            number = (self.file.one("select max(n) from posts")[0] or 0) + 1
            for place, (record, words) in enumerate(records, start=number):
                row, text = new_rows(place, record)
                self.file.run(INSERT, row)
                self.file.run(INSERT_TEXT, text)
                regions = _regions(record.assessment) if record.assessment else ""
                values = {
                    "todo": todo_of(record),
                    "event": record.event,
                    "regions": regions,
                    "words": words,
                    "n": place,
                }
                self.file.run(
                    f"update posts set todo=:todo, event=:event, regions=:regions, words=:words, revision=:revision, "
                    f"{BESIDE} where n=:n",
                    {**values, "revision": record.revision, **facets_of(record)},
                )


def _regions(assessment: Assessment) -> str:
    return "".join(f" {code}" for code in assessment.regions)


def _filter(where: SearchFilter) -> tuple[str, list[Any]]:
    tests = {
        "and kind=?": where.kind,
        "and source=?": where.source,
        "and published>=?": store_time(where.since) if where.since else None,
        "and published<?": store_time(where.until) if where.until else None,
        "and instr(regions, ' ' || ?)": where.region,
    }
    given = {sql: value for sql, value in tests.items() if value is not None}
    return " ".join(given), list(given.values())
