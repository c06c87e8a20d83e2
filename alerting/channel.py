"""What every channel file shares: the base of its settings, its example, the handling of secrets."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, SecretStr

from alerting.text import one_line, plain_lines
from casework.domain.notice import Delivery, Limits, Message

VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
"""What an environment variable's name looks like."""
HIDDEN = "***"
DETAIL_LIMIT = 300


class ChannelSettings(BaseModel):
    """Base of a channel's ``Settings``: frozen, unknown keys refused, no value repeated in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SecretMissing(ValueError):
    """An environment variable that the configuration names is unset or empty. ``variable`` is its name."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        super().__init__(f"environment variable {variable} is not set; set it before the program starts")


@dataclass(frozen=True, slots=True)
class Example:
    """A working configuration of a channel; the docs print it and the contract suite runs on it.

    ``transport`` is what answers at the other end. ``good`` and ``bad`` (HTTP channels only) are bodies of
    HTTP 200 answers: taken, and refused inside the 200. ``path`` follows the configured address where a message is
    given; ``before``: path → answer of what is asked before (a token).
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    transport: Literal["local", "smtp", "http"] = "http"
    good: str = "{}"
    bad: str = ""
    path: str = ""
    before: Mapping[str, str] = field(default_factory=dict)


class AnyChannel(Protocol):
    """A built channel: the port that ``casework`` asks for."""

    name: str
    limits: Limits

    def send(self, message: Message) -> Delivery:
        """Try once. Never raises for what the other side does: the answer says whether to try again."""
        ...


def read_secret(environ: Mapping[str, str], variable: str) -> SecretStr:
    """The secret held by an environment variable. Raises SecretMissing."""
    value = environ.get(variable, "").strip()
    if not value:
        raise SecretMissing(variable)
    return SecretStr(value)


def with_link(message: Message) -> str:
    """The body, with the link on a line of its own where the text does not carry it already."""
    if message.link is None or message.link in message.body:
        return message.body
    return f"{message.body}\n{message.link}"


def group_text(message: Message) -> str:
    """The text for a group: who is meant, then the body with its link."""
    mark = "【紧急】" if message.urgent else ""
    return plain_lines(f"{mark}{one_line(message.recipient.name)}：\n{with_link(message)}")


def safe_detail(text: str, *secrets: SecretStr | None) -> str:
    """What the other side said, fit for the case's history: one line, bounded, without the channel's secrets.

    A server may repeat what it was sent, so every secret is taken out plain, base64- and URL-encoded.
    """
    text = one_line(text)
    for secret in secrets:
        plain = secret.get_secret_value() if secret else ""
        if plain:
            encoded = base64.b64encode(plain.encode()).decode()
            for form in (plain, encoded, quote(plain, safe="")):
                text = text.replace(form, HIDDEN)
    return text if len(text) <= DETAIL_LIMIT else text[: DETAIL_LIMIT - 1] + "…"
