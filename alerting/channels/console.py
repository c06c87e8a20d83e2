"""The console: notices on standard error, for a first look and as the channel that is always there."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from alerting.channel import ChannelSettings, Example, with_link
from alerting.text import one_line, plain_lines
from casework.domain.notice import Delivery, Limits, Message


class Settings(ChannelSettings):
    """Nothing to set."""


EXAMPLE = Example(transport="local")


class Channel:
    """Writes a notice to standard error: standard output belongs to the command's answer (``--json``)."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits()

    def send(self, message: Message) -> Delivery:
        """Write the notice. A closed or full standard error is worth another try."""
        mark = "【紧急】" if message.urgent else ""
        head = f"── {mark}{one_line(message.recipient.name)} ── {one_line(message.subject)}"
        try:
            sys.stderr.write(f"{head}\n{plain_lines(with_link(message))}\n\n")
            sys.stderr.flush()
        except (OSError, ValueError) as error:
            return Delivery(ok=False, retry=True, detail=f"standard error: {type(error).__name__}")
        return Delivery(ok=True, detail="written to standard error")
