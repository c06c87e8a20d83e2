"""Cases and events in Elasticsearch. A case is one document; ``if_seq_no`` tells two writers apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from casework.domain.case import Case
from casework.domain.event import Event
from casework.domain.search import tokens
from casework.domain.times import store_time
from casework.ports import Conflict, NotFound
from casework.records import CaseFilter, CasePage
from casework.stores.codec import answer_of, case_doc, case_from, event_doc, event_from
from casework.stores.elastic_server import Doc, Server

PAGE = 500
DEEP = 10_000
"""A page beyond this many cases is reached by walking, since the server refuses a deeper offset."""
_BY_DUE: Any = ({"due": {"order": "asc", "missing": "_last"}}, {"id": "asc"})


def document(case: Case) -> Doc:
    """A case as a document of the index."""
    found = {"title_tokens": case.title, "answer_tokens": answer_of(case)}
    return {**case_doc(case), **{name: " ".join(tokens(text)) for name, text in found.items()}}


def token_of(hit: Doc) -> str:
    """The mark by which a later write knows whether somebody else wrote in between."""
    return f"{hit['_seq_no']}:{hit['_primary_term']}"


def guard_of(token: str | None) -> Doc:
    """What makes a write fail where the document is there already (no token) or is no longer that of the token."""
    if token is None:
        return {"_op_type": "create"}
    seq, term = token.split(":")
    return {"_op_type": "index", "if_seq_no": int(seq), "if_primary_term": int(term)}


def _case(hit: Doc) -> Case:
    return case_from(hit["_source"], token_of(hit))


class ElasticCases:
    """The case and event stores over a server."""

    server: Server

    def create_cases(self, cases: Sequence[Case]) -> list[bool]:
        """See the port."""
        index = self.server.index("cases")
        return self.server.write(
            [{"_op_type": "create", "_index": index, "_id": case.id, "_source": document(case)} for case in cases]
        )

    def get_case(self, id_: str) -> Case:
        """See the port."""
        hit = self.server.get("cases", id_)
        if hit is None:
            raise NotFound(f"no such case {id_!r}")
        return _case(hit)

    def get_cases(self, ids: Sequence[str]) -> dict[str, Case]:
        """See the port."""
        index = self.server.index("cases")
        hits = self.server.get_many([(index, id_) for id_ in dict.fromkeys(ids)])
        return {hit["_id"]: _case(hit) for hit in hits}

    def save_case(self, case: Case) -> None:
        """See the port."""
        if self.save_cases([case]):
            raise Conflict(f"{case.id} was changed by somebody else; read it again")

    def save_cases(self, cases: Sequence[Case]) -> list[str]:
        """See the port."""
        guarded = [case for case in cases if case.token is not None]
        written = self.server.write([self._save(case) for case in guarded])
        refused = [case.id for case, done in zip(guarded, written, strict=True) if not done]
        return [case.id for case in cases if case.token is None] + refused

    def _save(self, case: Case) -> Doc:
        index = self.server.index("cases")
        return {**guard_of(case.token), "_index": index, "_id": case.id, "_source": document(case)}

    def list_cases(self, where: CaseFilter) -> Iterator[Case]:
        """See the port."""
        for batch in self._in_lists(_query(where)):
            yield from batch

    def page_cases(self, where: CaseFilter, offset: int, limit: int) -> CasePage:
        """See the port."""
        self.server.refresh("cases")
        query = _query(where)
        total = self.server.count("cases", query)
        hits = self._page(query, offset, limit)
        after = offset + len(hits)
        return CasePage(tuple(_case(hit) for hit in hits), total, after if hits and after < total else None)

    def _page(self, query: Doc, offset: int, limit: int) -> list[Doc]:
        more = {"seq_no_primary_term": True}
        if offset + limit <= DEEP:
            return self.server.search("cases", query=query, sort=list(_BY_DUE), from_=offset, size=limit, **more)
        found: list[Doc] = []
        passed = 0
        for hits in self.server.pages("cases", query, _BY_DUE, PAGE, **more):
            found += hits[max(0, offset - passed) :]
            passed += len(hits)
            if len(found) >= limit:
                break
        return found[:limit]

    def cases_to_assign(self) -> Iterator[list[Case]]:
        """See the port."""
        return self._in_lists({"term": {"state": "opened"}})

    def cases_to_look_at(self, now: datetime) -> Iterator[list[Case]]:
        """See the port."""
        return self._in_lists({"range": {"look_at": {"lte": store_time(now)}}})

    def cases_awaiting(self, years: Sequence[int]) -> Iterator[list[Case]]:
        """See the port."""
        return self._in_lists({"terms": {"awaits": list(years)}})

    def cases_to_notify(self, now: datetime) -> Iterator[list[Case]]:
        """See the port."""
        return self._in_lists({"range": {"notify_at": {"lte": store_time(now)}}})

    def _in_lists(self, query: Doc) -> Iterator[list[Case]]:
        """By id from page to page, so that cases may be saved in between and none is met twice."""
        self.server.refresh("cases")
        for hits in self.server.pages("cases", query, ("id",), PAGE, seq_no_primary_term=True):
            yield [_case(hit) for hit in hits]

    def count_cases(self, by: str, where: CaseFilter | None = None) -> dict[str, int]:
        """See the port. Raises ValueError for a ``by`` that is none of its three."""
        if by not in ("state", "department", "severity"):
            raise ValueError(f"count_cases by {by!r}")
        self.server.refresh("cases")
        query = _query(where or CaseFilter())
        found = self.server.aggregate(
            "cases", query, {"by": {"terms": {"field": by, "size": 10_000}}, "none": {"missing": {"field": by}}}
        )
        counts = {bucket["key"]: bucket["doc_count"] for bucket in found["by"]["buckets"]}
        return counts | ({"": found["none"]["doc_count"]} if found["none"]["doc_count"] else {})

    def get_events(self, ids: Sequence[str]) -> dict[str, Event]:
        """See the port."""
        index = self.server.index("events")
        hits = self.server.get_many([(index, id_) for id_ in dict.fromkeys(ids)])
        return {hit["_id"]: event_from(hit["_source"]) for hit in hits}

    def put_events(self, events: Sequence[Event]) -> None:
        """See the port."""
        index = self.server.index("events")
        self.server.bulk(
            {"_op_type": "index", "_index": index, "_id": event.id, "_source": event_doc(event)} for event in events
        )

    def hottest_events(self, since: datetime, limit: int) -> list[Event]:
        """See the port."""
        self.server.refresh("events")
        query = {"range": {"last_at": {"gte": store_time(since)}}}
        hits = self.server.search("events", query=query, sort=[{"heat": "desc"}, {"id": "asc"}], size=limit)
        return [event_from(hit["_source"]) for hit in hits]

    def count_events(self) -> int:
        """See the port."""
        self.server.refresh("events")
        return self.server.count("events")

    def all_events(self) -> Iterator[Event]:
        """Every event by id."""
        self.server.refresh("events")
        for hits in self.server.pages("events", {"match_all": {}}, ("id",)):
            for hit in hits:
                yield event_from(hit["_source"])


def _query(where: CaseFilter) -> Doc:
    terms = {"state": where.state, "severity": where.severity, "posts": where.post, "board_domain": where.board_domain}
    terms |= {"place": where.place, "petition_kind": where.petition_kind}
    tests: list[Doc] = [{"term": {field: value}} for field, value in terms.items() if value is not None]
    if where.due_before is not None:
        tests.append({"range": {"due": {"lt": store_time(where.due_before)}}})
    if where.overdue_at is not None:
        tests.append({"range": {"due": {"lte": store_time(where.overdue_at)}}})
    if where.dead:
        # Cases of before the field was there are read too; who asks looks at their notices.
        unknown = {"bool": {"must_not": {"exists": {"field": "dead"}}}}
        tests.append({"bool": {"should": [{"range": {"dead": {"gt": 0}}}, unknown]}})
    tests += _said("title_tokens", where.words) + _said("answer_tokens", where.answer)
    if where.department is not None:
        either = [{"term": {field: where.department}} for field in ("department", "co_departments")]
        tests.append({"bool": {"should": either}})
    if where.states:
        tests.append({"terms": {"state": list(where.states)}})
    if where.excluding:
        tests.append({"terms": {"excluded": list(where.excluding)}})
    if where.seen_by:
        fields = ("department", "co_departments", "watchers")
        tests.append({"bool": {"should": [{"terms": {field: list(where.seen_by)}} for field in fields]}})
    hidden: list[Doc] = [{"terms": {"excluded": list(where.viewer)}}] if where.viewer else []
    if where.without_kind is not None:
        hidden.append({"term": {"petition_kind": where.without_kind}})
    return {"bool": {"filter": tests, "must_not": hidden}}


def _said(field: str, words: str | None) -> list[Doc]:
    """The test that the words stand side by side in ``field``; none where there are no words."""
    phrase = " ".join(tokens(words or ""))
    return [{"match_phrase": {field: phrase}}] if phrase else []
