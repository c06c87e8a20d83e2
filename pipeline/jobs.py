"""The stages, one function each, as counted jobs: the command line and the DAGs call these and nothing deeper.

collect 收集 → load 收集 → assess 研判 → open 研判 → assign 转办 → notify 交办 → supervise 督办. Each may be killed at
any moment and run again; each returns the contract's counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.services.alarms import raise_alarms, tell_alarms
from casework.services.assess import assess as assess_posts
from casework.services.assign import assign as assign_cases
from casework.services.board_replies import follow_replies
from casework.services.collect import LoadCounts
from casework.services.collect import load as load_lines
from casework.services.notify import notify as tell
from casework.services.open_cases import open_cases as open_all
from casework.services.rising import calmed
from casework.services.subscriptions import flush
from casework.services.supervise import supervise as sweep
from pipeline import logs, watching
from pipeline.errors import CallError
from pipeline.files import lines
from pipeline.locks import KeptOpener, alone, opener_of
from pipeline.quarantine import quarantine_of
from pipeline.settings import state_folder
from pipeline.wiring import Context

Counts = dict[str, Any]
AT_ONCE = 4
"""Sources collected side by side."""
STAGES = ("collect", "load", "assess", "open", "assign", "notify", "supervise")


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """How sources are collected. ``sources`` empty: every enabled one. ``out``, ``state`` None: beside the store."""

    sources: tuple[str, ...] = ()
    base_url: str | None = None
    out: Path | None = None
    state: Path | None = None
    full: bool = False
    watch: bool = True
    """Whether supervision tells the office of sources that stopped or fell silent; a demonstration does not."""


@dataclass(slots=True)
class RunResult:
    """Counts and seconds by stage; ``stopped`` names sources that stopped or failed."""

    stages: dict[str, Counts] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The contract's object."""
        return {"stages": self.stages, "seconds": self.seconds}


def collected_folder(context: Context) -> Path:
    """Where ``run`` puts what was collected and not yet loaded."""
    return state_folder(context.settings.store, context.settings.var).parent / "collected"


def collect(context: Context, options: CollectOptions, now: datetime | None) -> dict[str, Counts]:
    """Collect each source in a process of its own; an entry a source. A source that fails hinders no other."""
    from crawlers.errors import CollectError
    from crawlers.run import collect as crawl
    from crawlers.source_folder import to_collect

    overrides = context.office.sources
    names = options.sources or tuple(to_collect(overrides))
    state = options.state or state_folder(context.settings.store, context.settings.var)
    out = options.out or collected_folder(context)

    def one(name: str) -> Counts:
        try:
            result = crawl(name, out, state, options.base_url, options.full, now, overrides)
        except CollectError as error:
            if len(names) == 1:
                raise
            # A source that may not be asked yet hinders no other.
            return {"new": 0, "changed": 0, "quarantined": 0, "state": "failed", "reason": str(error)}
        return result.to_json()

    # Each crawl is a process of its own that mostly waits for its site; the threads here only wait for them.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(names, pool.map(one, names), strict=True))
    for name, counts in found.items():
        if counts["state"] != "done":
            logs.warning("source stopped", source=name, state=counts["state"], reason=counts["reason"])
    return found


def load(context: Context, files: Sequence[Path], now: datetime) -> Counts:
    """Load post files; invalid lines go to a quarantine file under ``var/quarantine``, named in the log."""
    counts = LoadCounts()
    for path in files:
        with quarantine_of(context, path, now) as quarantine:
            load_lines(lines(path), context.store, now, quarantine.add, counts, teller_of_cases(context, now))
    context.store.refresh()
    return counts.to_json()


def teller_of_cases(context: Context, now: datetime) -> Callable[[Sequence[str]], object]:
    """What loading tells the cases of changed posts: answers seen on the board, or taken back."""
    return lambda posts: follow_replies(context.store, posts, context.office.worktime, now)


def load_collected(context: Context, now: datetime, mark: Path | None = None) -> Counts:
    """Load what ``collect`` left for this store and move it to ``loaded/``; killed in between, it is loaded again.

    ``mark``: a file that is there afterwards where anything was new or changed. A load that was killed leaves it too:
    what it had brought counts as seen when it is tried again.
    """
    with alone(context, "load"):
        if mark is None:
            return _load_collected(context, now)
        waits = mark.exists()
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        counts = _load_collected(context, now)
        if counts["new"] or counts["changed"]:
            mark.touch()
        elif not waits:
            mark.unlink(missing_ok=True)
        return counts


