"""``python -m pipeline.proof [--tenth] [--elasticsearch URL]``: runs the proof, prints its tables, exits 1 on a gap."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from pipeline.proof import checks
from pipeline.proof.inputs import LATER, NOW, Inputs, read
from pipeline.proof.walk import ProofFailed, Walk, killed_walk
from pipeline.settings import ROOT

OFFICE = ROOT / "config" / "examples" / "hangzhou"
"""The office whose board's rows are real."""
KILLS = 10


def main() -> int:
    """Run; 0 when every assertion holds."""
    options = _options()
    shared = Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared")
    if not (shared / "data").is_dir():
        if "shared" in os.environ.get("HUIYING_REQUIRE", "").split(","):
            sys.stderr.write("proof: shared/data is required and absent\n")
            return 1
        sys.stdout.write("proof: not run, no shared/data beside the project\n")
        return 0
    folder = Path("var") / "proof"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        report = prove(read(shared, folder / "input", 10 if options.tenth else 1), folder, options)
    except ProofFailed as error:
        sys.stderr.write(f"proof FAILED: {error}\n")
        return 1
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    sys.stdout.write(checks.shown(report) + "\nproof: every sum closes\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipeline.proof")
    parser.add_argument("--tenth", action="store_true", help="a tenth of every input")
    parser.add_argument("--elasticsearch", default=os.environ.get("HUIYING_ELASTICSEARCH"), metavar="URL")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=60)
    return parser.parse_args()


def prove(inputs: Inputs, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Walk on each store, compare them, walk again, and walk with kills. Raises ProofFailed."""
    from crawlers.replica import serve_replica

    report: dict[str, Any] = {"now": NOW, "rows": inputs.rows, "stores": {}}
    exports: dict[str, dict[str, bytes]] = {}
    with serve_replica(inputs.weibo, inputs.pages) as replica:
        for name, url in _stores(folder, options).items():
            walk = Walk(url, folder / name / "var", OFFICE)
            found = _one_store(walk, inputs, replica.base_url, folder / name)
            exports[name] = found.pop("export")
            report["stores"][name] = found
        checks.same(exports)
        report["same in"] = sorted(exports)
        report["kills"] = _killed(inputs, replica.base_url, folder, options, exports["sqlite"], report)
    return report


def _stores(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    stores = {"sqlite": f"sqlite:///{(folder / 'sqlite' / 'huiying.db').absolute()}"}
    if options.elasticsearch:
        stores["elasticsearch"] = f"{options.elasticsearch.rstrip('/')}/?prefix=proof{os.getpid()}"
    elif "elasticsearch" in os.environ.get("HUIYING_REQUIRE", "").split(","):
        raise ProofFailed("Elasticsearch is required: set HUIYING_ELASTICSEARCH (make elasticsearch)")
    return stores


def _one_store(walk: Walk, inputs: Inputs, base_url: str, folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    stages = walk.whole(inputs, base_url)
    checks.sums_close(stages, inputs.rows)
    first = walk.export(folder / "export-1")
    again = walk.whole(inputs, base_url)
    checks.nothing_new(again)
    second = walk.export(folder / "export-2")
    checks.same({"first run": first, "second run": second})
    overdue, swept = {}, {}
    for moment in LATER:
        swept[moment] = walk.run("supervise", "--now", moment)["stages"]["supervise"]
        late = walk.run("case", "list", "--overdue", "--now", moment)
        overdue[moment] = len(late) if isinstance(late, list) else 1
    cases = [json.loads(line) for line in first["cases.jsonl"].splitlines()]
    return {
        "stages": stages,
        "cases": len(cases),
        "events": len(first["events.jsonl"].splitlines()),
        "departments": checks.by_department(cases),
        "quarantined": walk.quarantined(),
        "supervise": swept,
        "overdue": overdue,
        "export": walk.export(folder / "export-3"),
        "first": {name: len(data.splitlines()) for name, data in first.items()},
    }


def _killed(
    inputs: Inputs,
    base_url: str,
    folder: Path,
    options: argparse.Namespace,
    reference: dict[str, bytes],
    report: dict[str, Any],
) -> int:
    walk = Walk(f"sqlite:///{(folder / 'killed' / 'huiying.db').absolute()}", folder / "killed" / "var", OFFICE)
    walk.var.mkdir(parents=True, exist_ok=True)
    seconds = report["stores"]["sqlite"]["stages"]["seconds"]
    span = max(2.0, sum(seconds.values()))
    done = killed_walk(walk, inputs, base_url, options.kills, span, options.seed)
    for moment in LATER:
        walk.run("supervise", "--now", moment)
    checks.same({"uninterrupted": reference, "killed": walk.export(folder / "killed" / "export")})
    return done


if __name__ == "__main__":
    sys.exit(main())
