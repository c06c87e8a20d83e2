"""What was seen before: content hashes by native id, one JSON file a source, replaced in one step.

The file is only written after the lines it speaks of lie in a finished file: a run killed at any moment reads
them again, so a line may be doubled (loading is idempotent) but never lost.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.errors import CollectError

VERSION = 1
REFUSED = ""
"""Stands for the content of a row that was refused: known, but still new when it can be read one day."""
_WATCHED = ("title", "text", "published_at", "place", "labels", "reply", "truncated", "counts")


def fingerprint(post: Mapping[str, Any]) -> str:
    """Hash of what makes a post worth handing on again: the contract's revised fields, and the counts."""
    kept = {name: post.get(name) for name in _WATCHED}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Seen:
    """The memory of one source. ``path`` None: nothing is remembered (recorded tests)."""

    def __init__(self, path: Path | None, full: bool = False) -> None:
        """``full``: what was seen is ignored for this run, and remembered anew. Raises CollectError."""
        self.path = path
        held = _read(path) if path is not None else {}
        self.complete: bool = bool(held.get("complete")) and not full
        """The last walk came to its end, so what lies behind an unchanged page was read."""
        self._before: dict[str, list[Any]] = held.get("posts", {})
        self._posts: dict[str, list[Any]] = {} if full else dict(self._before)
        self._refused: set[str] = set() if full else set(held.get("refused", []))
        self.notes: dict[str, Any] = {} if full else held.get("notes", {})
        """What a source remembers besides its posts, as JSON: saved with them."""

    def verdict(self, native_id: str, print_: str) -> str:
        """``new``, ``changed`` or ``same``, against what was seen before and in this run."""
        known = self._posts.get(native_id)
        if known is None or known[0] == REFUSED:
            return "new"
        return "same" if known[0] == print_ else "changed"

    def knows(self, native_id: str) -> bool:
        """True where the row was read or refused before."""
        return native_id in self._posts

    def remember(self, native_id: str, print_: str, now: datetime) -> None:
        """Note the newest content; the time of the first look stays. A refusal does not wipe what was read."""
        known = self._posts.get(native_id) or self._before.get(native_id)
        if print_ == REFUSED and known is not None:
            print_ = known[0]
        self._posts[native_id] = [print_, known[1] if known else int(now.timestamp())]

    def settled(self, native_id: str, now: datetime, within: timedelta) -> bool:
        """True where the post is known and its first look lies further back than ``within``."""
        known = self._posts.get(native_id)
        return known is not None and int(now.timestamp()) - int(known[1]) > within.total_seconds()

    def refuse(self, raw: str) -> bool:
        """True the first time this very row is refused; later runs do not report it again."""
        print_ = hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        fresh = print_ not in self._refused
        self._refused.add(print_)
        return fresh

    def save(self, complete: bool) -> None:
        """Replace the file in one step; call it when the lines are in a finished file. Raises CollectError."""
        if self.path is None:
            return
        value = {
            "version": VERSION,
            "complete": complete,
            "posts": self._before | self._posts,
            "refused": sorted(self._refused),
            "notes": self.notes,
        }
        spare = self.path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with spare.open("w", encoding="utf-8") as file:
                json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(spare, self.path)
        except OSError as error:
            spare.unlink(missing_ok=True)
            raise CollectError(str(self.path), "", str(error), "make the folder writable; nothing is lost") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise CollectError(
            str(path), "", f"not readable ({error})", "delete the file; everything is then read again"
        ) from None
    if not isinstance(value, dict) or value.get("version") != VERSION:
        raise CollectError(
            str(path),
            "version",
            "written by another version",
            "delete the file; everything is then read again",
        )
    return value
