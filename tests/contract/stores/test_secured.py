"""A server that asks for a password: the right one works, a wrong one is said, none is ever shown."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casework.ports import Unavailable
from casework.stores.open import open_store
from pipeline.errors import CallError
from pipeline.servers import elasticsearch as program
from tests.contract.stores.conftest import ELASTIC, server
from tests.contract.stores.things import post, put

pytestmark = [*ELASTIC, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "right/and@odd:1"
QUOTED = "right%2Fand%40odd%3A1"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _secure(folder: Path, port: int, java: Path) -> Path:
    """The program with security on and a first password."""
    home = program._install(folder, port)
    settings = home / "config" / "elasticsearch.yml"
    text = settings.read_text(encoding="utf-8")
    assert "xpack.security.enabled: false" in text
    settings.write_text(text.replace("xpack.security.enabled: false", "xpack.security.enabled: true"), encoding="utf-8")
    keystore = [home / "bin" / "elasticsearch-keystore"]
    values = {**os.environ, "ES_JAVA_HOME": str(java)}
    subprocess.run([*keystore, "create"], env=values, check=True, capture_output=True)
    add = [*keystore, "add", "-x", "bootstrap.password"]
    subprocess.run(add, env=values, check=True, capture_output=True, input=PASSWORD.encode())
    return home


@pytest.fixture(scope="module")
def secured(need_absent: Callable[[str, str], None]) -> Iterator[str]:
    """``host:port`` of a server of its own that knows the user ``elastic``."""
    if server() is None:
        need_absent("elasticsearch", "no server: make elasticsearch, or name one in HUIYING_ELASTICSEARCH")
    # Not below pytest's folder: where we are root, the server's user may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="huiying-secured-"))
    folder.chmod(0o755)
    try:
        java, port = program.find_java(), _free_port()
        home = _secure(folder, port, java)
        program._own(folder)
        program._launch(home, folder, java)
        _wait(f"elasticsearch://elastic:{QUOTED}@127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    except CallError as error:
        need_absent("elasticsearch", f"a server with a password cannot be started here: {error}")
    finally:
        program.stop(folder)
        shutil.rmtree(folder)


def _wait(url: str) -> None:
    for _ in range(120):
        try:
            open_store(url).close()
        except Unavailable:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"{url.rsplit('@')[-1]} did not answer within a minute")


@pytest.fixture(autouse=True)
def _no_log_in_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUIYING_ES_USER", "HUIYING_ES_PASSWORD", "HUIYING_ES_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_the_password_of_the_url_opens(secured: str) -> None:
    store = open_store(f"elasticsearch://elastic:{QUOTED}@{secured}/?prefix=url")
    assert put(store, post(1)) == ["new"]
    assert store.url == f"elasticsearch://{secured}/?prefix=url"


def test_the_password_of_the_environment_opens(secured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_ES_USER", "elastic")
    monkeypatch.setenv("HUIYING_ES_PASSWORD", PASSWORD)
    store = open_store(f"elasticsearch://{secured}/?prefix=environment")
    assert put(store, post(1)) == ["new"]


@pytest.mark.parametrize("login", ["elastic:wrong-secret@", "nobody:wrong-secret@", "elastic@", ""])
def test_a_wrong_password_is_said_and_not_shown(secured: str, login: str) -> None:
    with pytest.raises(Unavailable, match="user or password refused; set HUIYING_ES_USER") as refused:
        open_store(f"elasticsearch://{login}{secured}")
    assert "wrong-secret" not in str(refused.value)


def test_a_wrong_key_is_said(secured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_ES_API_KEY", "d3Jvbmctc2VjcmV0Ondyb25n")
    with pytest.raises(Unavailable, match="user or password refused"):
        open_store(f"elasticsearch://{secured}")


def test_the_command_line_ends_with_three(secured: str) -> None:
    url = f"elasticsearch://elastic:wrong-secret@{secured}"
    command = [sys.executable, "-m", "pipeline.cli", "case", "list", "--store", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "user or password refused" in done.stderr
    assert "wrong-secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
