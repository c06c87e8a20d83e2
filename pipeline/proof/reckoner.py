"""What should have been told in the simulated month: reckoned from what people did and the office's YAML files alone.

An act is a plain object: ``i`` its place in the case's record, ``what``, ``at``, and what was said (``to``, ``posts``).
Neither clocks nor notices of the system are among it. Every case is lived through once more, sweep by sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.proof.slow_days import EAST8, Book, Stop
from pipeline.proof.slow_telling import Outbox, Waiting

Act = Mapping[str, Any]
URGENT = ("serious", "major", "extraordinary")
ENDS = ("closed", "rejected", "transferred")
QUIET_ACTS = frozenset(
    (
        *("drafted", "reviewed", "handled", "accepted", "archived", "revised"),
        *("emergency_checked", "emergency_reviewed"),
    )
)
"""Acts that start no limit, and stop one only where its rule says so."""


def shown(moment: datetime) -> str:
    """A moment to the second, in +08:00."""
    return f"{moment.astimezone(EAST8):%m-%d %H:%M:%S}"


class Unknown(Exception):
    """An act of which the reckoner knows nothing: its sums would be worth nothing."""


@dataclass(slots=True)
class Limit:
    """A limit that runs. ``since`` is when its due moment was counted last; ``over`` when it was met or lifted."""

    key: str
    rule: str
    start: datetime
    post: str | None = None
    due: datetime | None = None
    since: datetime | None = None
    extended: tuple[datetime, datetime] | None = None
    over: datetime | None = None
    taken: dict[str, list[datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class Reckoner:
    """One case. ``kinds``: post id → kind; ``known``: post id → when the office had it, and when it was published."""

    book: Book
    id: str
    kinds: Mapping[str, str]
    known: Mapping[str, tuple[datetime, datetime]]
    tick: timedelta
    begin: datetime
    limits: list[Limit] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)
    moments: dict[str, datetime] = field(default_factory=dict)
    owed: list[str] = field(default_factory=list)
    stops: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)
    acks: list[tuple[datetime, datetime]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    department: str | None = None
    desk: str | None = None
    state: str = ""
    watchers: set[str] = field(default_factory=set)
    track: bool = False
    lifted: set[str] = field(default_factory=set)
    opened: datetime | None = None
    rungs: list[tuple[str, ...]] = field(default_factory=list)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.book, self.id)

    def live(self, acts: Iterable[Act], until: datetime) -> None:
        """Live through the acts; afterwards ``rungs`` and ``outbox.told`` hold what had to be."""
        ordered = list(acts)
        for place, act in enumerate(ordered):
            self._do(act)
            following = ordered[place + 1]["at"] if place + 1 < len(ordered) else until + self.tick
            self._sweeps(self._tick_of(act["at"]), following)

    def _tick_of(self, moment: datetime) -> datetime:
        """The first sweep at or after a moment."""
        return self.begin - (self.begin - moment) // self.tick * self.tick

    # --- sweeps

    def _sweeps(self, first: datetime, end: datetime) -> None:
        now: datetime | None = first
        while now is not None and now < end:
            self._rollover(now)
            for _, _, limit, rung in sorted(self._ready(now), key=lambda one: one[:2]):
                self._take(limit, rung, now)
            if self.state != "rejected":
                self.outbox.tell(now, self._urgent(), self._running())
            now = self._next_tick(now)

    def _next_tick(self, now: datetime) -> datetime | None:
        moments = [at for at, _, _, _ in self._open_rungs()]
        moments += [limit.due for limit in self._last_of_day() if limit.due is not None]
        moments += self.outbox.wakes(now, self._urgent()) if self.state != "rejected" else []
        later = [max(self._tick_of(at), now + self.tick) for at in moments]
        return min(later, default=None)

    def _ready(self, now: datetime) -> list[tuple[datetime, str, Limit, Any]]:
        return [one for one in self._open_rungs() if one[0] <= now]

    def _running(self) -> list[Limit]:
        return [] if self.state in ENDS else [one for one in self.limits if one.over is None]

    def _open_rungs(self) -> list[tuple[datetime, str, Limit, Any]]:
        found = []
        for limit in self._running():
            if limit.due is None:
                continue
            for rung in self.book.rungs(limit.rule, limit.start, limit.due):
                step, kind, _, _, at = rung
                before = limit.taken.get(step, [])
                # Told before, for another moment: only a moment that lay ahead when the limit moved is told again.
                if before and (at in before or (limit.since is not None and at <= limit.since)):
                    continue
                found.append((self._held(kind, at, limit), f"{limit.key}/{step}", limit, rung))
        return found

    def _held(self, kind: str, at: datetime, limit: Limit) -> datetime:
        held = at
        if kind != "overdue":
            for since, until in self.acks:
                if since < held < until:
                    held = min(until, at + self.book.hold(limit.rule))
        return held

    def _take(self, limit: Limit, rung: Any, now: datetime) -> None:
        step, kind, roles, notice, at = rung
        assert limit.due is not None
        number = len(limit.taken.get(step, []))
        limit.taken.setdefault(step, []).append(at)
        self.rungs.append((self.id, limit.key, step, kind, shown(at), shown(now)))
        if kind == "reminded" and now >= limit.due:
            return
        again = f"#{number + 1}" if number else ""
        for role in roles:
            to = f"{self._holder()}/{role}"
            key = f"{self.id}/{limit.key}/{step}/{role}{again}"
            self.outbox.add(Waiting(key, notice, to, now, limit.key, limit.key.partition("@")[0], step, limit))

    def _holder(self) -> str:
        if self.state == "returned":
            return self.desk or "@review"
        return self.department or "@review"

    def _urgent(self) -> bool:
        return self.facts["severity"] is None or self.facts["severity"] in URGENT or self.track

    def _last_of_day(self) -> list[Limit]:
        latest = {one.rule: one for one in self.limits if self.book.rules[one.rule].get("times")}
        return [one for one in latest.values() if one in self._running()]

    def _rollover(self, now: datetime) -> None:
        for limit in self._last_of_day():
            while limit.due is not None and limit.due <= now:
                limit = self._next_time(limit, now)

    def _next_time(self, limit: Limit, now: datetime) -> Limit:
        assert limit.due is not None
        return self._start(limit.rule, limit.due, now, named=True)

    # --- acts

    def _do(self, act: Act) -> None:
        what, at = act["what"], act["at"]
        if what in ("opened", "joined"):
            getattr(self, f"_{what}")(act, at)
            return
        handler = getattr(self, f"_{what}", None)
        if handler is None and what not in QUIET_ACTS:
            raise Unknown(f"{self.id}: {what}")
        done = act.get("done", at)
        for limit in self.limits if what not in ("answered", "fulfilled") else ():
            if limit.over is None and what in self.book.rules[limit.rule].get("met_by", ()):
                limit.over = done
        if handler is not None:
            handler(act, at)
        if what in ENDS:
            self.state = what

    def _start(
        self, rule: str, start: datetime, at: datetime, post: str | None = None, suffix: str = "", named: bool = False
    ) -> Limit:
        begin = start.replace(second=0, microsecond=0)
        limit = Limit((f"{rule}@{post}" if post else rule) + suffix, rule, begin, post)
        self.limits.append(limit)
        self._count(limit, at)
        if named and limit.due is not None:
            limit.key = f"{rule}#{limit.due.astimezone(EAST8):%Y-%m-%dT%H:%M}"
        return limit

    def _stops_of(self, rule: str) -> list[Stop]:
        allowed = self.book.rules[rule].get("pauses", ())
        return [(begin, end) for kind, begin, end in self.stops if kind in allowed]

    def _count(self, limit: Limit, at: datetime) -> None:
        """The due moment anew: from the start, without what was paused, extended where it was granted."""
        assert self.opened is not None
        stops = self._stops_of(limit.rule)
        due = self.book.due(limit.rule, limit.start, stops, self.opened.astimezone(EAST8).date())
        if due is not None and limit.extended is not None:
            due = self._with_extension(limit, due, stops)
        limit.due, limit.since = due, at

    def _with_extension(self, limit: Limit, due: datetime, stops: list[Stop]) -> datetime | None:
        assert limit.extended is not None
        granted, to = limit.extended
        lost = timedelta()
        for begin, end in stops:
            if end is None and begin < to + lost:
                # It stands still, extended or not, unless it was late before.
                return None
            if end is not None and end > granted:
                lost += end - max(begin, granted)
        return max(due, to + timedelta(days=-(-lost // timedelta(days=1))))

    def _started(self, rules: Iterable[str], moments: Mapping[str, datetime], at: datetime, posts: list[str]) -> None:
        for rule in sorted(rules):
            said = self.book.rules[rule]
            if said["starts"] in moments:
                for post in posts if said.get("per_message") == "true" else [None]:
                    self._start(rule, moments[said["starts"]], at, post)

    def _opened(self, act: Act, at: datetime) -> None:
        trigger = act["trigger"]
        known, published = self.known[trigger]
        known = min(known, at)
        self.opened, self.state = at, act["state"]
        kind = self.kinds[trigger]
        self.facts = {"kind": kind, "severity": act["severity"], "petition_kind": act["petition_kind"]}
        self.track = act["severity"] in URGENT
        self.owed = [trigger] if kind in ("message", "hotline") else []
        names = ("occurred", "discovered", "received")
        self.moments = {**dict.fromkeys(names, known), "published": published, "flagged": at, "level_set": at}
        self.rules = self.book.applying(self.facts)
        self._started(self.rules, self.moments, at, self.owed)
        if act["state"] == "to_review":
            self.outbox.add_act("review_needed", "@review/contact", at, 0)

    def _joined(self, act: Act, at: datetime) -> None:
        if self.state in ENDS:
            return
        for post in act["posts"]:
            if self.kinds[post] in ("message", "hotline"):
                self.owed.append(post)
                rules = [rule for rule in self.rules if self.book.rules[rule].get("per_message") == "true"]
                self._started(rules, {"received": min(self.known[post][0], at)}, at, [post])

    def _assigned(self, act: Act, at: datetime) -> None:
        there = {limit.rule for limit in self.limits}
        fresh = self.rules - there
        anew = [rule for rule in sorted(self.rules & there) if self.book.rules[rule].get("again") == "true"]
        for limit in self._running():
            if limit.rule in anew:
                limit.over = at
        self._started(fresh, {"assigned": at, "flagged": at}, at, self.owed)
        for rule in anew:
            self._start(rule, at, at, suffix=f"#{act['i']}")
        if act["default"]:
            self._at_desk(act, at)
        have = [(act["department"], "assigned"), *((name, "assigned_co") for name in act["co"])]
        told = [*have, *((name, "informed") for name in act["watchers"] if name not in self.watchers)]
        self.department, self.desk, self.state, self.watchers = (
            act["department"],
            None,
            "assigned",
            set(act["watchers"]),
        )
        for name, kind in told:
            self.outbox.add_act(kind, f"{name}/contact", at, act["i"])

    def _at_desk(self, act: Act, at: datetime) -> None:
        for rule in sorted(self.rules):
            if self.book.rules[rule]["starts"] == "at_desk":
                self._start(rule, at, at, suffix=f"#{act['i']}")
