"""Supervision and telling amid trouble, and in quiet: the same in the end. ``python -m pipeline.proof.chaos``.

Eight workers sweep and tell over one Elasticsearch at once, each with a clock that jumps days back; some are killed
with kill -9, so is the server, which is started again; three of ten calls of the channel fail. The same cases live
through the same moments in one quiet process over SQLite. Then both stores must hold the same alarms and the same
notices as told. What arrives twice is counted, with what can have caused it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from casework.domain.case import Case
from casework.domain.times import show_time
from casework.ports import CaseFilter, StoreError
from casework.services import dead_letters
from casework.services.notify import notify
from pipeline import jobs
from pipeline.proof.city import BEGIN, arrivals
from pipeline.proof.city_life import SECRET, context_of, office_of
from pipeline.proof.receiver import Receiver, receiving
from pipeline.servers import elasticsearch
from pipeline.settings import ROOT
from pipeline.wiring import Context

WORKERS, SHARE = 8, 0.3
DAYS = (1, 5, 13, 27)
MINUTES = (600, 640, 680)
"""Of each of those days, the minutes at which everybody sweeps: 10:00 to 11:20."""
CHANCE = 5


def run(cases: int, seed: int, port: int, folder: Path) -> dict[str, Any]:
    """Both lives, compared; the counts, and ``ok``."""
    os.environ.setdefault(SECRET, "proof-of-chaos")
    quiet = _life(cases, seed, folder / "quiet", f"sqlite:///{(folder / 'quiet.db').absolute()}", None)
    url = f"elasticsearch://127.0.0.1:{port}/?prefix=chaos{os.getpid()}"
    wild = _life(cases, seed, folder / "wild", url, _Trouble(folder / "wild", url, port, seed))
    same = {id_: quiet["cases"][id_] == found for id_, found in wild["cases"].items()}
    unexplained = {key: n for key, n in wild["doubles"].items() if key not in wild["unheard"]}
    counts = {name: wild[name] for name in ("kills", "faults", "arrived")}
    result = {
        **counts,
        "cases": len(same),
        "alarms": sum(len(one["alarms"]) for one in quiet["cases"].values()),
        "notices": sum(len(one["told"]) for one in quiet["cases"].values()),
        "differing": sorted(id_ for id_, equal in same.items() if not equal),
        "not_told": sorted({key for one in wild["cases"].values() for key in one["waiting"]}),
        "never_arrived": sorted(wild["leads"] - wild["keys"]),
        "doubled_since_the_answer_was_late": len(wild["doubles"]) - len(unexplained),
        "doubled_around_a_kill": len(unexplained),
    }
    faults = ("differing", "not_told", "never_arrived")
    same_cases = quiet["cases"].keys() == wild["cases"].keys()
    # A message may come twice only where its answer was late, or somebody was killed before he could write it down.
    explained = len(unexplained) <= CHANCE * wild["kills"].total()
    return {**result, "ok": same_cases and explained and not any(result[one] for one in faults) and bool(same)}


class _Trouble:
    """The workers, and who kills them and the server."""

    def __init__(self, folder: Path, url: str, port: int, seed: int) -> None:
        self.folder, self.url, self.port, self.chance = folder, url, port, random.Random(seed)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.kills: Counter[str] = Counter()

    def begin(self) -> None:
        """Start the workers."""
        self.workers = [self._worker(number) for number in range(WORKERS)]

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline.proof.chaos_worker", str(self.folder), self.url, str(number)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def strike(self, server: bool) -> None:
        """kill -9 a worker, or the server that runs for this proof; start it again."""
        time.sleep(self.chance.uniform(0.5, 2.0))
        if server:
            home = elasticsearch.home()
            os.kill(int((home / "pid").read_text()), signal.SIGKILL)
            time.sleep(self.chance.uniform(0.5, 2.0))
            elasticsearch.start(home, self.port)
            self.kills["server"] += 1
            return
        number = self.chance.randrange(WORKERS)
        self.workers[number].kill()
        self.workers[number].wait()
        self.workers[number] = self._worker(number)
        self.kills["worker"] += 1

    def end(self) -> None:
        """Stop the workers."""
        for worker in self.workers:
            worker.kill()
            worker.wait()


def _life(cases: int, seed: int, folder: Path, store: str, trouble: _Trouble | None) -> dict[str, Any]:
    """Cases that nobody works on, through all moments; what became of them and of their notices."""
    folder.mkdir(parents=True)
    with receiving(Receiver(seed=seed)) as receiver:
        context = context_of(folder, store, office_of(folder, receiver.url), receiver)
        try:
            _open(context, receiver, cases, seed)
            receiver.share = SHARE if trouble else 0.0
            if trouble:
                trouble.begin()
            try:
                _moments(context, receiver, folder, trouble)
            finally:
                if trouble:
                    trouble.end()
            receiver.share = 0.0
            _rest(context, receiver)
            return _found(list(context.store.list_cases(CaseFilter())), receiver, trouble)
        finally:
            if trouble:
                _drop(context)
            context.close()


def _open(context: Context, receiver: Receiver, cases: int, seed: int) -> None:
    now = BEGIN + timedelta(days=1)
    receiver.now = show_time(now)
    file = context.settings.var / "came.jsonl"
    file.write_bytes(b"\n".join(one.line for one in arrivals(2 * cases, cases, seed, 1)) + b"\n")
    jobs.load(context, [file], now)
    jobs.assess(context)
    jobs.open_cases(context, now)
    jobs.assign(context, now)


def _moments(context: Context, receiver: Receiver, folder: Path, trouble: _Trouble | None) -> None:
    for number, day in enumerate(DAYS):
        for place, minute in enumerate(MINUTES):
            now = BEGIN + timedelta(days=day, minutes=minute)
            receiver.now = show_time(now)
            (folder / "now").write_text(receiver.now, "utf-8")
            if trouble:
                trouble.strike(server=place == number % len(MINUTES))
            _round(context, now, place == 0)


def _round(context: Context, now: Any, again: bool) -> None:
    """One round that comes to its end, however often the store is away; dead letters are sent again by a person."""
    for _ in range(60):
        try:
            if again:
                for entry in list(dead_letters.notices(context.store, "failed")):
                    dead_letters.resend(context.store, entry, "zhang", now)
            jobs.supervise(context, now, watch=False)
            jobs.notify(context, now)
        except StoreError:
            time.sleep(1)
        else:
            return
    raise RuntimeError("the store did not come back")


def _rest(context: Context, receiver: Receiver) -> None:
    """Afterwards nobody fails any more: what waits for its time goes out."""
    for hour in range(0, 15, 5):
        now = BEGIN + timedelta(days=DAYS[-1], minutes=MINUTES[-1] + 60 * hour)
        receiver.now = show_time(now)
        for entry in list(dead_letters.notices(context.store, "failed")):
            dead_letters.resend(context.store, entry, "zhang", now)
        context.store.refresh()
        notify(context.store, context.teller, now)
        context.store.refresh()


def _found(cases: list[Case], receiver: Receiver, trouble: _Trouble | None) -> dict[str, Any]:
    arrived = Counter(one.key for one in receiver.taken)
    return {
        "cases": {case.id: _result(case) for case in cases},
        "keys": set(arrived),
        "leads": {entry.data["key"] for case in cases for entry in case.history if entry.what == "notified"},
        "doubles": {key: number for key, number in arrived.items() if number > 1},
        "unheard": receiver.unheard,
        "arrived": arrived.total(),
        "faults": receiver.failed,
        "kills": trouble.kills if trouble else Counter(),
    }


def _result(case: Case) -> dict[str, Any]:
    """What must be the same: state, limits, alarms taken, notices told; and what was not told."""
    alarms = [
        (one.data["clock"], one.data["step"], one.data["moment"])
        for one in case.history
        if one.what in ("reminded", "overdue", "escalated")
    ]
    return {
        "state": (case.state, case.department),
        "limits": sorted((clock.key, str(clock.due)) for clock in case.clocks),
        "alarms": sorted(alarms),
        "told": sorted(one.key for one in case.outbox if one.state == "sent"),
        "waiting": sorted(one.key for one in case.outbox if one.state not in ("sent", "outdated")),
    }


def _drop(context: Context) -> None:
    store: Any = context.store
    store.drop()


def main() -> int:
    """Run; 0 when amid all trouble the same came about as in quiet."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.proof.chaos")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--port", type=int, default=9391, help="where `make elasticsearch` of this checkout runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(options.cases, options.seed, options.port, Path(folder))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
