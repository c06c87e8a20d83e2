"""``make elasticsearch``: what it says when it cannot start; that it ends nobody else's process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import CallError
from pipeline.servers import elasticsearch as server


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something else listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_of_something_else_is_said(tmp_path: Path, taken: int) -> None:
    with pytest.raises(CallError, match=f"port {taken} is taken by something else") as refused:
        server.start(tmp_path, taken)
    assert refused.value.code == 3
    assert list(tmp_path.iterdir()) == []


def test_the_second_port_is_looked_at_too(tmp_path: Path, taken: int) -> None:
    with pytest.raises(CallError, match=f"port {taken} is taken by something else"):
        server.start(tmp_path, taken - server.TRANSPORT)


def _fake_java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return folder


def test_java_named_first_is_taken_when_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = _fake_java(tmp_path / "old", "17.0.2"), _fake_java(tmp_path / "new", "21")
    monkeypatch.setenv("ES_JAVA_HOME", str(old))
    monkeypatch.setenv("JAVA_HOME", str(new))
    assert server.find_java() == new


def test_no_java_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(_fake_java(tmp_path / "old", "1.8.0_292")))
    monkeypatch.setattr(server, "JAVA", 999)
    with pytest.raises(CallError, match=r"ES_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /opt and found .*old \(Java 1\)"):
        server.find_java()


def test_a_damaged_distribution_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_ES_CACHE", str(tmp_path))
    (tmp_path / f"elasticsearch-{server.VERSION}.zip").write_bytes(b"half a file")
    with pytest.raises(CallError, match=r"sha256 is [0-9a-f]{64}, expected .*delete it"):
        server._archive()


def test_an_unpacking_broken_off_is_done_anew(tmp_path: Path) -> None:
    program = tmp_path / f"elasticsearch-{server.VERSION}"
    archive = tmp_path / "it.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(f"{program.name}/bin/elasticsearch", "#!/bin/sh\n")
        packed.writestr(f"{program.name}/lib/it.jar", "x")
    left = tmp_path / "unpacking" / program.name / "bin"
    left.mkdir(parents=True)
    (left / "rest").write_text("of an unpacking that was killed")
    server._unpack(archive, program)
    assert sorted(path.name for path in program.rglob("*") if path.is_file()) == ["elasticsearch", "it.jar"]
    assert os.access(program / "bin" / "elasticsearch", os.X_OK)
    assert not (tmp_path / "unpacking").exists()


def test_stop_ends_no_process_that_is_not_ours(tmp_path: Path) -> None:
    """The number in the file may have been given to another process since."""
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (tmp_path / "pid").write_text(str(other.pid))
        server.stop(tmp_path)
        assert other.poll() is None
    finally:
        other.communicate(b"\n")


def test_the_command_ends_with_three(taken: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(server, "home", lambda: tmp_path)
    said: list[str] = []
    monkeypatch.setattr(sys.stderr, "write", said.append)
    assert server.main(["start", "--port", str(taken)]) == 3
    assert "choose another with PORT=" in "".join(said)
    assert server.main(["stop"]) == 0
