"""From a store URL to a store. The implementation is imported when it is named."""

from __future__ import annotations

from pathlib import Path

from casework.ports import Store, StoreError, Unavailable

KINDS = "sqlite:///path/file.db, elasticsearch://host:9200, elasticsearch+https://user:pass@host:9200/?ca_certs=FILE"
ABSENT = "take posts in first (huiying load, run, import), or name another with --store"


def open_store(url: str, create: bool = True) -> Store:
    """The store that ``url`` names, brought to this version.

    Raises StoreError for a URL of no kind known, Unavailable where it cannot be reached (or, without ``create``, is not
    there yet), Unwritable where it cannot be written.
    """
    store: Store
    if url.startswith("sqlite:///"):
        from casework.stores.sqlite import SqliteStore

        path = sqlite_file(url)
        if not create and not path.exists():
            raise Unavailable(f"{path}: no store is there; {ABSENT}")
        store = SqliteStore(path, url)
    elif url.startswith(("elasticsearch://", "elasticsearch+https://")):
        from casework.stores.elastic import ElasticStore

        store = server = ElasticStore.connect(url)
        if not create and not server.exists():
            raise Unavailable(f"{server.url}: no store is there; {ABSENT}")
    else:
        raise StoreError(f"{url.split('@')[-1]!r} is no store URL; write one of {KINDS}")
    store.migrate()
    return store


def sqlite_file(url: str) -> Path:
    """The file of an SQLite store URL.

    ``sqlite:////abs/file`` is absolute. ``sqlite:///dir/file`` is read from the working directory, as database tools
    do, except where only ``/dir`` exists: then it is what an ordinary URL reader takes it for.
    """
    path = url.removeprefix("sqlite://")
    if path.startswith("//"):
        return Path(path[1:])
    relative, absolute = Path(path.lstrip("/")), Path(path)
    if not relative.parent.is_dir() and absolute.parent.is_dir() and relative.parts[:1] != ("var",):
        return absolute
    return relative
