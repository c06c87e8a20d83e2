"""Searching posts in Elasticsearch, page by page with counts by facet."""

from __future__ import annotations

from casework.domain.search import tokens
from casework.domain.times import store_time
from casework.records import COUNTED, FACETS, PostPage, PostQuery
from casework.stores.codec import record_from
from casework.stores.elastic_posts import NEWEST
from casework.stores.elastic_server import Doc, Server, translated

FIELDS = {
    "kind": "kind",
    "source": "source",
    "severity": "level",
    **{name: f"labels.{name}" for name in FACETS[3:]},
}
MOST = 200
"""Values of a facet."""


class ElasticFinding:
    """``find_posts`` over a server."""

    server: Server

    def find_posts(self, where: PostQuery, offset: int, limit: int) -> PostPage:
        """See the port; an offset beyond COUNTED is refused by the server, and no page leads there."""
        if where.query is not None and not tokens(where.query):
            return PostPage((), 0, False, {name: () for name in FACETS})
        facets = {name: {"terms": {"field": field, "size": MOST}} for name, field in FIELDS.items()}
        window = max(0, min(limit, COUNTED - offset))
        with translated(self.server.where):
            answer = self.server.client.search(
                index=self.server.index("posts"),
                query=_query(where),
                sort=list(NEWEST),
                from_=min(offset, COUNTED),
                size=window,
                track_total_hits=COUNTED + 1,
                aggregations=facets,
                source_includes=["record"],
            )
        total = int(answer["hits"]["total"]["value"])
        records = tuple(record_from(hit["_source"]["record"]) for hit in answer["hits"]["hits"])
        counts = {name: _counts(answer["aggregations"][name]) for name in FIELDS}
        return PostPage(records, min(total, COUNTED), total > COUNTED, counts)


def _counts(found: Doc) -> tuple[tuple[str, int], ...]:
    pairs = [(one["key"], one["doc_count"]) for one in found["buckets"]]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _query(where: PostQuery) -> Doc:
    tests: list[Doc] = [{"exists": {"field": "decision"}}]
    if where.query is not None:
        phrase = " ".join(tokens(where.query))
        either = [{"match_phrase": {field: phrase}} for field in ("title_tokens", "text_tokens")]
        tests.append({"bool": {"should": either}})
    tests += [{"term": {field: value}} for name, field in FIELDS.items() if (value := getattr(where, name))]
    bounds = {"gte": where.since, "lt": where.until}
    times = {name: store_time(moment) for name, moment in bounds.items() if moment is not None}
    tests += [{"range": {"published": times}}] if times else []
    tests += [{"prefix": {"regions": where.region}}] if where.region else []
    hidden: list[Doc] = [{"terms": {"case": list(where.without_cases)}}] if where.without_cases else []
    if not where.reports:
        # What says nothing of it was written before the field was there: it is hidden until it is judged again.
        tests.append({"term": {"report": False}})
    return {"bool": {"filter": tests, "must_not": hidden}}
