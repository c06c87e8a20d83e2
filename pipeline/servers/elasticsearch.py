"""``make elasticsearch``: a real Elasticsearch on loopback, from its official distribution, never as root.

    python -m pipeline.servers.elasticsearch start [--port 9200]
    python -m pipeline.servers.elasticsearch stop

``start`` is idempotent and prints the server's URL as its last line. Everything lies in one folder of its own; ``stop``
ends the process whose pid is kept there and no other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from pipeline.errors import CallError
from pipeline.settings import ROOT

VERSION = "9.2.0"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256 = "bf44938a0490ba2a303d39c9cb64b38963dd08c812ce93e10816e878585bcb6b"
JAVA = 21
"""The oldest Java that this server runs on."""
USER = "huiying-es"
"""The system user that runs the server where we are root: the server refuses to run as root."""
HEAP = "1g"
TRANSPORT = 100
"""The server's second port, for other nodes, is this many above the first."""
READY = 180
"""Seconds to wait for the server to answer."""


def main(arguments: list[str] | None = None) -> int:
    """Start or stop; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.servers.elasticsearch")
    parser.add_argument("what", choices=("start", "stop"))
    parser.add_argument("--port", type=int, default=9200)
    options = parser.parse_args(arguments)
    try:
        if options.what == "stop":
            stop(home())
        else:
            sys.stdout.write(f"{start(home(), options.port)}\n")
    except CallError as error:
        sys.stderr.write(f"elasticsearch: {error}\n")
        return error.code
    return 0


def home() -> Path:
    """The server's folder: ``var/elasticsearch``, or, where we are root and others may not enter the checkout, one
    under /var/lib that is named after it."""
    folder = ROOT / "var" / "elasticsearch"
    if os.geteuid() != 0:
        return folder
    closed = [parent for parent in folder.parents if parent.exists() and not parent.stat().st_mode & 0o001]
    if not closed:
        return folder
    return Path("/var/lib") / f"huiying-elasticsearch-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


def start(folder: Path, port: int) -> str:
    """Start the server unless it runs; its URL. Raises CallError with what to do."""
    url = f"elasticsearch://127.0.0.1:{port}"
    running = _running(folder)
    if running is not None and _port(folder) == port:
        _wait(port, running)
        return url
    if running is not None:
        raise CallError(f"runs already on port {_port(folder)} (pid {running}); make elasticsearch-stop first", code=3)
    for wanted in (port, port + TRANSPORT):
        if _taken(wanted):
            raise CallError(f"port {wanted} is taken by something else; choose another with PORT=", code=3)
    java = find_java()
    program = _install(folder, port)
    _own(folder)
    pid = _launch(program, folder, java)
    _wait(port, pid)
    return url


def stop(folder: Path) -> None:
    """End the server of this folder, if it runs."""
    pid = _running(folder)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    for _ in range(300):
        if not _alive(pid):
            break
        time.sleep(0.1)
    else:
        os.kill(pid, signal.SIGKILL)
    (folder / "pid").unlink(missing_ok=True)


def find_java() -> Path:
    """A Java home of version JAVA or newer. Raises CallError that says where it was looked for."""
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    usual = [path for root in ("/usr/lib/jvm", "/opt") for path in sorted(Path(root).glob("*"), reverse=True)]
    tried = []
    for candidate in [*named, *usual]:
        version = _java_version(candidate)
        if version is not None:
            tried.append(f"{candidate} (Java {version})")
            if version >= JAVA:
                return candidate
    raise CallError(
        f"Java {JAVA} or newer is needed; looked at ES_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /opt and found "
        f"{', '.join(tried) or 'none'}; install one or set ES_JAVA_HOME",
        code=3,
    )


def _java_version(candidate: Path) -> int | None:
    program = candidate / "bin" / "java"
    if not program.is_file():
        return None
    done = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    return int(found.group(1)) if found else None


def _archive() -> Path:
    """The distribution, checked; downloaded by Maven where the cache has none. Raises CallError."""
    cache = Path(os.environ.get("HUIYING_ES_CACHE") or Path.home() / ".cache" / "huiying")
    archive = cache / f"elasticsearch-{VERSION}.zip"
    if not archive.is_file():
        if shutil.which("mvn") is None:
            raise CallError(f"{archive} is absent and there is no mvn to fetch {ARTIFACT}", code=3)
        sys.stderr.write(f"elasticsearch: fetching {ARTIFACT} (99 MB) into {cache}\n")
        cache.mkdir(parents=True, exist_ok=True)
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={cache}"]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode or not archive.is_file():
            raise CallError(f"mvn could not fetch {ARTIFACT}; put the file at {archive}", code=3)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise CallError(f"{archive}: sha256 is {found}, expected {SHA256}; delete it and run again", code=3)
    return archive


def _install(folder: Path, port: int) -> Path:
    """Unpack the program once and write its settings; the program's folder."""
    program = folder / f"elasticsearch-{VERSION}"
    if not (program / "bin" / "elasticsearch").is_file():
        _unpack(_archive(), program)
    settings = [
        "cluster.name: huiying",
        "discovery.type: single-node",
        "network.host: 127.0.0.1",
        f"http.port: {port}",
        f"transport.port: {port + TRANSPORT}",
        "xpack.security.enabled: false",
        f"path.data: {folder / 'data'}",
        f"path.logs: {folder / 'logs'}",
        # A developer's disk is often nearly full; the store itself says so when a write fails.
        "cluster.routing.allocation.disk.threshold_enabled: false",
        # A post of ten megabytes takes a ninth of this heap while it is indexed; a tenth is what a server allows.
        "indexing_pressure.memory.limit: 30%",
    ]
    (program / "config" / "elasticsearch.yml").write_text("\n".join(settings) + "\n", encoding="utf-8")
    (folder / "state.json").write_text(json.dumps({"port": port}), encoding="utf-8")
    return program


