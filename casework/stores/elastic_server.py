"""The Elasticsearch server as the store sees it: one client, its errors in the words of the ports, its indices.

Only what every distribution has is used: no scripts, no reindex, no data streams, no ILM (docs/how-to/deploy.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, NotFoundError
from elasticsearch import TransportError as Transport
from elasticsearch.helpers import streaming_bulk
from elasticsearch.serializer import OrjsonSerializer

from casework.ports import StoreError, Unavailable, Unwritable

MAPPINGS = Path(__file__).parent / "mappings"
CHUNK = 1000
"""Actions of one bulk request."""
PAGE = 1000
ANSWER = "items.*._id,items.*._index,items.*.status,items.*.error"
"""What is read of a bulk answer; the rest is as long as many a document."""
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
KNOWN_OPTIONS = {"prefix", "ca_certs"}
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
        if error.status_code in (408, 429, 502, 503, 504):
            raise Unavailable(f"{where}: busy or starting ({error.status_code}); try again") from None
        raise StoreError(f"{where}: refused ({error.status_code}: {_reason(error)})") from None
    except Transport as error:
        kind = type(error).__name__
        raise Unavailable(f"{where}: cannot be reached ({kind}); is the server running? make elasticsearch") from None


def _refusal(where: str, item: Doc) -> StoreError:
    """The error of one item of a bulk request."""
    text = f"{where}: {item.get('_id')}: refused ({item['status']}: {str(item.get('error'))[:300]})"
    kinds = {403: Unwritable, 429: Unavailable, 503: Unavailable}
    return kinds.get(item["status"], StoreError)(text)


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
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        unknown = options.keys() - KNOWN_OPTIONS
        if unknown or not parts.hostname:
            what = f"unknown option {sorted(unknown)[0]!r}" if unknown else "no host"
            raise StoreError(f"{parts.scheme}://…: {what}; write {parts.scheme}://host:9200/?prefix=NAME&ca_certs=FILE")
        scheme = "https" if parts.scheme == "elasticsearch+https" else "http"
        where = f"{scheme}://{parts.hostname}:{parts.port or 9200}"
        client = Elasticsearch(where, **_access(parts.username, parts.password, options.get("ca_certs")))
        server = Server(client, where, options.get("prefix", "huiying"))
        with translated(where):
            client.cluster.health(timeout="5s")
        return server

    def index(self, name: str) -> str:
        """The index (or alias) ``name`` of this prefix."""
        return f"{self.prefix}-{name}"

    def migrate(self) -> list[str]:
        """Templates for the yearly post indices, and the plain indices; what was made."""
        done = []
        with translated(self.where):
            indices, posts = self.client.indices, self.index("posts")
            template = {"mappings": _mapping("posts"), "settings": SETTINGS, "aliases": {posts: {}}}
            if not indices.exists_index_template(name=posts):
                done.append(f"index template {posts}")
            indices.put_index_template(name=posts, index_patterns=[f"{posts}-*"], template=template, priority=200)
            if not indices.exists_alias(name=posts):
                # One empty index, so that queries before the first post find an alias.
                self._create(f"{posts}-0000", None, done)
            for name in ("events", "cases", "users", "audit"):
                self._create(self.index(name), name, done)
        return done

    def _create(self, index: str, mapping: str | None, done: list[str]) -> None:
        if self.client.indices.exists(index=index):
            return
        try:
            if mapping is None:
                self.client.indices.create(index=index)
            else:
                self.client.indices.create(index=index, mappings=_mapping(mapping), settings=SETTINGS)
            done.append(f"index {index}")
        except ApiError as error:
            # Two processes at once: the other made it.
            if "resource_already_exists" not in str(error):
                raise

    def drop(self) -> None:
        """Delete everything of this prefix."""
        with translated(self.where):
            names = list(self.client.indices.get(index=f"{self.prefix}-*"))
            if names:
                self.client.indices.delete(index=names)
            if self.client.indices.exists_index_template(name=self.index("posts")):
                self.client.indices.delete_index_template(name=self.index("posts"))

    def refresh(self) -> None:
        """Make all writes visible to searches."""
        with translated(self.where):
            self.client.indices.refresh(index=f"{self.prefix}-*")

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
            if not hits:
                return
            after = hits[-1]["sort"]
            yield hits

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

    def bulk(self, actions: Iterable[Doc]) -> list[tuple[bool, int, Doc]]:
        """Run actions; (done, status, item) for each in order. A 409 is an answer, any other failure an error."""
        answers = []
        with translated(self.where):
            for done, item in streaming_bulk(
                self.client,
                actions,
                chunk_size=CHUNK,
                raise_on_error=False,
                max_retries=5,
                initial_backoff=0.5,
                filter_path=ANSWER,
            ):
                result: Doc = next(iter(item.values()))
                if not done and result["status"] != 409:
                    raise _refusal(self.where, result)
                answers.append((done, int(result["status"]), result))
        return answers

    def close(self) -> None:
        """Give up connections."""
        self.client.close()


def _mapping(name: str) -> Doc:
    mapping: Doc = json.loads((MAPPINGS / f"{name}.json").read_text(encoding="utf-8"))
    return mapping


def _access(user: str | None, password: str | None, ca_certs: str | None) -> Doc:
    """Log-in from the URL, else from the environment; a client that tries again when a node is lost."""
    # orjson writes a document in a tenth of the time of the standard library: half of what a load costs here.
    fast = {name: OrjsonSerializer() for name in ("application/json", "application/vnd.elasticsearch+json")}
    options: Doc = {"max_retries": 5, "retry_on_timeout": True, "request_timeout": 60, "serializers": fast}
    user = unquote(user) if user else os.environ.get("HUIYING_ES_USER")
    secret = unquote(password) if password else os.environ.get("HUIYING_ES_PASSWORD")
    if user:
        options["basic_auth"] = (user, secret or "")
    elif os.environ.get("HUIYING_ES_API_KEY"):
        options["api_key"] = os.environ["HUIYING_ES_API_KEY"]
    if ca_certs:
        options["ca_certs"] = ca_certs
    return options
