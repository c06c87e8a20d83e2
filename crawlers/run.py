"""``collect``: one source, once, in a process of its own, into files."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.errors import CollectError
from crawlers.plain import pack
from crawlers.run_log import Run, add_run, log_path
from crawlers.source_base import EXAMPLE_CONTACT
from crawlers.source_folder import find_source
from crawlers.source_model import Source

_GRACE = 20
"""Seconds a crawl gets after Ctrl-C to give its files their names."""
_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True, slots=True)
class CollectResult:
    """What one run of a source gave. ``read`` counts all rows, known ones too."""

    new: int
    changed: int
    quarantined: int
    state: str
    reason: str | None
    read: int = 0
    files: tuple[Path, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The contract's entry ``stages.collect.SOURCE``."""
        return {
            "new": self.new,
            "changed": self.changed,
            "quarantined": self.quarantined,
            "state": self.state,
            "reason": self.reason,
        }


def collect(
    source_id: str,
    out_dir: Path,
    state_dir: Path,
    base_url: str | None = None,
    full: bool = False,
    now: datetime | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> CollectResult:
    """Collect one source; lines go to ``out_dir/SOURCE-TIME.jsonl``, refused rows beside them.

    ``now`` (aware; default: the clock) is the ``collected_at`` of every line. ``overrides``: the office's own keys by
    source id. Raises CollectError where the call or the configuration is wrong; a site that stops us is a result
    (``state`` stopped), and so is a crawl that broke (failed).
    """
    source = find_source(source_id, overrides)
    now = now if now is not None else datetime.now(UTC)
    if now.tzinfo is None:
        raise CollectError("--now", "", f"found {now}", "write the time with its offset")
    log = log_path(state_dir.absolute(), source.id)
    started = time.monotonic()
    try:
        check_allowed(source, base_url)
    except CollectError as error:
        if base_url is None:
            _note(log, now, {"state": "failed", "reason": str(error)}, started)
        raise
    job = {
        "source": pack(source),
        "out": str(out_dir.absolute()),
        "state": str(state_dir.absolute()),
        "base_url": base_url,
        "full": full,
        "now": now.isoformat(),
    }
    answer = _run(job)
    _note(log, now, answer, started)
    return _result(answer)


def _note(log: Path, now: datetime, answer: Mapping[str, Any], started: float) -> None:
    """A line in the source's log of runs, by which the watch knows how it fares."""
    if "error" in answer:
        # Where the state cannot be written the log cannot either: the first error is the one to tell.
        with contextlib.suppress(CollectError):
            reason = str(CollectError(*answer["error"]))
            add_run(log, Run(now, "failed", reason))
        return
    counts = {name: answer[name] for name in ("read", "new", "changed", "quarantined") if name in answer}
    seconds = round(time.monotonic() - started, 1)
    add_run(log, Run(now, answer["state"], answer["reason"], seconds, **counts, **answer.get("watch", {})))


def check_allowed(source: Source, base_url: str | None) -> None:
    """Whether this source may be asked at all. Raises CollectError with what is missing."""
    check_secrets(source, os.environ)
    if base_url is not None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CollectError("--base-url", "", f"found {base_url!r}", "write http://HOST:PORT")
        if parts.hostname not in source.hosts and _is_local(parts.hostname):
            return
        if source.secrets():
            raise CollectError(
                "--base-url",
                "",
                f"found {parts.hostname}",
                "the office's key goes to its platform or this machine only",
            )
    if source.needs_permission and not source.permission:
        raise CollectError(
            f"{source.id}/source.yml",
            "permission",
            "none",
            "write the number of the site's written permission",
        )
    host = re.split(r"@|//", source.contact)[-1].split("/")[0]
    if host.endswith(EXAMPLE_CONTACT):
        raise CollectError(
            f"{source.id}/source.yml",
            "contact",
            f"found the example {source.contact!r}",
            "write the office's own address in sources.yml: the sites must know whom to call",
        )


def check_secrets(source: Source, environment: Mapping[str, str]) -> None:
    """Whether the keys that the source needs are there. Raises CollectError; it never shows a key."""
    for name in source.secrets():
        key = environment.get(name, "").strip()
        if re.fullmatch(r"[\x21-\x7e]+", key):
            continue
        raise CollectError(
            f"{source.id}/source.yml",
            "key_env",
            f"{name} is {'no key' if key else 'not set'} in the environment",
            f"set {name} to the office's own key (docs: how-to/weibo); without one, write"
            f" {source.id}: {{enabled: false}} in sources.yml",
        )


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _run(job: dict[str, Any]) -> dict[str, Any]:
    """Start the worker with the job and wait for its answer."""
    root = Path(__file__).resolve().parent.parent
    # -P: the caller's folder may be any and hold a folder of the same name; the packages lie in the checkout.
    command = [sys.executable, "-P", "-m", "crawlers.process"]
    paths = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        _running.add(process)
        try:
            process.stdin.write(json.dumps(job, ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
            printed = process.stdout.read()
            status = process.wait()
        except KeyboardInterrupt:
            _let_finish(process)
            raise
        except BrokenPipeError:
            printed, status = b"", process.wait()
        finally:
            _running.discard(process)
    lines = printed.decode("utf-8", "replace").strip().splitlines()
    if status != 0 or not lines:
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        return _broken(f"the crawling process ended with {how}; what it had not finished is read again next time")
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def let_all_finish() -> None:
    """Tell every crawl that other threads of this process wait for to publish what it has and end."""
    for process in tuple(_running):
        process.send_signal(signal.SIGINT)


def _let_finish(process: subprocess.Popen[bytes]) -> None:
    # Ctrl-C reaches the worker too: it closes the crawl and publishes what it has.
    try:
        process.wait(_GRACE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()


def _broken(reason: str) -> dict[str, Any]:
    return {"new": 0, "changed": 0, "quarantined": 0, "state": "failed", "reason": reason}


def _result(answer: dict[str, Any]) -> CollectResult:
    if "error" in answer:
        raise CollectError(*answer["error"])
    files = tuple(Path(path) for path in answer.pop("files", ()))
    answer.pop("watch", None)
    return CollectResult(files=files, **answer)