def _load_collected(context: Context, now: datetime) -> Counts:
    folder = collected_folder(context)
    done = folder / "loaded"
    total: Counts = LoadCounts().to_json()
    for path in sorted(folder.glob("*.jsonl")):
        if path.name.endswith(".quarantine.jsonl"):
            continue
        counts = load(context, [path], now)
        total = {name: total[name] + counts[name] for name in total}
        done.mkdir(exist_ok=True)
        path.replace(_free(done / path.name))
    return total


def _free(path: Path) -> Path:
    """``path``, or the next name after it where a file of the same second lies there: what was loaded is kept."""
    number, found = 2, path
    while found.exists():
        found, number = path.with_name(f"{path.stem}_{number:04d}{path.suffix}"), number + 1
    return found


def assess(context: Context) -> Counts:
    """Judge what has no assessment yet."""
    counts = assess_posts(context.store, context.assessor)
    context.store.refresh()
    return counts.to_json()


def open_cases(context: Context, now: datetime, kept: KeptOpener | None = None) -> Counts:
    """Make events, and cases of what needs an answer. ``kept``: what a worker keeps of one round for its next."""
    with opener_of(context, kept or KeptOpener()) as held:
        counts = open_all(context.store, held.opener, now, held.seeded)
        held.seeded |= counts.total() > 0
    context.store.refresh()
    return counts.to_json()


def assign(context: Context, now: datetime) -> Counts:
    """Route what was opened."""
    counts = assign_cases(context.store, context.office, now)
    context.store.refresh()
    return counts.to_json()


def notify(context: Context, now: datetime) -> Counts:
    """Send what waits in the outboxes."""
    # Side by side, two would find the same notice waiting and send it twice.
    with alone(context, "notify"):
        flush(context.store, now, context.office.update_every)
        counts = tell_alarms(context.store, context.teller, now, tell(context.store, context.teller, now))
    context.store.refresh()
    return counts.to_json()


def supervise(context: Context, now: datetime, watch: bool = True) -> Counts:
    """Remind, mark overdue, escalate; and ``watch`` the sources, whose alarms wait for ``notify`` like any notice."""
    if watch:
        watching.raise_alarms(context, now)
    raise_alarms(context.store, context.office, calmed(context.store, now), now)
    counts = sweep(context.store, context.office, now)
    context.store.refresh()
    return counts.to_json()


def run(
    context: Context,
    now: datetime,
    options: CollectOptions,
    first: str = STAGES[0],
    last: str = STAGES[-1],
    fixed_now: bool = False,
    after: Callable[[str, Counts, float], None] | None = None,
) -> RunResult:
    """All stages from ``first`` to ``last``, each counted and timed. ``after`` is told of each as it ends.

    The notices that supervision writes are sent at once by a second round of ``notify``, added to its counts.
    """
    stages = stages_between(first, last)
    result = RunResult()
    work: dict[str, Callable[[], Counts]] = {
        "collect": lambda: collect(context, options, now if fixed_now else None),
        "load": lambda: load_collected(context, now),
        "assess": lambda: assess(context),
        "open": lambda: open_cases(context, now),
        "assign": lambda: assign(context, now),
        "notify": lambda: notify(context, now),
        "supervise": lambda: supervise(context, now, options.watch),
    }
    for stage in stages:
        started = time.perf_counter()
        counts = work[stage]()
        if stage == "supervise" and "notify" in result.stages:
            more = notify(context, now)
            told = result.stages["notify"]
            result.stages["notify"] = {name: told[name] + more[name] for name in told}
        result.stages[stage] = counts
        result.seconds[stage] = round(time.perf_counter() - started, 3)
        if after is not None:
            after(stage, counts, result.seconds[stage])
    collected = result.stages.get("collect", {})
    result.stopped = [name for name, counts in collected.items() if counts["state"] != "done"]
    return result


def stages_between(first: str, last: str) -> tuple[str, ...]:
    """The stages from ``first`` to ``last``. Raises CallError for unknown ones or the wrong order."""
    begin, end = _index(first), _index(last)
    if begin > end:
        raise CallError(f"--from {first} comes after --until {last}")
    return STAGES[begin : end + 1]


def _index(stage: str) -> int:
    if stage not in STAGES:
        raise CallError(f"unknown stage {stage!r}; the stages are {', '.join(STAGES)}")
    return STAGES.index(stage)
