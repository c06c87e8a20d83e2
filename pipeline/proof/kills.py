"""A crawl of many pages, killed with kill -9 at random moments and begun again: what was lost, doubled, fetched twice.

``python -m pipeline.proof.kills [--pages 5000] [--kills 50]``, on a replica of our own making. Half of the moments
are counted in pages served, so that they spread over the crawl; the others fall within the first seconds of a run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.domain.times import SHANGHAI, show_time
from crawlers.replica import Replica, serve_replica
from pipeline.settings import ROOT

SOURCE = "henan_gov"
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI)
PER_LIST = 20
MOST_TWICE = 0.02


def articles(pages: int) -> list[dict[str, Any]]:
    """Invented articles, so many that they and their two lists of list pages are about ``pages`` pages."""
    number = round(pages / (1 + 2 / PER_LIST))
    return [
        {
            "source": SOURCE,
            "native_id": str(6_000_000 + n),
            "kind": "news",
            "title": f"示例区公布第{n}号办理结果",
            "text": f"第{n}号事项已经办理完毕，有关部门将继续跟进后续工作。\n" * 5,
            "published_at": show_time(NOW - timedelta(minutes=97 * (n + 1))),
            "collected_at": show_time(NOW),
        }
        for n in range(number)
    ]


def run(pages: int, kills: int, seed: int, folder: Path) -> dict[str, Any]:
    """Crawl with so many kills; the counts, and ``ok``."""
    posts = articles(pages)
    chance = random.Random(seed)
    with serve_replica(posts) as replica:
        done = 0
        while done < kills:
            process = _start(replica, folder)
            if _kill(process, replica, chance, pages / kills):
                done += 1
            else:
                raise RuntimeError(f"the crawl ended by itself after {done} kills: {process.returncode}")
        process = _start(replica, folder)
        answer, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"exit {process.returncode}: {errors.decode()[-2000:]}")
        asked = Counter(path for _, _, path, _ in replica.asked)
        again = _start(replica, folder)
        second = json.loads(again.communicate()[0])["stages"]["collect"][SOURCE]
    last = json.loads(answer)["stages"]["collect"][SOURCE]
    return _judged(posts, folder, asked, kills, {"last": last, "second": second})


def _start(replica: Replica, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", "collect", SOURCE, "--base-url", replica.base_url, "--json"]
    places = ["--out", str(folder / "out"), "--state", str(folder / "state")]
    return subprocess.Popen(
        [*command, *places, "--config", str(_office(folder))],
        cwd=ROOT,
        env={**os.environ, "HUIYING_VAR": str(folder / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _office(folder: Path) -> Path:
    """The default office, whose walk over the lists has no end before theirs."""
    office = folder / "office"
    if not office.exists():
        shutil.copytree(ROOT / "config", office)
        (office / "sources.yml").write_text(f"sources: {{{SOURCE}: {{walk: {{usual: 2, most: 2000}}}}}}\n", "utf-8")
    return office


def _kill(process: subprocess.Popen[bytes], replica: Replica, chance: random.Random, share: float) -> bool:
    """Kill it and its crawl at a random moment; False where it ended before."""
    begun, already = time.monotonic(), len(replica.asked)
    pages = chance.uniform(0, 1.9 * share) if chance.random() < 0.8 else None
    seconds = chance.uniform(0, 2.5)
    while process.poll() is None:
        served = len(replica.asked) - already
        if served >= pages if pages is not None else (time.monotonic() - begun >= seconds or served > share):
            time.sleep(chance.uniform(0, 0.01))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
        time.sleep(0.001)
    return False


def _judged(
    posts: list[dict[str, Any]], folder: Path, asked: Counter[str], kills: int, runs: dict[str, Any]
) -> dict[str, Any]:
    files = sorted((folder / "out").glob("*[0-9].jsonl"))
    found = Counter(json.loads(line)["native_id"] for file in files for line in file.read_text("utf-8").splitlines())
    wanted = {post["native_id"] for post in posts}
    robots = asked.pop("/robots.txt")
    twice = sum(number - 1 for number in asked.values())
    result = {
        "pages": len(asked),
        "articles": len(wanted),
        "kills": kills,
        "lost": len(wanted - found.keys()),
        "doubled": sum(number - 1 for number in found.values()),
        "fetched_twice": twice,
        "share_fetched_twice": round(twice / len(asked), 4),
        "robots_txt": robots,
        "files": len(files),
        **runs,
    }
    nothing_new = runs["second"]["new"] == runs["second"]["changed"] == 0
    right = result["lost"] == result["doubled"] == 0 and found.keys() == wanted
    result["ok"] = right and nothing_new and twice <= MOST_TWICE * len(asked)
    return result


def main() -> int:
    """Run; 0 when nothing was lost, nothing doubled and at most 2 % fetched twice."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.proof.kills")
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(options.pages, options.kills, options.seed, Path(folder))
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
