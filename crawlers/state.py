"""What was seen before: content hashes by native id, with what a later look needs. Memory only; ``walk`` keeps it.

The file that ``walk`` writes is only replaced after the lines it speaks of lie in finished files.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.replies import NONE, under_way
from casework.domain.times import epoch_second
from crawlers.errors import CollectError
from crawlers.json_pieces import json_pieces

VERSION = 2
REFUSED = ""
"""Stands for the content of a row that was refused: known, but still new when it can be read one day."""
GONE = "-"
"""Goes before the content of a post that its source has deleted: seen again, it has changed."""
RULES = ""
"""Stands among the addresses of ``tags`` for the rules by which the pages were read."""
_WATCHED = ("title", "text", "published_at", "place", "labels", "reply", "truncated", "counts")
REMEMBERED = timedelta(days=400)
"""So long a post is known that no list shows and nobody has looked at."""
_MOST_REFUSED = 5000
"""Rows put aside that are not reported again; the oldest are forgotten first."""
_FRESH = timedelta(hours=2)
_SOONEST = timedelta(minutes=15)
_KEPT = ("pages", "tags", "lists", "aliases", "robots", "whole", "missing", "failed", "walked")
Entry = list[Any]
"""[hash of the content, second of the first look, second of the last look, number of the walk of the last look]"""


def fingerprint(post: Mapping[str, Any]) -> str:
    """Hash of what makes a post worth handing on again: the contract's revised fields, the counts, that its board has
    taken it up, and its rank on a list."""
    kept, extra = {name: post.get(name) for name in _WATCHED}, post.get("extra") or {}
    if (step := under_way(extra)) != NONE:
        kept["state"] = step
    if "rank" in extra:
        kept["rank"] = extra["rank"]
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Seen:
    """The memory of one source. ``path`` None: nothing is remembered (recorded tests)."""

    def __init__(self, path: Path | None, full: bool = False) -> None:
        """``full``: what was seen is ignored for this run, and remembered anew. Raises CollectError."""
        self.path = path
        held = _read(path) if path is not None else {}
        self.held = held
        """The file's content as read."""
        self.complete: bool = bool(held.get("complete"))
        """The last walk came to its end, so what lies behind an unchanged page was read."""
        self.walk: int = held.get("walk", 0) + 1
        """Number of this walk; a resumed one keeps that of the walk which it resumes."""
        self._before: dict[str, Entry] = held.get("posts", {})
        self._posts: dict[str, Entry] = dict(self._before)
        self._refused: dict[str, None] = dict.fromkeys(held.get("refused", []))
        # pages: id → [address, second of publication]; tags: address → [ETag, Last-Modified];
        # lists: list → ids in its order; aliases: id at a new address → id that the post has;
        # robots: site → [its robots.txt, second of reading it];
        # whole: id → hash of what a list showed of a post that was read whole;
        # missing: id that vanished from a list → [walk in which it did, walk from which a look tells its fate];
        # failed: id whose page did not come → see ``crawlers.failed``;
        # walked: list and place in it → number of the page, of the walk that is under way, see ``crawlers.base.laps``.
        self._kept: dict[str, dict[str, Any]] = {name: held.get(name, {}) for name in _KEPT}
        self.notes: dict[str, Any] = held.get("notes", {})
        """What a source remembers besides its posts, as JSON: kept with them."""
        self._noted = json.dumps(self.notes)
        self._delta: dict[str, Any] = {}
        if full:
            self.begin_full()

    def begin_full(self, resumed: bool = False) -> None:
        """Ignore what was seen, but for what this very walk has seen where it is ``resumed``; forget nothing."""
        self._before = self._posts
        self._posts = {key: entry for key, entry in self._before.items() if resumed and entry[3] == self.walk}
        self._kept["tags"] = {}
        for held in self._kept["failed"].values():
            held[4] = 0
        self._refused, self.notes = {}, {}
        self.complete = False

    def verdict(self, native_id: str, print_: str) -> str:
        """``new``, ``changed`` or ``same``, against what was seen before and in this run."""
        known = self._posts.get(native_id)
        if known is None or known[0] == REFUSED:
            return "new"
        return "same" if known[0] == print_ else "changed"

    def knows(self, native_id: str) -> bool:
        """True where the row was read or refused before."""
        return native_id in self._posts

    def read_before(self, native_id: str) -> bool:
        """True where the row was read, not refused, and its source has not deleted it since."""
        known = self._posts.get(native_id)
        return known is not None and known[0] != REFUSED and not known[0].startswith(GONE)

    def remember(self, native_id: str, print_: str, now: datetime) -> None:
        """Note the newest content; the time of the first look stays. A refusal does not wipe what was read."""
        self.keep("failed", native_id, None)
        known = self._posts.get(native_id) or self._before.get(native_id)
        if print_ == REFUSED and known is not None:
            print_ = known[0]
        second = epoch_second(now)
        entry = [print_, known[1] if known else second, second, self.walk]
        if entry != self._posts.get(native_id):
            self._posts[native_id] = entry
            self._delta.setdefault("posts", {})[native_id] = entry

    def looked(self, native_id: str, now: datetime) -> None:
        """Note a look that found what was known."""
        known = self._posts.get(native_id)
        if known is not None:
            self.remember(native_id, known[0], now)

    def gone(self, native_id: str, now: datetime) -> bool:
        """Note that the source has deleted the post; False where that was noted before or it was never read."""
        known = self._posts.get(native_id)
        if known is None or not self.read_before(native_id):
            return False
        self.remember(native_id, GONE + known[0], now)
        return True

    def settled(self, native_id: str, now: datetime, within: timedelta) -> bool:
        """True where the post is known and needs no look now.

        Its first look lies further back than ``within``, or it was looked at in this walk, or so lately that less
        than a quarter of its age has passed since, or of an hour. A walk repeated for the same moment looks at what
        is young: somebody wants to know.
        """
        known = self._posts.get(native_id)
        if known is None:
            return False
        second = int(now.timestamp())
        age = second - int(known[1])
        if known[3] == self.walk:
            return True
        if known[0].startswith(GONE):
            return False
        if age > within.total_seconds():
            return True
        since = second - int(known[2])
        return since < max(_SOONEST.total_seconds(), age / 4) and (since > 0 or age > _FRESH.total_seconds())

    def refuse(self, raw: str) -> bool:
        """True the first time this very row is refused; later runs do not report it again."""
        print_ = hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        fresh = print_ not in self._refused
        if fresh:
            self._refused[print_] = None
            self._delta.setdefault("refused", []).append(print_)
        return fresh

    def keep(self, what: str, key: str, value: Any) -> None:
        """Keep a value of one of ``_KEPT``; None forgets it."""
        held = self._kept[what]
        if held.get(key) == value:
            return
        if value is None:
            held.pop(key, None)
        else:
            held[key] = value
        self._delta.setdefault(what, {})[key] = value

    def kept(self, what: str, key: str) -> Any:
        """What ``keep`` kept; None where there is nothing."""
        return self._kept[what].get(key)

    def all_kept(self, what: str) -> dict[str, Any]:
        """Everything that ``keep`` holds of a kind, as a copy."""
        return dict(self._kept[what])

    def last_look(self, native_id: str) -> tuple[int, int]:
        """Second of the last look at the post and number of its walk; (0, 0) where it is not known."""
        known = self._posts.get(native_id)
        return (int(known[2]), int(known[3])) if known is not None else (0, 0)

    def read_by(self, rules: str) -> None:
        """Pages read by other rules than these are asked for in full again: what they hold may be read anew."""
        if self._kept["tags"].get(RULES) != [rules]:
            for address in list(self._kept["tags"]):
                self.keep("tags", address, None)
            self.keep("tags", RULES, [rules])

    def count(self, what: str) -> int:
        """How many values ``keep`` holds of a kind."""
        return len(self._kept[what])

    def own_id(self, native_id: str) -> str:
        """The id under which the post is known: its own, or the one it had before it moved."""
        return str(self._kept["aliases"].get(native_id, native_id))

    def delta(self) -> dict[str, Any]:
        """What changed since the last call; ``apply`` puts it into another Seen."""
        delta, self._delta = self._delta, {}
        noted = json.dumps(self.notes) if self.notes else "{}"
        if noted != self._noted:
            self._noted, delta["notes"] = noted, json.loads(noted)
        return delta

    def apply(self, delta: Mapping[str, Any]) -> None:
        """Take what ``delta`` gave in a run that did not end."""
        self._posts.update(delta.get("posts", {}))
        self._refused.update(dict.fromkeys(delta.get("refused", ())))
        for what in _KEPT:
            for key, value in delta.get(what, {}).items():
                self.keep(what, key, value)
        self.notes.update(delta.get("notes", {}))
        self._noted = json.dumps(self.notes)
        self._delta = {}

    def save(self, complete: bool, **other: Any) -> None:
        """Replace the file in one step; call it when the lines are in finished files. Raises CollectError."""
        if self.path is None:
            return
        value = {
            "version": VERSION,
            "complete": complete,
            "walk": self.walk,
            "posts": self._before | self._posts if self._before else self._posts,
            "refused": list(self._refused)[-_MOST_REFUSED:],
            "notes": self.notes,
            **self._kept,
            **other,
        }
        spare = self.path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with spare.open("w", encoding="utf-8") as file:
                file.writelines(json_pieces(value))
                file.flush()
                os.fsync(file.fileno())
            os.replace(spare, self.path)
        except OSError as error:
            spare.unlink(missing_ok=True)
            raise CollectError(str(self.path), "", str(error), "make the folder writable; nothing is lost") from None

    def prune(self, now: datetime, within: timedelta) -> None:
        """Forget what no list shows and no look needs any more, so that the file's size has a bound.

        Addresses and validators of posts first seen longer ago than ``within``; what was shown of posts read whole,
        where the last look is longer ago; after ``REMEMBERED`` without a look the post itself. Should its source show
        it again it counts as new here, and as seen in the store.
        """
        listed = {one for ids in self._kept["lists"].values() for one in ids} | self._kept["missing"].keys()
        oldest = now.timestamp() - within.total_seconds()
        pages, whole = self._kept["pages"], self._kept["whole"]
        for native_id in [known for known in pages if known not in listed]:
            known = self._posts.get(native_id)
            if known is None or known[1] < oldest:
                self._kept["tags"].pop(pages.pop(native_id)[0], None)
        for native_id in [known for known in whole if known not in listed]:
            known = self._posts.get(native_id) or self._before.get(native_id)
            if known is None or known[2] < oldest:
                whole.pop(native_id)
        self._forget(now - REMEMBERED, listed)

    def _forget(self, oldest: datetime, listed: set[str]) -> None:
        second = int(oldest.timestamp())
        for held in (self._posts, self._before):
            for native_id in [one for one, entry in held.items() if entry[2] < second and one not in listed]:
                del held[native_id]
        aliases, before, posts = self._kept["aliases"], self._before, self._posts
        for address in [
            one for one, native_id in aliases.items() if native_id not in before and native_id not in posts
        ]:
            del aliases[address]


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as error:
        raise CollectError(
            str(path), "", f"not readable ({error})", "delete the file; everything is then read again"
        ) from None
    if isinstance(value, dict) and value.get("version") == 1:
        posts = {native_id: [print_, first, first, 0] for native_id, (print_, first) in value["posts"].items()}
        return {**value, "posts": posts}
    if not isinstance(value, dict) or value.get("version") != VERSION:
        raise CollectError(
            str(path),
            "version",
            "written by another version",
            "delete the file; everything is then read again",
        )
    return value
