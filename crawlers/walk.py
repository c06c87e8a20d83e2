"""A walk that may be killed at any moment: page by page its lines, what was seen and what is still to be asked.

One record of the journal is one page: the rows it gave, and the requests that it brought and that it was. A batch
of lines belongs to a finished file from the record on that names the file; the file gets its name right after, or
at the beginning of the next run. So no line is lost, none is doubled, and a page is asked twice only where the kill
fell between its request and its record.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.journal import Journal
from crawlers.output import LINES, REFUSED, RunFiles, refused_line
from crawlers.reading import Reading
from crawlers.state import Seen

BATCH_LINES = 1000
BATCH_SECONDS = 300.0
"""Lines are published when so many wait, or for so long; the rest at the end."""
LARGEST_JOURNAL = 64_000_000
"""Bytes; above it the journal begins anew behind a written state."""

Asked = dict[str, Any]
"""A request as JSON, see ``frontier``."""


class Walk:
    """The durable side of one run of one source; also the sink of its rows. Raises CollectError."""

    def __init__(
        self,
        state: Path,
        out: Path,
        source: str,
        now: datetime,
        full: bool = False,
        rhythm: float = 3600,
        resumable: bool = True,
    ) -> None:
        """``rhythm``: seconds within which a killed walk is resumed where it was; later it begins anew.

        ``resumable`` false: requests are not kept (they hold a key, or steps that are none), so it always begins anew.
        """
        self.resumable, self.folder = resumable, state
        self.journal = Journal(state / f"{source}.journal")
        self.files = RunFiles(out, source, now, hashlib.blake2b(str(state).encode(), digest_size=4).hexdigest())
        self.seen = Seen(state / f"{source}.json")
        self.reading = Reading(state / f"{source}.reading")
        self.paths: list[Path] = []
        self.counts = {"new": 0, "changed": 0, "quarantined": 0}
        self.pending: dict[str, Asked] = {}
        """Requests without an answer yet, by key, in the order in which they came."""
        self.resumed = False
        """True where this run takes up a killed or interrupted one."""
        self._lines: dict[str, list[str]] = {LINES: [], REFUSED: []}
        self._published = time.monotonic()
        self._changed = False
        self._open: dict[str, Any] = {"lines": [], "refused": [], "done": [], "new": 0, "changed": 0}
        self._number = 0
        self._recover(full, rhythm)

    def post(self, line: str) -> None:
        """Take a post line; it counts from the next ``turn`` on."""
        self._open["lines"].append(line)

    def count(self, verdict: str) -> None:
        """The line just taken is of a post that is ``new`` or ``changed``."""
        self._open[verdict] += 1

    def refused(self, number: int, reason: str, raw: str) -> None:
        """Take a refused row: its number in this run, why, and the row as it was read."""
        self._open["refused"].append(refused_line(number, reason, raw))

    def key(self) -> str:
        """A new key for a request."""
        self._number += 1
        return str(self._number)

    def drop(self, key: str) -> None:
        """A request that will not be asked, since the same one was."""
        if key in self.pending:
            self._open["done"].append(key)

    def turn(self, done: str | None = None, asked: Mapping[str, Asked] | None = None) -> None:
        """A page is read: its rows, its end and the requests that it brought count, together or not at all."""
        record = {name: value for name, value in self._open.items() if value}
        if done is not None and (done in self.pending):
            record["done"] = [*record.get("done", ()), done]
        if asked:
            record["asked"] = dict(asked)
        seen = self.seen.delta()
        if seen:
            record["seen"] = seen
        if not record:
            return
        self._open = {"lines": [], "refused": [], "done": [], "new": 0, "changed": 0}
        self.journal.append(record)
        self._take(record)
        waiting = sum(len(lines) for lines in self._lines.values())
        if waiting >= BATCH_LINES or (waiting and time.monotonic() - self._published > BATCH_SECONDS):
            self.publish()
            if self.journal.size > LARGEST_JOURNAL:
                self._checkpoint("interrupted")

    def begin_heads(self) -> None:
        """What the killed walk had left is read: from here on known rows mean that what lies behind them is known."""
        if self.resumed:
            self.seen.complete = True

    def publish(self) -> None:
        """Give what waits its files. Killed in between, the next run gives the files their names."""
        self._published = time.monotonic()
        hidden = [self.files.write(suffix, lines) for suffix, lines in self._lines.items() if lines]
        if hidden:
            self.journal.append({"files": [str(path) for path in hidden]})
            self.journal.sync()
            self._lines = {LINES: [], REFUSED: []}
            self.paths += self.files.finish(hidden)

    def finish(self, ended: str) -> None:
        """Publish the rest and write the state. ``ended``: ``done``, ``stopped``, ``failed`` or ``interrupted``."""
        self.turn()
        self.publish()
        if ended == "done":
            self.pending = {}
        self.seen.complete = ended == "done" or (ended == "interrupted" and self._complete_before)
        if self._changed or ended != "done" or self._before_ended != "done":
            self._checkpoint(ended)
        self.journal.close()
        self.reading.close()

    def _recover(self, full: bool, rhythm: float) -> None:
        """Take up what the last run left: its files, its rows, and where it was, if that was lately."""
        held, records = self.seen.held, self.journal.replay()
        self._turn, self._before_ended = held.get("turn", 0), held.get("ended", "done")
        self.pending = dict(held.get("pending", {}))
        alive = records if records and records[0].get("after") == self._turn else []
        named: list[str] = []
        for record in alive[1:]:
            named += record.get("files", ())
            self._take(record, again=True)
        self.paths += self.files.finish(Path(name) for name in named)
        self.files.sweep()
        self._number = max((int(key) for key in self.pending), default=0)
        if len(alive) > 1:
            self._before_ended = "interrupted"
        header = alive[0] if alive else held
        lately = self._before_ended == "interrupted" and self.journal.age <= rhythm
        self.resumed = self.resumable and lately and bool(header.get("full")) >= full
        self.full = bool(header.get("full")) if self.resumed else full
        self._begin(header.get("walk", 0))

    def _begin(self, walk: int) -> None:
        self._complete_before = self.seen.complete
        if self.resumed:
            self.seen.walk = walk
        else:
            self.seen.walk = walk + 1
            self.seen.complete = self.seen.complete and self._before_ended == "done"
            # Lists have moved on meanwhile, so they are walked again; articles have not.
            self.pending = {} if self.full else {key: one for key, one in self.pending.items() if not one.get("list")}
        if self.full:
            self.seen.begin_full(self.resumed)
        if not self.resumed:
            self.publish()
            if self._changed:
                self._checkpoint("stopped")
            else:
                self.journal.restart(self._header())

    def _take(self, record: Mapping[str, Any], again: bool = False) -> None:
        """What a record says, now or when it is read back."""
        self._changed = True
        if "files" in record:
            self._lines = {LINES: [], REFUSED: []}
            return
        self._lines[LINES] += record.get("lines", ())
        self._lines[REFUSED] += record.get("refused", ())
        self.counts["new"] += record.get("new", 0)
        self.counts["changed"] += record.get("changed", 0)
        self.counts["quarantined"] += len(record.get("refused", ()))
        self.pending.update(record.get("asked", {}))
        for key in record.get("done", ()):
            self.pending.pop(key, None)
        if again:
            self.seen.apply(record.get("seen", {}))

    def _header(self) -> dict[str, Any]:
        return {"after": self._turn, "walk": self.seen.walk, "full": self.full}

    def _checkpoint(self, ended: str) -> None:
        self._turn += 1
        complete = self.seen.complete if ended in ("done", "interrupted") else False
        self.seen.save(complete, pending=self.pending, ended=ended, turn=self._turn, full=self.full)
        self.journal.restart(self._header())
