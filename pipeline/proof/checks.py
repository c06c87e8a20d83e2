"""What the proof asserts, and how it shows what it counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.proof.walk import ProofFailed

SUMS = {
    "load": ("new", "changed", "seen", "quarantined"),
    "assess": ("done", "refused"),
    "open": ("opened", "joined", "none", "to_review"),
    "assign": ("assigned", "default_desk", "held"),
    "notify": ("sent", "waiting", "failed"),
}
"""in = the sum of these (contract)."""
STORE_ONLY = ("audit.jsonl", "users.jsonl")


def sums_close(stages: Mapping[str, Any], rows: Mapping[str, int]) -> None:
    """Every stage's sum closes, and each stage gets what the one before gave. Raises ProofFailed."""
    for stage, parts in SUMS.items():
        counts = stages[stage]
        if counts["in"] != sum(counts[part] for part in parts):
            raise ProofFailed(f"{stage}: {counts} does not add up")
    for name, counts in stages["import"].items():
        if counts["in"] != rows[name] or counts["in"] != sum(counts[part] for part in SUMS["load"]):
            raise ProofFailed(f"import {name}: {counts}, rows {rows[name]}")
    collected = sum(entry["new"] + entry["changed"] for entry in stages["collect"].values())
    _equal("collected → load", collected, stages["load"]["in"])
    new = stages["load"]["new"] + sum(counts["new"] for counts in stages["import"].values())
    changed = stages["load"]["changed"] + sum(counts["changed"] for counts in stages["import"].values())
    # A post revised before it was judged is judged once, in its newest revision.
    if not new <= stages["assess"]["in"] <= new + changed:
        raise ProofFailed(f"new {new}, changed {changed} → assess in {stages['assess']['in']}")
    _equal("assessed → open", stages["assess"]["done"], stages["open"]["in"])
    _equal("opened → assign", stages["open"]["opened"], stages["assign"]["in"])
    served = rows["weibo2018_train"] + rows["news pages"]
    entries = stages["collect"].values()
    _equal("served → collected", served, sum(e["new"] + e["changed"] + e["quarantined"] for e in entries))


def _equal(what: str, left: int, right: int) -> None:
    if left != right:
        raise ProofFailed(f"{what}: {left} is not {right}")


def nothing_new(stages: Mapping[str, Any]) -> None:
    """A second walk over the same input finds nothing to do. Raises ProofFailed."""
    zero = {
        "load": ("new", "changed"),
        "assess": ("in",),
        "open": ("in",),
        "assign": ("in",),
        "notify": ("in",),
        "supervise": ("reminded", "overdue", "escalated"),
    }
    found = [f"{stage}.{part}" for stage, parts in zero.items() for part in parts if stages[stage][part]]
    found += [f"import {name}" for name, counts in stages["import"].items() if counts["new"] or counts["changed"]]
    found += [f"collect {name}" for name, entry in stages["collect"].items() if entry["new"] or entry["changed"]]
    if found:
        raise ProofFailed(f"a second run changed {', '.join(found)}")


def same(exports: Mapping[str, Mapping[str, bytes]]) -> None:
    """All exports hold the same things, line by line. Raises ProofFailed with the first difference."""
    names = list(exports)
    for other in names[1:]:
        left, right = exports[names[0]], exports[other]
        for file in sorted((set(left) | set(right)) - set(STORE_ONLY)):
            _same_file(f"{names[0]} and {other}: {file}", left.get(file, b""), right.get(file, b""))


def _same_file(what: str, left: bytes, right: bytes) -> None:
    if left == right:
        return
    ours, theirs = sorted(left.splitlines()), sorted(right.splitlines())
    if ours == theirs:
        return
    for one, two in zip(ours, theirs, strict=False):
        if one != two:
            a, b = one.decode()[:400], two.decode()[:400]
            raise ProofFailed(f"{what} differ ({len(ours)}, {len(theirs)} lines):\n  {a}\n  {b}")
    raise ProofFailed(f"{what}: {len(ours)} lines and {len(theirs)}")


def by_department(cases: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Numbers of cases by department, most first; a case to review has none."""
    numbers = Counter(case.get("department") or "(to review)" for case in cases)
    return dict(sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])))


def shown(report: Mapping[str, Any]) -> str:
    """The report as text for people and for the documents."""
    lines = [f"now {report['now']}; rows in: {json.dumps(report['rows'], ensure_ascii=False)}"]
    for name, store in report["stores"].items():
        lines.append(f"\n## {name}")
        for stage, counts in store["stages"].items():
            lines.append(f"{stage}: {json.dumps(counts, ensure_ascii=False)}")
        for key in ("events", "cases", "quarantined", "supervise", "overdue", "departments"):
            lines.append(f"{key}: {json.dumps(store[key], ensure_ascii=False)}")
    lines.append(f"\nsame case by case: {', '.join(report['same in'])}; kill -9: {report['kills']} times, same store")
    return "\n".join(lines)
