"""``huiying serve``: starts the pages by name only, the single upward reference."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from pipeline.errors import CallError
from pipeline.settings import Settings, settings

APP = "dashboards.app:create_app"
"""The pages' factory; they read HUIYING_STORE and HUIYING_CONFIG from the environment."""


def check_port(host: str, port: int) -> None:
    """Raise CallError (exit 3) when the port cannot be taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CallError(
                f"--port {port} on {host}: {error.strerror}; end what uses it or choose another with --port", code=3
            ) from None


def _checked(chosen: Settings) -> str:
    """The office's name. Raises what its folder, the store or the signing key has against a start."""
    from pipeline.accounts import secret_key
    from pipeline.wiring import Context

    joined = Context(chosen)
    name, _ = joined.office.name, joined.store
    joined.close()
    secret_key(chosen.var)
    return name


def serve(host: str, port: int, store: str | None, config: Path | None, as_json: bool = False) -> int:
    """Serve the pages until Ctrl-C; ``as_json``: where, as one line on standard output."""
    import uvicorn

    check_port(host, port)
    chosen = settings(store, config)
    name, url = _checked(chosen), f"http://{host}:{port}/"
    sys.stderr.write(f"{name}: {url} (Ctrl-C ends)\n")
    if as_json:
        sys.stdout.write(json.dumps({"office": name, "url": url}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    os.environ["HUIYING_STORE"] = chosen.store
    os.environ["HUIYING_CONFIG"] = str(chosen.config)
    uvicorn.run(APP, factory=True, host=host, port=port, log_level="warning", server_header=False)
    return 0
