"""Housekeeping in Elasticsearch: what is taken away for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from casework.domain.times import store_time
from casework.records import PostRecord
from casework.stores.codec import record_from
from casework.stores.elastic_posts import ORDER, ElasticPosts, tokens_of

PART = 500


class ElasticKeeping(ElasticPosts):
    """The keeping store over a server."""

    def posts_before(self, moment: datetime) -> Iterator[list[PostRecord]]:
        """See the port."""
        self.server.refresh("posts")
        query = {"range": {"published": {"lt": store_time(moment)}}}
        for hits in self.server.pages("posts", query, ORDER, PART):
            yield [record_from(hit["_source"]["record"]) for hit in hits]

    def rewrite_posts(self, ids: Sequence[str], change: Callable[[PostRecord], PostRecord]) -> None:
        """See the port."""

        def changed(record: PostRecord) -> tuple[PostRecord, str | None]:
            newer = change(record)
            same = (newer.post.title, newer.post.text) == (record.post.title, record.post.text)
            # The words are those of the original.
            return newer, None if same else ""

        self._rewrite(ids, changed, tokens_of)
        self.server.refresh("posts")

    def delete_posts(self, ids: Sequence[str]) -> int:
        """See the port."""
        places = self._places(ids)
        actions = [{"_op_type": "delete", "_index": place.index, "_id": id_} for id_, place in places.items()]
        self.server.remove(actions)
        self.server.refresh("posts")
        for id_ in places:
            self._written.pop(id_, None)
        return len(places)

    def delete_events(self, ids: Sequence[str]) -> int:
        """See the port."""
        return self._delete("events", ids)

    def delete_cases(self, ids: Sequence[str]) -> int:
        """See the port."""
        return self._delete("cases", ids)

    def _delete(self, name: str, ids: Sequence[str]) -> int:
        index = self.server.index(name)
        gone = self.server.remove([{"_op_type": "delete", "_index": index, "_id": id_} for id_ in ids])
        self.server.refresh(name)
        return gone
