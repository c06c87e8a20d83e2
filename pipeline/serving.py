"""``huiying serve``: starts the pages by name only, the single upward reference."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from pipeline.errors import CallError
from pipeline.settings import settings

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


def serve(host: str, port: int, store: str | None, config: Path | None) -> int:
    """Serve the pages until Ctrl-C."""
    import uvicorn

    check_port(host, port)
    chosen = settings(store, config)
    os.environ["HUIYING_STORE"] = chosen.store
    os.environ["HUIYING_CONFIG"] = str(chosen.config)
    uvicorn.run(APP, factory=True, host=host, port=port, log_level="warning", server_header=False)
    return 0
