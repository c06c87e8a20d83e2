"""What each act of a person does to the limits of a case, for the reckoner; see ``reckoner``."""

from __future__ import annotations

from datetime import datetime

from pipeline.proof.reckoner import URGENT, Act, Limit, Reckoner

MOMENTS = {"occurred", "published", "discovered", "received"}


class Reckoned(Reckoner):
    """A case with all that people may do to it."""

    __slots__ = ()

    def _signed(self, act: Act, at: datetime) -> None:
        self.state = "signed"

    def _returned(self, act: Act, at: datetime) -> None:
        self.state, self.desk = "returned", None
        self.outbox.add_act("returned", "@review/contact", at, act["i"])
        self._at_desk(act, at)

    def _disputed(self, act: Act, at: datetime) -> None:
        self.state, self.desk = "returned", act["desk"]
        self.watchers.add(act["desk"])
        self.outbox.add_act("disputed", f"{act['desk']}/contact", at, act["i"])
        self._at_desk(act, at)

    def _paused(self, act: Act, at: datetime) -> None:
        self.stops.append((act["kind"], at, None))
        self._again(at)

    def _resumed(self, act: Act, at: datetime) -> None:
        kind, begin, _ = self.stops[-1]
        self.stops[-1] = (kind, begin, at)
        self._again(at)

    def _again(self, at: datetime) -> None:
        for limit in self._running():
            if self.book.rules[limit.rule].get("pauses"):
                self._count(limit, at)

    def _extension_asked(self, act: Act, at: datetime) -> None:
        """Who grants it is told: the leader where the rule leaves it to leaders alone, else the office's desk."""
        limit = next(one for one in self._running() if act["rule"] in (one.rule, one.key))
        grants = self.book.rules[limit.rule].get("extension", {}).get("approved_by", ())
        above = [role for role in ("leader", "principal") if role in grants]
        role = above[0] if above and "office" not in grants else "contact"
        self.outbox.add_act("extension", f"@review/{role}", at, act["i"])

    def _extended(self, act: Act, at: datetime) -> None:
        for limit in self._running():
            if act["rule"] in (limit.rule, limit.key):
                limit.extended = (at, act["to"])
                standing = any(end is None for _, end in self._stops_of(limit.rule))
                limit.due, limit.since = None if limit.due is None and standing else act["to"], at

    def _answered(self, act: Act, at: datetime) -> None:
        for limit in self._running():
            met = "answered" in self.book.rules[limit.rule].get("met_by", ())
            if met and (limit.post is None or limit.post in act["posts"]):
                limit.over = act["done"]

    def _fulfilled(self, act: Act, at: datetime) -> None:
        repeated = self._last_of_day()
        for limit in self._running():
            if act["rule"] in (limit.rule, limit.key):
                limit.over = act["done"]
                if limit in repeated:
                    self._next_time(limit, at)

    def _acknowledged(self, act: Act, at: datetime) -> None:
        self.acks.append((at, act["until"]))

    def _reopened(self, act: Act, at: datetime) -> None:
        self.state = "handling"
        for rule in sorted(self.rules):
            said = self.book.rules[rule]
            if said["starts"] == "assigned" and "signed" not in said["met_by"] and "per_message" not in said:
                self._start(rule, at, at, suffix=f"#{act['i']}")

    def _closed(self, act: Act, at: datetime) -> None:
        for limit in self.limits:
            limit.over = limit.over or at

    def _rejected(self, act: Act, at: datetime) -> None:
        self._closed(act, at)

    def _published(self, act: Act, at: datetime) -> None:
        self.state = "published"

    def _level_set(self, act: Act, at: datetime) -> None:
        """Rules of the new level run from their first moments; those of the old one alone are lifted."""
        self.facts["severity"] = act["to"]
        self.track = self.track or act["to"] in URGENT
        bound = self.book.applying(self.facts)
        by_level = {name for name, rule in self.book.rules.items() if "severity" in (rule.get("applies") or {})}
        over = (self.rules & by_level) - bound
        there = {one.rule for one in self.limits if one.key not in self.lifted} - over
        for limit in self._running():
            if limit.rule in over:
                limit.over = at
                self.lifted.add(limit.key)
        moments, taken = {**self.moments, "level_set": at}, {one.key for one in self.limits}
        for rule in sorted(bound - there):
            start = moments.get(self.book.rules[rule]["starts"])
            if start is not None:
                self._start(rule, start, at, suffix=f"#{act['i']}" if rule in taken else "")
        self.rules |= bound

    def _time_set(self, act: Act, at: datetime) -> None:
        self.moments[act["moment"]] = act["done"]
        for limit in self.limits:
            if self.book.rules[limit.rule]["starts"] == act["moment"] and not self._later_time(limit):
                limit.start = act["done"]
                self._count(limit, at)

    def _later_time(self, limit: Limit) -> bool:
        return bool(self.book.rules[limit.rule].get("times")) and "#" in limit.key

    def _emergency_closed(self, act: Act, at: datetime) -> None:
        self.track = False
        for limit in self._running():
            if self.book.rules[limit.rule].get("times"):
                limit.over = at

    def _emergency_opened(self, act: Act, at: datetime) -> None:
        self.track = True
        self.facts["severity"] = act["level"]
