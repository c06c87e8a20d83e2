"""The indices of one prefix: made from the mappings in ``mappings/``, versioned, brought up to date.

A version may add fields; a change of a field's meaning is a new index, filled from the old one by export and restore.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from casework.ports import StoreError

MAPPINGS = Path(__file__).parent / "mappings"
NAMES = ("posts", "events", "cases", "users", "audit", "alarms", "sheets")
VERSION = 5
"""Of the mappings, as they say in ``_meta.version``; raised with every field that is added."""
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}


def mapping(name: str) -> dict[str, Any]:
    """The strict mapping of one kind of index."""
    value: dict[str, Any] = json.loads((MAPPINGS / f"{name}.json").read_text(encoding="utf-8"))
    return value


def migrate(client: Elasticsearch, prefix: str, where: str) -> list[str]:
    """Make what is absent, add the fields of this version to what is older; a line for each."""
    found = dict(_versions(client, prefix))
    newest = max(found.values(), default=0)
    if newest > VERSION:
        raise StoreError(f"{where}: {prefix} is of version {newest}, this program knows {VERSION}; update it")
    kinds = {index.removeprefix(f"{prefix}-").split("-")[0] for index in found}
    if kinds == set(NAMES) and min(found.values()) == VERSION:
        return []
    # The template first: an index of a new year made meanwhile gets it.
    done = [_put_template(client, f"{prefix}-posts")]
    for index, version in found.items():
        if version < VERSION:
            name = index.removeprefix(f"{prefix}-").split("-")[0]
            new = mapping(name)
            client.indices.put_mapping(index=index, properties=new["properties"], meta=new["_meta"])
            done.append(f"index {index}: version {VERSION}")
    for name in NAMES:
        if name not in kinds:
            # One empty index of posts, so that queries before the first post find an alias.
            done += _create(client, f"{prefix}-{name}" + ("-0000" if name == "posts" else ""), name)
    return done


def exist(client: Elasticsearch, prefix: str) -> bool:
    """Whether there is any index of the prefix."""
    return any(True for _ in _versions(client, prefix))


def drop(client: Elasticsearch, prefix: str) -> None:
    """Delete the indices and the template."""
    indices = [index for index, _ in _versions(client, prefix)]
    if indices:
        client.indices.delete(index=indices)
    if client.indices.exists_index_template(name=f"{prefix}-posts"):
        client.indices.delete_index_template(name=f"{prefix}-posts")


def _versions(client: Elasticsearch, prefix: str) -> Iterator[tuple[str, int]]:
    """Our indices of this prefix, each with the version of its mapping."""
    ours = [f"{prefix}-posts-*", *(f"{prefix}-{name}*" for name in NAMES[1:])]
    answer = client.indices.get_mapping(index=ours, filter_path="*.mappings._meta,*.mappings.dynamic")
    for index, value in sorted(answer.items()):
        yield index, int(value["mappings"].get("_meta", {}).get("version", 0))


def _put_template(client: Elasticsearch, posts: str) -> str:
    template = {"mappings": mapping("posts"), "settings": SETTINGS, "aliases": {posts: {}}}
    client.indices.put_index_template(name=posts, index_patterns=[f"{posts}-*"], template=template, priority=200)
    return f"index template {posts}"


def _create(client: Elasticsearch, index: str, name: str) -> list[str]:
    made: dict[str, Any] = {} if name == "posts" else {"mappings": mapping(name), "settings": SETTINGS}
    try:
        client.indices.create(index=index, **made)
    except ApiError as error:
        # Two processes at once: the other made it.
        if "resource_already_exists" not in str(error):
            raise
        return []
    return [f"index {index}"]
