"""A certificate for localhost, made for one test session with the ``openssl`` command of the machine."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A self-signed certificate and its key in one PEM file; skips where there is no openssl."""
    command = shutil.which("openssl")
    if command is None:
        pytest.skip("no openssl command to make a certificate with")
    key, certificate, both = folder / "key.pem", folder / "cert.pem", folder / f"{name}.pem"
    call = [command, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    call += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    call += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(call, check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    return both


def server_context(certificate: Path) -> ssl.SSLContext:
    """TLS for a server with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
