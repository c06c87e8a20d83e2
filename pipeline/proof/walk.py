"""One walk of the input through one store, by the command line, as an office would do it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.proof.inputs import NOW, Inputs
from pipeline.settings import ROOT


class ProofFailed(AssertionError):
    """Something the proof asserts is not so."""


@dataclass(slots=True)
class Walk:
    """The commands of one store. ``var`` holds what was collected; ``office`` is the configuration."""

    store: str
    var: Path
    office: Path
    log: list[dict[str, Any]] = field(default_factory=list)

    def command(self, *arguments: str) -> list[str]:
        """A command line with the store, the office and the fixed moment."""
        options = ["--json", "--store", self.store, "--config", str(self.office)]
        now = [] if "--now" in arguments else ["--now", NOW]
        return [sys.executable, "-m", "pipeline.cli", *arguments, *options, *now]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own, so that a kill takes its crawl along."""
        environment = {**os.environ, "HUIYING_VAR": str(self.var)}
        return subprocess.Popen(
            self.command(*arguments),
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Any:
        """Run a command to its end; its JSON answer. Raises ProofFailed where it fails."""
        started = time.perf_counter()
        process = self.start(*arguments)
        out, err = process.communicate()
        if process.returncode != 0:
            text = (out + err).decode("utf-8", "replace")[-2000:]
            raise ProofFailed(f"huiying {' '.join(arguments)}: exit {process.returncode}: {text}")
        values = [json.loads(line) for line in out.decode().splitlines()]
        seconds = round(time.perf_counter() - started, 1)
        self.log.append({"command": " ".join(arguments[:2]), "seconds": seconds})
        return values[0] if len(values) == 1 else values

    def steps(self, inputs: Inputs, base_url: str) -> list[tuple[str, ...]]:
        """The commands of the whole way."""
        imports = [("import", str(file), "--map", str(map_)) for file, map_ in inputs.exports]
        return [*imports, ("run", "--source", "weibo", "--source", "news_pages", "--base-url", base_url)]

    def whole(self, inputs: Inputs, base_url: str) -> dict[str, Any]:
        """Walk once; the stages' counts, imports by file."""
        answers = [self.run(*step) for step in self.steps(inputs, base_url)]
        names = [file.stem for file, _ in inputs.exports]
        imports = {name: answer["stages"]["import"] for name, answer in zip(names, answers, strict=False)}
        return {"import": imports, **answers[-1]["stages"], "seconds": answers[-1]["seconds"]}

    def quarantined(self) -> dict[str, int]:
        """How many rows were put aside for which reason, by what the file is of."""
        found: Counter[str] = Counter()
        for file in self.var.rglob("*.quarantine.jsonl"):
            for line in file.read_text(encoding="utf-8").splitlines():
                found[f"{file.name.split('-')[0]}: {json.loads(line)['reason']}"] += 1
        return dict(found.most_common())

    def export(self, folder: Path) -> dict[str, bytes]:
        """Everything the store holds, by file name."""
        self.run("store", "export", str(folder))
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def killed_walk(walk: Walk, inputs: Inputs, base_url: str, kills: int, span: float, seed: int) -> int:
    """Walk with ``kills`` kill -9 at random moments of at most ``span`` seconds, each time begun again; kills done.

    The seed is fixed, the moments fall where the machine's speed lets them.
    """
    chance = random.Random(seed)
    done = 0
    pending: Sequence[tuple[str, ...]] = walk.steps(inputs, base_url)
    while pending:
        process = walk.start(*pending[0])
        try:
            process.communicate(timeout=chance.uniform(0.3, span) if done < kills else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            done += 1
            # An official begins again from the beginning: what was done is seen, nothing is doubled.
            pending = walk.steps(inputs, base_url)
            continue
        if process.returncode != 0:
            raise ProofFailed(f"huiying {' '.join(pending[0])} after {done} kills: exit {process.returncode}")
        pending = pending[1:]
        if not pending and done < kills:
            pending = walk.steps(inputs, base_url)
    return done
