"""E-mail over SMTP: STARTTLS or TLS from the first byte; never a password over an open line."""

from __future__ import annotations

import contextlib
import hashlib
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from typing import Literal

from pydantic import Field, model_validator

from alerting.channel import VARIABLE, ChannelSettings, Example, read_secret, safe_detail, with_link
from alerting.text import one_line, plain_lines
from casework.domain.notice import Delivery, Limits, Message, Recipient

_HOST = r"^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$|^[0-9A-Fa-f:]+$"
_ADDRESS = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
_PORTS = {"implicit": 465, "starttls": 587, "none": 25}


class Settings(ChannelSettings):
    """Where and as whom to send.

    ``security``: ``starttls`` (port 587), ``implicit`` (TLS from the first byte, port 465) or ``none``
    (port 25, an inner relay without log-in). ``password_env`` names the variable that holds the password.
    ``ca_file``: the office's own certificate authority (PEM). ``timeout``: seconds for each step.
    """

    host: str = Field(pattern=_HOST, max_length=253)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "implicit", "none"] = "starttls"
    sender: str = Field(pattern=_ADDRESS)
    sender_name: str = ""
    username: str | None = Field(default=None, pattern=r"^[!-~]+$")
    password_env: str | None = Field(default=None, pattern=VARIABLE)
    ca_file: str | None = None
    timeout: float = Field(default=20.0, gt=0, le=120)

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if (self.username is None) != (self.password_env is None):
            raise ValueError("username and password_env belong together; write both or neither")
        if self.username is not None and self.security == "none":
            raise ValueError("none would send the password in the clear; write security: starttls or implicit")
        return self


EXAMPLE = Example(
    settings={
        "host": "smtp.example.gov.cn",
        "security": "starttls",
        "sender": "huiying@example.gov.cn",
        "sender_name": "政务舆情回应",
        "username": "huiying",
        "password_env": "HUIYING_MAIL_PASSWORD",
    },
    transport="smtp",
)


class Channel:
    """Sends one message a connection: alarms are few, and a kept connection is one that broke unseen."""

    def __init__(self, name: str, settings: Settings, environ: Mapping[str, str]) -> None:
        self.name = name
        self.limits = Limits()
        self._settings = settings
        self._password = read_secret(environ, settings.password_env) if settings.password_env else None
        if self._password is not None and not self._password.get_secret_value().isascii():
            # smtplib encodes log-ins as ASCII (RFC 4954 leaves others to the server).
            raise ValueError(f"password_env: variable {settings.password_env} is not ASCII; choose a password that is")
        self._context: ssl.SSLContext | None = None
        if settings.security != "none":
            self._context = _context(settings.ca_file)

    def send(self, message: Message) -> Delivery:
        """Send to the recipient's address. What the server refuses for good (5xx) is not tried again."""
        try:
            address = _address(message.recipient)
        except ValueError as error:
            return Delivery(ok=False, detail=str(error))
        try:
            self._deliver(self._compose(message, address), address.addr_spec)
        except (smtplib.SMTPException, OSError) as error:
            retry, detail = _judge(error, self._settings)
            return Delivery(ok=False, retry=retry, detail=safe_detail(detail, self._password))
        return Delivery(ok=True, detail=f"taken by {self._settings.host}")

    def _deliver(self, mail: EmailMessage, to: str) -> None:
        with contextlib.closing(self._connect()) as server:
            server.send_message(mail, self._settings.sender, [to])
            # The server took the mail: a bad good-bye must not make it look unsent.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        port = settings.port or _PORTS[settings.security]
        server: smtplib.SMTP
        if settings.security == "implicit":
            server = smtplib.SMTP_SSL(settings.host, port, timeout=settings.timeout, context=self._context)
        else:
            server = smtplib.SMTP(settings.host, port, timeout=settings.timeout)
        try:
            if settings.security == "starttls":
                server.starttls(context=self._context)
            if settings.username is not None and self._password is not None:
                server.login(settings.username, self._password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _compose(self, message: Message, address: Address) -> EmailMessage:
        settings = self._settings
        user, _, domain = settings.sender.rpartition("@")
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(one_line(settings.sender_name), user, domain)
        mail["To"] = address
        mail["Subject"] = one_line(message.subject)
        mail["Date"] = format_datetime(localtime())
        # The same at every try: a mailbox shows a notice once though a lost answer made us send it twice.
        mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            mail["Importance"] = "high"
            mail["X-Priority"] = "1"
        mail.set_content(plain_lines(with_link(message)) + "\n", charset="utf-8", cte="base64")
        return mail


def _context(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise ValueError(f"ca_file: {ca_file} is not a file of PEM certificates; write its path") from None


def _address(recipient: Recipient) -> Address:
    if not recipient.email:
        raise ValueError(f"{recipient.id}: no e-mail address; write one beside this contact in departments.yml")
    if not re.match(_ADDRESS, recipient.email):
        raise ValueError(f"{recipient.id}: the e-mail address is not of the form name@host (ASCII); correct it")
    user, _, domain = recipient.email.partition("@")
    return Address(one_line(recipient.name), user, domain)


def _judge(error: Exception, settings: Settings) -> tuple[bool, str]:
    """Whether another try can help, and what to tell. RFC 5321 4.2.1: 4yz transient, 5yz permanent."""
    host = settings.host
    if isinstance(error, smtplib.SMTPNotSupportedError):
        wanted = "STARTTLS" if settings.security == "starttls" else "log-in"
        return False, f"{host} does not offer {wanted} or the log-in we need; nothing was sent in the clear"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        hint = f"log-in refused; check username and the variable {settings.password_env}"
        return error.smtp_code < 500, f"{host}: {error.smtp_code} {hint}: {_text(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return code < 500, f"{host}: {code} recipient refused: {_text(answer)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500, f"{host}: {error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return False, f"{host}: certificate not accepted ({why}); set ca_file if it is the office's own"
    # smtplib hides a time-out while reading inside an SMTPServerDisconnected.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return True, f"{host}: no answer within {settings.timeout:g} s"
    return True, f"{host}: {type(error).__name__}: connection failed or broke"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
