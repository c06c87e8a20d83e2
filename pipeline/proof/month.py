"""A simulated month of a city, every alarm compared with an independent reckoner: ``python -m pipeline.proof.month``.

Posts come in over a spring festival, are judged, opened and routed by the real services; departments act by their
habits; supervision sweeps and notices go out over a real webhook. Then ``reckoner`` says from the acts and the YAML
files alone what had to be told, and when. Exit 1 where anything is missing, doubled, early or late.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.case import Case
from casework.domain.times import parse_time
from casework.ports import CaseFilter
from pipeline.proof.city import BEGIN, DAYS, Arrival, arrivals
from pipeline.proof.city_life import SECRET, City, context_of, office_of
from pipeline.proof.receiver import Receiver, receiving
from pipeline.proof.reckoned_acts import Reckoned
from pipeline.proof.reckoner import Unknown, shown
from pipeline.proof.slow_days import EAST8, Book

SYSTEM = frozenset(
    ("reminded", "overdue", "escalated", "recounted", "notified", "notice_failed", "notice_arrived", "notice_outdated")
)
"""Entries that are the system's own answer: the reckoner does not see them."""


def run(posts: int, cases: int, seed: int, days: int, every: int, folder: Path) -> dict[str, Any]:
    """Live through it and compare; the counts, the differences, and ``ok``."""
    os.environ.setdefault(SECRET, "proof-of-a-month")
    came = arrivals(posts, cases, seed, days)
    with receiving(Receiver(seed=seed)) as receiver:
        office = office_of(folder, receiver.url)
        context = context_of(folder, f"sqlite:///{(folder / 'month.db').absolute()}", office, receiver)
        try:
            city = City(context, receiver, seed, every)
            city.run(came, days)
            found = compared(list(context.store.list_cases(CaseFilter())), receiver, Book(office), came, days, every)
        finally:
            context.close()
    acts = {"acts": dict(city.done), "refused": dict(city.refused)}
    return {"posts": len(came), "departments": found.pop("departments"), **found, **acts}


def compared(
    cases: list[Case], receiver: Receiver, book: Book, came: list[Arrival], days: int, every: int
) -> dict[str, Any]:
    """The system's alarms and messages beside those reckoned."""
    rungs, told, unreckoned = _reckoned(cases, book, came, days, every)
    left_out = {text.split(": ")[0] for text in unreckoned}
    ours = Counter(line for case in cases if case.id not in left_out for line in _rungs(case))
    sent = Counter(line for case in cases if case.id not in left_out for line in _told(case))
    arrived = Counter(one.key for one in receiver.taken)
    written = Counter(key for case in cases for key, *_ in _told(case))
    counts = {
        "cases": len(cases),
        "departments": len({case.department for case in cases if case.department}),
        "alarms": dict(Counter(line[3] for line in ours.elements())),
        "messages": dict(Counter(line[1] for line in sent.elements())),
        "arrived": arrived.total(),
    }
    faults = {
        "unreckoned": unreckoned,
        "alarms_missing": _lines(rungs - ours),
        "alarms_too_many": _lines(ours - rungs),
        "messages_missing": _lines(told - sent),
        "messages_too_many": _lines(sent - told),
        "doubled": sorted(key for key, number in arrived.items() if number > 1),
        "not_as_recorded": sorted((written - arrived) + (arrived - written)),
    }
    return {**counts, **faults, "ok": not any(faults.values()) and bool(ours)}


def _reckoned(
    cases: list[Case], book: Book, came: list[Arrival], days: int, every: int
) -> tuple[Counter[tuple[str, ...]], Counter[tuple[Any, ...]], list[str]]:
    """Alarms and messages as they had to be; and cases with an act of which the reckoner knows nothing."""
    kinds, known = _posts(came)
    until, tick = BEGIN + timedelta(days=days), timedelta(minutes=every)
    rungs: Counter[tuple[str, ...]] = Counter()
    told: Counter[tuple[Any, ...]] = Counter()
    unreckoned = []
    for case in cases:
        one = Reckoned(book, case.id, kinds, known, tick, BEGIN)
        try:
            one.live(_acts(case), until)
        except Unknown as error:
            unreckoned.append(str(error))
            continue
        rungs.update(one.rungs)
        told.update((key, kind, matters, at) for key, kind, _, matters, at in one.outbox.told)
    return rungs, told, unreckoned


def _lines(found: Counter[Any]) -> list[str]:
    return sorted(" | ".join(map(str, line)) for line in found.elements())


def _posts(came: list[Arrival]) -> tuple[dict[str, str], dict[str, tuple[datetime, datetime]]]:
    posts = [json.loads(one.line) for one in came]
    ids = {f"{post['source']}:{post['native_id']}": post for post in posts}
    kinds = {id_: post["kind"] for id_, post in ids.items()}
    times = {id_: (parse_time(p["collected_at"]), parse_time(p["published_at"])) for id_, p in ids.items()}
    return kinds, times


def _acts(case: Case) -> Iterator[dict[str, Any]]:
    """What was done to a case, without clocks and notices."""
    for place, entry in enumerate(case.history):
        if entry.what in SYSTEM:
            continue
        data = entry.data
        act = {"i": place, "what": entry.what, "at": entry.at}
        plain = ("trigger", "state", "severity", "petition_kind", "posts", "kind", "rule", "moment", "default", "desk")
        act |= {name: data[name] for name in (*plain, "department", "level") if name in data}
        act |= {"co": data.get("co_departments", ()), "watchers": data.get("watchers", ())}
        if "to" in data:
            act["to"] = parse_time(data["to"]) if entry.what in ("extended", "extension_asked") else data["to"]
        act |= {"done": parse_time(data["at"])} if data.get("at") else {}
        act |= {"until": parse_time(data["until"])} if "until" in data else {}
        yield act


def _rungs(case: Case) -> Iterator[tuple[str, ...]]:
    for entry in case.history:
        if entry.what in ("reminded", "overdue", "escalated"):
            moment = parse_time(entry.data["moment"])
            yield (case.id, entry.data["clock"], entry.data["step"], entry.what, shown(moment), shown(entry.at))


def _told(case: Case) -> Iterator[tuple[Any, ...]]:
    notices = {notice.key: notice for notice in case.outbox}
    for entry in case.history:
        if entry.what == "notified":
            group = [notices[key] for key in (entry.data["key"], *entry.data.get("with", ()))]
            matters = len({one.facts.get("clock", one.key) for one in group})
            yield group[0].key, group[0].kind, matters, f"{entry.at.astimezone(EAST8):%m-%d %H:%M}"


def shown_result(found: dict[str, Any]) -> str:
    """The result as text: counts, then what differs."""
    counts = {name: value for name, value in found.items() if not isinstance(value, list)}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in counts.items()]
    for name, value in found.items():
        if isinstance(value, list):
            lines += [f"{name}: {len(value)}", *(f"  {line}" for line in value)]
    return "\n".join(lines)


def main() -> int:
    """Run; 0 when what was told is what had to be."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.proof.month")
    parser.add_argument("--posts", type=int, default=60_000)
    parser.add_argument("--cases", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=26)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--every", type=int, default=1, metavar="MINUTES", help="from one sweep to the next")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(options.posts, options.cases, options.seed, options.days, options.every, Path(folder))
    sys.stdout.write(shown_result(found) + "\n")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
