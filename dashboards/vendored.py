"""Scripts of others that our pages use, as their makers built them: ``make vendor`` fetches them from npm again.

They are served by us, since no page asks another host for anything; their licences lie beside them. A file that is not
what is named here is refused.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Vendored:
    """A file of an npm package: ``member`` of ``package`` (name@version) becomes ``file`` with this SHA-256."""

    package: str
    member: str
    file: str
    sha256: str


FILES = (
    Vendored(
        "htmx.org@2.0.11",
        "dist/htmx.min.js",
        "htmx.min.js",
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    ),
    Vendored(
        "htmx.org@2.0.11", "LICENSE", "htmx.LICENSE", "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38"
    ),
    Vendored(
        "echarts@6.1.0",
        "dist/echarts.min.js",
        "echarts.min.js",
        "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
    ),
    Vendored(
        "echarts@6.1.0",
        "LICENSE",
        "echarts.LICENSE",
        "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
    ),
    Vendored(
        "echarts@6.1.0", "NOTICE", "echarts.NOTICE", "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016"
    ),
)


def faults() -> Iterator[str]:
    """What is wrong with the files that lie there: missing, or other bytes than those named."""
    for one in FILES:
        path = FOLDER / one.file
        if not path.exists():
            yield f"{path}: missing; run: make vendor"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            yield f"{path}: is not {one.member} of {one.package}; run: make vendor"


def fetch() -> None:
    """Every file anew. OSError, subprocess.CalledProcessError or tarfile.TarError: npm is missing or did not answer."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        for package in sorted({one.package for one in FILES}):
            command = ["npm", "pack", "--silent", package]
            done = subprocess.run(command, cwd=kept, capture_output=True, text=True, timeout=300, check=True)
            with tarfile.open(Path(kept) / done.stdout.split()[-1]) as archive:
                for one in FILES:
                    member = archive.extractfile(f"package/{one.member}") if one.package == package else None
                    if member is not None:
                        (FOLDER / one.file).write_bytes(member.read())


if __name__ == "__main__":
    try:
        fetch()
    except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
        sys.exit(f"npm could not fetch what the pages use: {error}")
    sys.exit("\n".join(faults()) or None)
