"""The administrative divisions of China as one compact file, and how it is made again.

``config/divisions.tsv.gz``: lines ``code<TAB>name``, province (2 digits) to street (9 digits), in code order; lines
that begin with ``#`` name source and snapshot. Codes and names are public facts (民政部, 统计用区划代码). Made again by
``python -m nlp.divisions FOLDER`` from the lists ``admin_{provinces,cities,areas,streets}.csv.gz``.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.datasets import find, rows
from nlp.settings import DEFAULT

FILE = "divisions.tsv.gz"
_LISTS = ("admin_provinces", "admin_cities", "admin_areas", "admin_streets")
_HEADER = (
    "# 行政区划:省(2位)、市(4位)、县(6位)、街道乡镇(9位);代码与名称为民政部门和统计部门公布的事实\n"
    "# source: modood/Administrative-divisions-of-China dist @57a0aa9c, snapshot 2024-11-28\n"
)
_SHELLS = ("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "县")
"""Names at city level that are no places: they are left out of a path."""


class DivisionsError(RuntimeError):
    """The list of divisions is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Division:
    """A place. ``code``: 2, 4, 6 or 9 digits as in the list; ``public``: six digits, nine for a street."""

    code: str
    name: str

    @property
    def public(self) -> str:
        """The code as the contract shows it: filled with zeros to six digits."""
        return self.code.ljust(6, "0")


def read_divisions(folder: Path = DEFAULT) -> Iterator[Division]:
    """All divisions, shells left out. DivisionsError names the file and how to make it again."""
    path = folder / FILE
    path = path if path.is_file() else DEFAULT / FILE
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DivisionsError(
            f"{path}: the list of places cannot be read ({error}); make it again: python -m nlp.divisions FOLDER"
        ) from None
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        code, tab, name = line.partition("\t")
        if not tab:
            raise DivisionsError(
                f"{path}: line {line[:20]!r} is not code<TAB>name; make it again: nlp.divisions FOLDER"
            )
        if name not in _SHELLS:
            yield Division(code, name)


def write_divisions(source: Path, target: Path) -> int:
    """Make ``target`` from the lists in ``source``; the number of places. The same lists give the same bytes."""
    found = {row["code"]: row["name"] for name in _LISTS for row in rows(find(source, name), ("code", "name"))}
    lines = [f"{code}\t{found[code]}\n" for code in sorted(found)]
    target.write_bytes(gzip.compress((_HEADER + "".join(lines)).encode("utf-8"), 9, mtime=0))
    return len(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{write_divisions(Path(sys.argv[1]), DEFAULT / FILE)} places\n")
