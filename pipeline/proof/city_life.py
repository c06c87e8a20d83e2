"""The month itself: minute after minute posts come in, people act, supervision sweeps, notices go out."""

from __future__ import annotations

import heapq
import json
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from casework.domain.case import Case
from casework.domain.errors import DomainError
from casework.domain.times import show_time
from casework.ports import CaseFilter
from casework.services import acknowledge, emergency, respond
from casework.services.notify import notify
from casework.services.supervise import supervise
from pipeline import jobs
from pipeline.locks import KeptOpener
from pipeline.proof.city import BEGIN, COLLECTED_EVERY, Arrival
from pipeline.proof.people import Act, life
from pipeline.proof.receiver import Receiver
from pipeline.settings import ROOT, Settings
from pipeline.wiring import Context

SECRET = "HUIYING_WEBHOOK_SECRET"
QUIET = ("22:00", "07:00")


@dataclass(order=True, slots=True)
class _Due:
    minute: int
    number: int
    case: str = field(compare=False)
    act: Act = field(compare=False)
    rest: Iterator[Act] = field(compare=False)


@dataclass(slots=True)
class City:
    """One month over one store. ``every``: minutes from one sweep to the next."""

    context: Context
    receiver: Receiver
    seed: int
    every: int = 1
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lived: set[str] = field(default_factory=set)
    queue: list[_Due] = field(default_factory=list)
    number: int = 0
    kept: KeptOpener = field(default_factory=KeptOpener)

    def run(self, posts: list[Arrival], days: int) -> None:
        """Live through the month."""
        waiting = defaultdict(list)
        for one in posts:
            waiting[-(-(one.minute + 1) // COLLECTED_EVERY) * COLLECTED_EVERY].append(one.line)
        for minute in range(0, days * 1440 + 1, self.every):
            now = BEGIN + timedelta(minutes=minute)
            lines = [line for at in range(minute - self.every + 1, minute + 1) for line in waiting.pop(at, ())]
            if lines:
                self._collected(lines, now, minute)
            while self.queue and self.queue[0].minute <= minute:
                self._act(heapq.heappop(self.queue), now, minute)
            self.receiver.now = show_time(now)
            self.sweep(now)

    def sweep(self, now: datetime) -> None:
        """Supervise, then tell: what was written is told in the same minute."""
        supervise(self.context.store, self.context.office, now)
        notify(self.context.store, self.context.teller, now)

    def _collected(self, lines: list[bytes], now: datetime, minute: int) -> None:
        file = self.context.settings.var / "came.jsonl"
        file.write_bytes(b"\n".join(lines) + b"\n")
        jobs.load(self.context, [file], now)
        jobs.assess(self.context)
        jobs.open_cases(self.context, now, self.kept)
        store = self.context.store
        opened = [case.id for batch in store.cases_to_assign() for case in batch]
        jobs.assign(self.context, now)
        review = [case.id for case in store.list_cases(CaseFilter(state="to_review"))]
        for id_ in (*opened, *review):
            # Only cases of this round are without a life of their own yet.
            if id_ not in self.lived:
                self.lived.add(id_)
                self._next(id_, self._life(store.get_case(id_)), minute)

    def _life(self, case: Case) -> Iterator[Act]:
        if case.state == "to_review":
            if case.suspected:
                return
            yield Act(random.Random(case.id).randrange(5, 3000), "accept", {})
            yield Act(1, "assign", {"to": self.context.office.default_desk})
        office = self.context.office
        others = tuple(sorted(name for name in office.routing.departments if name not in case.excluded))
        urgent = case.severity in ("serious", "major", "extraordinary")
        yield from life(case.id, case.department or office.default_desk, others, urgent, self.seed)

    def _next(self, case: str, rest: Iterator[Act], minute: int) -> None:
        act = next(rest, None)
        if act is not None:
            self.number += 1
            heapq.heappush(self.queue, _Due(minute + act.after, self.number, case, act, rest))

    def _act(self, due: _Due, now: datetime, minute: int) -> None:
        try:
            self._do(due.case, due.act, now)
            self.done[due.act.verb] += 1
        except DomainError:
            self.refused[due.act.verb] += 1
        self._next(due.case, due.rest, minute)

    def _do(self, id_: str, act: Act, now: datetime) -> None:
        store, office = self.context.store, self.context.office
        if act.verb == "acknowledge_by_link":
            self._by_link(id_, now)
            return
        if act.verb == "end_emergency":
            for item in office.checklist:
                emergency.act(store, office, id_, "check", {"item": item.id}, "zhang", now)
            emergency.act(store, office, id_, "review", {"text": "处置及时"}, "zhang", now)
            emergency.act(store, office, id_, "close", {}, "zhang", now)
            return
        respond.act(store, office, id_, act.verb, self._args(id_, act, now), "zhang", now)

    def _by_link(self, id_: str, now: datetime) -> None:
        store = self.context.store
        sent = [one.key for one in store.get_case(id_).outbox if one.state == "sent"]
        if not sent:
            raise DomainError("no notice was sent")
        asked = acknowledge.asked(store, id_, lambda key: key == sent[-1])
        acknowledge.acknowledge(store, self.context.office, asked, now)

    def _args(self, id_: str, act: Act, now: datetime) -> dict[str, str]:
        args = dict(act.args)
        if act.verb in ("extend", "ask"):
            case = self.context.store.get_case(id_)
            dues = [one.due for one in case.running() if one.rule.id == args["rule"] and one.due is not None]
            days = timedelta(days=int(args.pop("days")))
            args["to"] = show_time((max(dues) if dues else now) + days)
        if act.verb in ("publish", "time"):
            args["at"] = show_time(now - timedelta(minutes=7 if act.verb == "publish" else 45))
        if act.verb == "acknowledge" and args.pop("minutes", ""):
            args["until"] = show_time(now + timedelta(minutes=int(act.args["minutes"])))
        return args


def office_of(folder: Path, url: str) -> Path:
    """The default office with a webhook, hours of quiet, and posts joined only where their texts are alike."""
    office = folder / "office"
    shutil.rmtree(office, ignore_errors=True)
    shutil.copytree(ROOT / "config", office)
    with (office / "office.yml").open("a", encoding="utf-8") as file:
        file.write(f'\nquiet_hours: {{from: "{QUIET[0]}", to: "{QUIET[1]}"}}\n')
    # Sixteen matters in as many words each: by their meaning all letters of one matter would be one case.
    nlp = office / "nlp.yml"
    nlp.write_text(nlp.read_text("utf-8").replace("matter: 0.3", "matter: 0"), "utf-8")
    hook = {"enabled": True, "settings": {"url": url, "secret_env": SECRET, "timeout": 1.0}}
    channels = {"channels": {"webhook": hook}, "grouping": {"update_minutes": 240}, "default": {"first": "webhook"}}
    channels["examples"] = [{"kind": "assigned", "role": "contact", "first": "webhook", "why": "只有一条"}]
    (office / "channels.yml").write_text(json.dumps(channels, ensure_ascii=False), "utf-8")
    return office


def context_of(folder: Path, store: str, office: Path, receiver: Receiver) -> Context:
    """The system over ``store`` whose clock is the month's."""
    return Context(Settings(store, office, folder), lambda: datetime.fromisoformat(receiver.now or show_time(BEGIN)))
