"""The Elasticsearch server as the store sees it: one client, its errors in the words of the ports, its indices.

Only what every distribution has is used: no scripts, no reindex, no data streams, no ILM (docs/how-to/deploy.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    NotFoundError,
    SerializationError,
    SSLError,
)
from elasticsearch import TransportError as Transport
from elasticsearch.serializer import OrjsonSerializer

from casework.ports import StoreError, Unavailable, Unwritable
from casework.stores import elastic_bulk, elastic_indices
from casework.stores.elastic_url import read_url

PAGE = 1000
BLOCKED = "cluster_block_exception"
"""Writing is stopped on the server: its disk is nearly full, or somebody set the index read-only."""
OVERFULL = "es_rejected_execution_exception"
"""Too much is being indexed for the server's memory: by all, or by one post of many megabytes."""
Doc = dict[str, Any]


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the client's errors into those of the ports, with what to do; no password is shown."""
    try:
        yield
    except AuthenticationException:
        hint = "set HUIYING_ES_USER and HUIYING_ES_PASSWORD"
        raise Unavailable(f"{where}: user or password refused; {hint}") from None
    except AuthorizationException as error:
        reason = _reason(error)
        raise Unwritable(f"{where}: not allowed ({reason}); a full disk or a missing right") from None
    except ApiError as error:
        if _type(error.body) == BLOCKED:
            raise _blocked(where, _reason(error)) from None
        if error.status_code in (408, 429, 502, 503, 504):
            raise Unavailable(f"{where}: busy or starting ({error.status_code}); try again") from None
        raise StoreError(f"{where}: refused ({error.status_code}: {_reason(error)})") from None
    except SSLError as error:
        raise Unavailable(f"{where}: no secure connection ({error.message}); name its CA with ca_certs=FILE") from None
    except (SerializationError, orjson.JSONEncodeError) as error:
        raise StoreError(f"{where}: not to be written or read as JSON ({str(error)[:200]})") from None
    except Transport as error:
        kind = type(error).__name__
        raise Unavailable(f"{where}: cannot be reached ({kind}); is the server running? make elasticsearch") from None


def _refusal(where: str, item: Doc) -> StoreError:
    """The error of one item of a bulk request."""
    if _type(item) == BLOCKED:
        return _blocked(where, str(item["error"].get("reason"))[:300])
    if _type(item) == OVERFULL:
        much = "more than this server takes at once; give it more memory (its -Xmx)"
        return Unavailable(f"{where}: {item.get('_id')}: {much}, or load again when it is less busy")
    text = f"{where}: {item.get('_id')}: refused ({item['status']}: {str(item.get('error'))[:300]})"
    kinds = {403: Unwritable, 429: Unavailable, 503: Unavailable}
    return kinds.get(item["status"], StoreError)(text)


def _blocked(where: str, reason: str) -> Unwritable:
    return Unwritable(f"{where}: takes no writes ({reason}); its disk is nearly full or an index is set read-only")


def _type(body: Any) -> str | None:
    error = body.get("error") if isinstance(body, Mapping) else None
    return error.get("type") if isinstance(error, Mapping) else None


def _reason(error: ApiError) -> str:
    body = error.body
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        return str(body["error"].get("reason", error.message))[:300]
    return str(error.message)[:300]


