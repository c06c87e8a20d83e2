"""``python -m crawlers.replica``: the practice site on loopback, until Ctrl-C; for the how-to page and its test."""

from __future__ import annotations

import argparse
import sys
import threading

from crawlers.replica.server import Replica
from crawlers.replica.sites.county import ROBOTS, CountySite


def main() -> int:
    """Serve on the port that is asked for; 2 where it is taken."""
    parser = argparse.ArgumentParser(prog="python -m crawlers.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=8700)
    port = parser.parse_args().port
    try:
        replica = Replica([CountySite()], (), ROBOTS, 200, port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"--port {port}: {error}: choose another port\n")
        return 2
    replica.start()
    sys.stdout.write(f"{CountySite.hosts[0]}: {replica.base_url} (Ctrl-C ends it)\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        replica.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
