"""Posts in Elasticsearch: one index a year behind an alias, the year being that of the first published_at seen.

The record lies whole and unindexed in ``record``; beside it what queries ask for. Search is over our own tokens, joined
by blanks, so that it means the same as in every other store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.domain.assessment import Assessment
from casework.domain.post import Post
from casework.domain.search import tokens
from casework.domain.times import SHANGHAI, store_time
from casework.ports import StoreError
from casework.records import Grouped, Opened, PostRecord, SearchFilter
from casework.stores.codec import decided, facets_of, grouped_from, record_doc, record_from, taken_in, todo_of
from casework.stores.elastic_server import Doc, Server
from casework.stores.elastic_tokens import joined

ORDER = ("published", "id")
TRIES = 5
"""How often a post is read and written again when another process wrote it in between."""


Tokens = tuple[str, str]


class Place:
    """Where a post lies and which state of it was read: index, and the pair that guards against lost updates."""

    __slots__ = ("found", "index", "record", "seq", "term", "words")

    def __init__(self, hit: Doc) -> None:
        self.index, self.seq, self.term = hit["_index"], hit["_seq_no"], hit["_primary_term"]
        self.record = record_from(hit["_source"]["record"])
        self.words: str | None = hit["_source"]["words"]
        self.found: Tokens = hit["_source"]["title_tokens"], hit["_source"]["text_tokens"]


def tokens_of(records: Sequence[PostRecord]) -> list[Tokens]:
    """Of each post the tokens of its title and of its text."""
    made = iter(joined([text for record in records for text in (record.post.title or "", record.post.text)]))
    return list(zip(made, made, strict=True))


def document(record: PostRecord, words: str | None, found: Tokens) -> Doc:
    """A post as a document of the index, to be found by the tokens given."""
    post, assessment = record.post, record.assessment
    published = store_time(post.published_at)
    beside = facets_of(record)
    return {
        "id": post.id,
        "source": post.source,
        "kind": post.kind,
        "published": published,
        "published_at": published,
        "title_tokens": found[0],
        "text_tokens": found[1],
        "words": words,
        **({"regions": list(assessment.regions), "labels": _labels(assessment)} if assessment else {}),
        "todo": todo_of(record),
        "event": record.event,
        "decision": record.decision,
        "level": beside["severity"],
        "report": None if beside["report"] is None else bool(beside["report"]),
        "case": record.case,
        "revision": record.revision,
        "record": record_doc(record),
    }


def _labels(assessment: Assessment) -> dict[str, str | None]:
    names = ("board_domain", "petition_topic", "message_type", "petition_kind", "sentiment", "emotion", "disposition")
    return {**{name: assessment.label(name) for name in names}, "severity": assessment.severity}


class ElasticPosts:
    """The post store over a server."""

    server: Server
    _written: dict[str, str]

    def put_posts(self, posts: Sequence[Post], now: datetime) -> list[str]:
        """See the port."""
        outcomes: dict[int, str] = {}
        waiting = list(enumerate(posts))
        for _ in range(TRIES):
            waiting = self._put_round(waiting, outcomes)
            if not waiting:
                return [outcomes[number] for number in range(len(posts))]
            # What was refused was written by another process: it must be read as it is now.
            self.server.refresh("posts")
        raise StoreError(f"{waiting[0][1].id}: was written by others {TRIES} times in a row; load again")

    def _put_round(self, posts: Sequence[tuple[int, Post]], outcomes: dict[int, str]) -> list[tuple[int, Post]]:
        """Write each post once; those that another process wrote in between are handed back."""
        ids = [post.id for _, post in posts]
        known = self._places(ids)
        fresh: dict[str, PostRecord] = {}
        changed: dict[str, PostRecord] = {}
        for id_, (number, post) in zip(ids, posts, strict=True):
            place = known.get(id_)
            held = changed.get(id_) or fresh.get(id_) or (place.record if place else None)
            if held is None:
                fresh[id_], outcomes[number] = PostRecord(post), "new"
                continue
            newer, outcomes[number] = taken_in(held, post)
            if newer != held:
                (fresh if id_ in fresh else changed)[id_] = newer
        written = [*fresh.values(), *changed.values()]
        found = dict(zip((*fresh, *changed), tokens_of(written), strict=True))
        actions = [self.creation(record, None, found[id_]) for id_, record in fresh.items()]
        actions += [_update(known[id_], record, known[id_].words, found[id_]) for id_, record in changed.items()]
        refused = self._write(actions)
        return [pair for id_, pair in zip(ids, posts, strict=True) if id_ in refused]

    def creations(self, records: Sequence[PostRecord]) -> list[Doc]:
        """The bulk actions that make new posts."""
        return [self.creation(record, None, found) for record, found in zip(records, tokens_of(records), strict=True)]

    def creation(self, record: PostRecord, words: str | None, found: Tokens) -> Doc:
        """The bulk action that makes a new post."""
        # The year of the first look, kept for good: an id is unique only inside one index.
        year = record.post.published_at.astimezone(SHANGHAI).year
        index = f"{self.server.index('posts')}-{year:04d}"
        source = document(record, words, found)
        return {"_op_type": "create", "_index": index, "_id": source["id"], "_source": source}

    def _write(self, actions: Sequence[Doc]) -> set[str]:
        """Run actions; the ids that another process wrote first."""
        refused = set()
        for action, done in zip(actions, self.server.write(actions), strict=True):
            if done:
                self._written[action["_id"]] = action["_index"]
            else:
                refused.add(action["_id"])
        return refused

    def _places(self, ids: Sequence[str]) -> dict[str, Place]:
        """Where posts lie: asked of the alias, and for what this process wrote itself, of the index at once."""
        recent = [(self._written[id_], id_) for id_ in dict.fromkeys(ids) if id_ in self._written]
        hits = self.server.get_many(recent)
        others = [id_ for id_ in dict.fromkeys(ids) if id_ not in self._written]
        for start in range(0, len(others), 1000):
            part = others[start : start + 1000]
            query = {"ids": {"values": part}}
            hits += self.server.search("posts", query=query, size=len(part), seq_no_primary_term=True, sort="_doc")
        return {hit["_id"]: Place(hit) for hit in hits}

    def get_posts(self, ids: Sequence[str]) -> dict[str, PostRecord]:
        """See the port."""
        places = self._places(ids)
        return {id_: places[id_].record for id_ in ids if id_ in places}

    def unassessed(self, batch: int) -> Iterator[list[PostRecord]]:
        """See the port."""
        return self._to_do("assess", batch)

    def unopened(self, batch: int) -> Iterator[list[PostRecord]]:
        """See the port."""
        return self._to_do("open", batch)

    def _to_do(self, what: str, batch: int) -> Iterator[list[PostRecord]]:
        self.server.refresh("posts")
        for hits in self.server.pages("posts", {"term": {"todo": what}}, ORDER, batch):
            yield [record_from(hit["_source"]["record"]) for hit in hits]

    def put_assessments(self, assessments: Mapping[str, tuple[Assessment, str]]) -> None:
        """See the port."""

        def judged(record: PostRecord) -> tuple[PostRecord, str | None]:
            assessment, words = assessments[record.post.id]
            return replace(record, assessment=assessment, decision=None), words

        self._rewrite(list(assessments), judged)

    def put_opened(self, decisions: Sequence[Opened]) -> None:
        """See the port."""
        by_post = {decision.post: decision for decision in decisions}

        def change(record: PostRecord) -> tuple[PostRecord, str | None]:
            return decided(record, by_post[record.post.id]), None

        self._rewrite(list(by_post), change)

    def _rewrite(self, ids: Sequence[str], change: Any, find: Any = None) -> None:
        """Read posts, change them, write them; again for those that another process wrote in between.

        ``find`` makes the tokens of records whose title and text may have changed; else they are as they were.
        """
        waiting = set(ids)
        for _ in range(TRIES):
            places = self._places(sorted(waiting))
            actions = []
            for place in places.values():
                record, words = change(place.record)
                found = place.found if find is None else find([record])[0]
                actions.append(_update(place, record, place.words if words is None else words, found))
            waiting = self._write(actions)
            if not waiting:
                return
            self.server.refresh("posts")
        raise StoreError(f"{sorted(waiting)[0]}: was written by others {TRIES} times in a row; run again")

    def grouped(self, since: datetime) -> Iterator[Grouped]:
        """See the port."""
        self.server.refresh("posts")
        query = {
            "bool": {"filter": [{"exists": {"field": "event"}}, {"range": {"published": {"gte": store_time(since)}}}]}
        }
        for hits in self.server.pages("posts", query, ORDER, 2000):
            for hit in hits:
                yield grouped_from(hit["_id"], hit["_source"]["record"], hit["_source"]["event"])

    def search(self, query: str, where: SearchFilter, limit: int) -> list[str]:
        """See the port."""
        phrase = " ".join(tokens(query))
        if not phrase:
            return []
        either = [{"match_phrase": {field: phrase}} for field in ("title_tokens", "text_tokens")]
        wanted = {"bool": {"filter": [*_filter(where), {"bool": {"should": either}}]}}
        return [hit["_id"] for hit in self._newest(wanted, limit, source=False)]

    def recent_posts(self, where: SearchFilter, limit: int) -> list[PostRecord]:
        """See the port."""
        hits = self._newest({"bool": {"filter": _filter(where)}}, limit)
        return [record_from(hit["_source"]["record"]) for hit in hits]

    def _newest(self, query: Doc, limit: int, **body: Any) -> list[Doc]:
        """The first ``limit`` hits, page by page: the server refuses to give more than 10,000 at once."""
        found: list[Doc] = []
        for hits in self.server.pages("posts", query, NEWEST, max(1, min(limit, 1000)), **body):
            found += hits
            if len(found) >= limit:
                break
        return found[: max(0, limit)]

    def count_posts(self) -> dict[str, int]:
        """See the port."""
        self.server.refresh("posts")
        revisions = self.server.aggregate("posts", {"match_all": {}}, {"sum": {"sum": {"field": "revision"}}})
        posts = self.server.count("posts")
        waiting = {what: self.server.count("posts", {"term": {"todo": what}}) for what in ("assess", "open")}
        assessed = posts - waiting["assess"]
        return {
            "posts": posts,
            "revisions": int(revisions["sum"]["value"]),
            "assessed": assessed,
            "opened": assessed - waiting["open"],
        }

    def all_posts(self) -> Iterator[tuple[PostRecord, str | None]]:
        """Every post by id, with its words."""
        self.server.refresh("posts")
        for hits in self.server.pages("posts", {"match_all": {}}, ("id",)):
            for hit in hits:
                yield record_from(hit["_source"]["record"]), hit["_source"]["words"]

    def restore_posts(self, records: Sequence[tuple[PostRecord, str | None]]) -> None:
        """Write posts as they were exported."""
        found = tokens_of([record for record, _ in records])
        self._write([self.creation(*pair, tokens) for pair, tokens in zip(records, found, strict=True)])


NEWEST: Any = ({"published": "desc"}, {"id": "asc"})


def _update(place: Place, record: PostRecord, words: str | None, found: Tokens) -> Doc:
    guard = {"if_seq_no": place.seq, "if_primary_term": place.term}
    source = document(record, words, found)
    return {"_op_type": "index", "_index": place.index, "_id": record.post.id, **guard, "_source": source}


def _filter(where: SearchFilter) -> list[Doc]:
    bounds = {"gte": where.since, "lt": where.until}
    times = {name: store_time(moment) for name, moment in bounds.items() if moment is not None}
    tests: list[Doc] = [{"range": {"published": times}}] if times else []
    tests += [{"term": {"kind": where.kind}}] if where.kind else []
    tests += [{"term": {"source": where.source}}] if where.source else []
    tests += [{"prefix": {"regions": where.region}}] if where.region else []
    return tests