def _unpack(archive: Path, program: Path) -> None:
    """Unpack beside the place and move there last: an unpacking that was broken off is done anew."""
    partly = program.parent / "unpacking"
    shutil.rmtree(partly, ignore_errors=True)
    shutil.rmtree(program, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(partly)
        for script in (partly / program.name / "bin").iterdir():
            script.chmod(0o755)
        (partly / program.name).rename(program)
        partly.rmdir()
    except OSError as error:
        raise CallError(f"{program.parent}: cannot be written ({error.strerror}); make room", code=3) from None


def _own(folder: Path) -> None:
    """Where we are root: the system user, made once, owns the folder."""
    if os.geteuid() != 0:
        return
    if subprocess.run(["id", USER], capture_output=True, check=False).returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER], check=True)
    subprocess.run(["chown", "-R", USER, str(folder)], check=True)


def _launch(program: Path, folder: Path, java: Path) -> int:
    """Start the server as a daemon; its pid."""
    pid_file = folder / "pid"
    pid_file.unlink(missing_ok=True)
    values = {"ES_JAVA_HOME": str(java), "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}", "HOME": str(folder)}
    command = [str(program / "bin" / "elasticsearch"), "-d", "-p", str(pid_file)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", USER, "--", "env", *(f"{name}={value}" for name, value in values.items()), *command]
    done = subprocess.run(
        command, env={**os.environ, **values}, capture_output=True, text=True, check=False, cwd=folder
    )
    if done.returncode or not pid_file.is_file():
        log = f"{done.stdout}{done.stderr}".strip()[-1500:]
        raise CallError(f"did not start: {log}; see {folder / 'logs'}", code=3)
    return int(pid_file.read_text())


def _wait(port: int, pid: int) -> None:
    for _ in range(READY * 4):
        if _answers(port):
            return
        if not _alive(pid):
            raise CallError("ended while it was starting; see its log folder", code=3)
        time.sleep(0.25)
    raise CallError(f"did not answer on port {port} for {READY} s; see its log folder", code=3)


def _taken(port: int) -> bool:
    """Whether anything listens on this port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(port: int) -> bool:
    """Whether an Elasticsearch answers there (``GET /`` is not in every distribution)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health?timeout=5s", timeout=10) as answer:
            return bool(json.load(answer).get("status") in ("green", "yellow"))
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _running(folder: Path) -> int | None:
    try:
        pid = int((folder / "pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if _alive(pid) else None


def _port(folder: Path) -> int | None:
    try:
        port: int = json.loads((folder / "state.json").read_text(encoding="utf-8"))["port"]
    except (OSError, ValueError, KeyError):
        return None
    return port


def _alive(pid: int) -> bool:
    """Whether ``pid`` is a running Java of ours: a number may have been given to another process since."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"elasticsearch" in command


if __name__ == "__main__":
    sys.exit(main())
