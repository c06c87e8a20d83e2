"""The process in which one source is crawled: job in on standard input, result out on standard output.

Apart, because Twisted's reactor cannot be started twice, and because a crawl that is killed takes nothing along.
Most of what a run with nothing new costs is loading what crawls, so this is loaded with care.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from typing import Any

from crawlers.errors import CollectError


def _load() -> None:
    """Load what crawls. What is loaded stays, so looking for garbage in it meanwhile, and ever after, is in vain."""
    gc.disable()
    # First and from here: Scrapy names its outdated classes by looking through the whole stack at every module
    # loaded (inspect.stack), which deep down and late costs a tenth of a run with nothing new.
    import scrapy.core.downloader.tls  # noqa: I001
    import scrapy.core.downloader.contextfactory
    import scrapy.core.downloader.handlers.http11  # noqa: F401
    import crawlers.worker  # noqa: F401

    gc.freeze()
    gc.enable()


def _die_with_parent() -> None:
    # The caller holds our standard input open; its end means that the caller is gone. os.read, since a thread
    # inside the buffered reader would hinder the interpreter's end.
    while os.read(0, 1024):
        pass
    os._exit(3)


def _read_job() -> dict[str, Any]:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece:
            os._exit(3)
        line += piece
    job: dict[str, Any] = json.loads(line)
    return job


def main() -> int:
    """Read the job, crawl, print the result; a mistake that a person has to put right is printed as ``error``."""
    job = _read_job()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _load()
    from crawlers.worker import run_job

    try:
        answer = run_job(job)
    except CollectError as error:
        answer = {"error": [error.file, error.place, error.found, error.do]}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