class Server:
    """One server and the indices of one prefix on it."""

    def __init__(self, client: Elasticsearch, where: str, prefix: str) -> None:
        self.client, self.where, self.prefix = client, where, prefix

    @staticmethod
    def connect(url: str) -> Server:
        """The server that a store URL names. Raises StoreError for a wrong URL, Unavailable where none answers."""
        address = read_url(url)
        # orjson writes a document in a tenth of the time of the standard library: half of what a load costs here.
        fast = {name: OrjsonSerializer() for name in ("application/json", "application/vnd.elasticsearch+json")}
        # A client that tries again when a node is lost.
        kept: Doc = {"max_retries": 5, "retry_on_timeout": True, "request_timeout": 60, "serializers": fast}
        with translated(address.where):
            client = Elasticsearch(address.where, **kept, **address.login)
            # Somebody waits for the first answer: a server that is not there is told soon.
            client.options(max_retries=1, request_timeout=10).cluster.health(timeout="5s")
        return Server(client, address.where, address.prefix)

    def index(self, name: str) -> str:
        """The index (or alias) ``name`` of this prefix."""
        return f"{self.prefix}-{name}"

    def exists(self) -> bool:
        """Whether the server holds an index of this prefix."""
        with translated(self.where):
            return elastic_indices.exist(self.client, self.prefix)

    def migrate(self) -> list[str]:
        """Bring the indices to this version; what was done, a line each. Raises StoreError for a newer version."""
        with translated(self.where):
            return elastic_indices.migrate(self.client, self.prefix, self.where)

    def drop(self) -> None:
        """Delete everything of this prefix."""
        with translated(self.where):
            elastic_indices.drop(self.client, self.prefix)

    def refresh(self, *names: str) -> None:
        """Make all writes to the indices named (none: to every one) visible to searches."""
        with translated(self.where):
            self.client.indices.refresh(index=[self.index(name) for name in names or elastic_indices.NAMES])

    def search(self, name: str, **body: Any) -> list[Doc]:
        """The hits of one search."""
        with translated(self.where):
            hits: list[Doc] = self.client.search(index=self.index(name), **body)["hits"]["hits"]
        return hits

    def count(self, name: str, query: Doc | None = None) -> int:
        """How many documents match."""
        with translated(self.where):
            return int(self.client.count(index=self.index(name), query=query)["count"])

    def aggregate(self, name: str, query: Doc, aggregations: Doc) -> Doc:
        """The aggregations of a query."""
        with translated(self.where):
            answer = self.client.search(index=self.index(name), size=0, query=query, aggregations=aggregations)
        found: Doc = answer["aggregations"]
        return found

    def pages(self, name: str, query: Doc, sort: Sequence[str], size: int = PAGE, **body: Any) -> Iterator[list[Doc]]:
        """Hits page by page in the order of ``sort`` (its last field unique), safe while they are being changed."""
        after: list[Any] | None = None
        while True:
            more = {"search_after": after} if after else {}
            hits = self.search(name, query=query, sort=list(sort), size=size, **more, **body)
            if hits:
                yield hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]

    def get_many(self, places: Sequence[tuple[str, str]]) -> list[Doc]:
        """Documents by (index, id), as they are now (not as of the last refresh); those not found are left out."""
        found: list[Doc] = []
        for start in range(0, len(places), PAGE):
            docs = [{"_index": index, "_id": id_} for index, id_ in places[start : start + PAGE]]
            with translated(self.where):
                found += [doc for doc in self.client.mget(docs=docs)["docs"] if doc.get("found")]
        return found

    def get(self, name: str, id_: str) -> Doc | None:
        """One document as it is now, or None."""
        with translated(self.where):
            try:
                return dict(self.client.get(index=self.index(name), id=id_))
            except NotFoundError:
                return None

    def put(self, name: str, id_: str, doc: Doc, create: bool = False) -> bool:
        """Write one document and make it visible; False where ``create`` found one."""
        with translated(self.where):
            try:
                operation = "create" if create else "index"
                self.client.index(index=self.index(name), id=id_, document=doc, op_type=operation, refresh=True)
            except ApiError as error:
                if error.status_code == 409:
                    return False
                raise
        return True

    def delete(self, name: str, id_: str) -> bool:
        """Take one document away and make that visible; False where there was none."""
        with translated(self.where):
            try:
                self.client.delete(index=self.index(name), id=id_, refresh=True)
            except NotFoundError:
                return False
        return True

    def bulk(self, actions: Iterable[Doc]) -> list[bool]:
        """Run actions; for each in order, whether it was done (False: 409). Any other refusal is an error."""
        answers = []
        with translated(self.where):
            for item in elastic_bulk.run(self.client, actions):
                if item["status"] >= 300 and item["status"] != 409:
                    raise _refusal(self.where, item)
                answers.append(item["status"] != 409)
        return answers

    def remove(self, actions: Sequence[Doc]) -> int:
        """Run deletions; how many there were. One that is gone already is no error."""
        gone = 0
        with translated(self.where):
            for item in elastic_bulk.run(self.client, actions):
                if item["status"] >= 300 and item["status"] != 404:
                    raise _refusal(self.where, item)
                gone += item["status"] < 300
        return gone

    def write(self, actions: Sequence[Doc]) -> list[bool]:
        """Run guarded actions (``create``, or ``index`` with ``if_seq_no``); False where somebody else was first.

        A 409 may also come from our own writing, when the node that did it was lost before it answered and the client
        asked again. So each document bears a mark of its own, by which it is known again.
        """
        call = uuid4().hex
        for number, action in enumerate(actions):
            action["_source"]["writer"] = f"{call}-{number}"
        done = self.bulk(actions)
        refused = [_place(action) for action, written in zip(actions, done, strict=True) if not written]
        marks = {_place(hit): hit["_source"].get("writer") for hit in self.get_many(refused)}
        return [
            written or marks.get(_place(action)) == action["_source"]["writer"]
            for action, written in zip(actions, done, strict=True)
        ]

    def close(self) -> None:
        """Give up connections."""
        self.client.close()


def _place(thing: Doc) -> tuple[str, str]:
    return thing["_index"], thing["_id"]
