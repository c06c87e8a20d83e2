"""Which files make up an office: those of its folder and, where it extends another office, some of that one's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from casework.config.mistakes import Mistake, one_of, shown
from casework.config.reading import line_of, read_yaml

SINGLE = (
    *("office.yml", "departments.yml", "routing.yml", "opening.yml", "dispositions.yml", "escalation.yml"),
    *("roles.yml", "retention.yml", "sources.yml", "channels.yml", "topics.yml", "severity.yml", "nlp.yml"),
    *("roster.yml", "emergency.yml", "marks.yml"),
)
"""Files of which an office has one (of the last three: at most one)."""
FOLDERS = ("deadlines", "calendar")
"""Folders with one file a rule, a year."""
OTHER = ("imports", "examples", "templates")
"""Folders that are read elsewhere."""


@dataclass(slots=True)
class Folder:
    """The files of an office by their name in it (``routing.yml``, ``calendar/2026.yml``), and what is wrong."""

    path: Path
    files: dict[str, Path] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    partial: bool = False
    """Whether the folder that this one extends could not be used: then a missing file is no news."""

    def shown(self, name: str) -> str:
        """How a file is named to people: from where they stand, where that is shorter."""
        path = self.files.get(name, self.path / name)
        here = Path.cwd()
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()

    def read(self, name: str) -> Any:
        """The value of a file, read once; None where it is missing or broken (then there is a mistake)."""
        if name not in self.values:
            self.values[name] = None
            if name in self.files:
                self.values[name], found = read_yaml(self.files[name], self.shown(name))
                self.mistakes.extend(found)
        return self.values[name]

    def with_line(self, mistake: Mistake) -> Mistake:
        """The mistake with the line of its place, where the file has one."""
        paths = [path for name, path in self.files.items() if self.shown(name) == mistake.file]
        if mistake.line is not None or not paths:
            return mistake
        return replace(mistake, line=line_of(paths[0], mistake.path))

    def inside(self, folder: str) -> list[str]:
        """Names of the files in one of FOLDERS, sorted."""
        return sorted(name for name in self.files if name.startswith(f"{folder}/"))

    def digest(self) -> str:
        """SHA-256 over names and bytes of all files, so that a run can say by which configuration it went."""
        total = hashlib.sha256()
        for name in sorted(self.files):
            total.update(f"{name}\0".encode())
            total.update(hashlib.sha256(self.files[name].read_bytes()).digest())
        return total.hexdigest()


def open_folder(path: Path, above: tuple[Path, ...] = ()) -> Folder:
    """Find the files of an office. ``above`` are the folders that extend this one."""
    folder = Folder(path.resolve())
    if not folder.path.is_dir():
        name = path.as_posix()
        folder.mistakes.append(Mistake(name, "(the folder)", "no such folder", "name a folder with an office.yml"))
        return folder
    try:
        folder.files = dict(_own(folder))
    except OSError as error:
        found = f"cannot be listed ({error.strerror})"
        folder.mistakes.append(Mistake(folder.shown(""), "(the folder)", found, "make it readable"))
        return folder
    if "office.yml" not in folder.files:
        folder.mistakes.clear()  # no office at all: what else lies there is none of ours
        write = "write who the office is; config/office.yml shows how"
        folder.mistakes.append(Mistake(folder.shown("office.yml"), "(the whole file)", "missing", write))
        return folder
    office = folder.read("office.yml")
    extends = office.get("extends") if isinstance(office, dict) else None
    if isinstance(extends, dict):
        _extend(folder, extends, (*above, folder.path))
    return folder


def find_file(path: Path, name: str) -> Path | None:
    """Where an office keeps a file (``topics.yml``): in its folder or the one it extends; None: nowhere."""
    return open_folder(path).files.get(name)


def _own(folder: Folder) -> Iterator[tuple[str, Path]]:
    """The files of the folder itself; what nobody would ever read is a mistake."""
    for path in sorted(folder.path.iterdir()):
        name = path.name
        if name.startswith(".") or (path.is_dir() and name in OTHER):
            continue
        if path.is_dir() and name in FOLDERS:
            for inner in sorted(path.iterdir()):
                if inner.suffix == ".yml":
                    yield f"{name}/{inner.name}", inner
                elif not inner.name.startswith("."):
                    _stray(folder, f"{name}/{inner.name}", "name it with .yml at the end, or take it out")
        elif name in SINGLE:
            yield name, path
        elif path.suffix in (".yml", ".yaml"):
            _stray(folder, name, one_of(name, SINGLE))


def _stray(folder: Folder, name: str, write: str) -> None:
    folder.mistakes.append(Mistake(folder.shown(name), "(the whole file)", "nothing reads this", write))


def _extend(folder: Folder, extends: dict[Any, Any], above: tuple[Path, ...]) -> None:
    """Add files of the other office that this one names and does not have itself."""
    target, patterns = extends.get("folder"), extends.get("files")
    if not isinstance(target, str) or not isinstance(patterns, list):
        return  # the model of office.yml says what is wrong with it
    path, office = (folder.path / target).resolve(), folder.shown("office.yml")
    if path in above:
        write = "take one of the two extends out"
        folder.mistakes.append(Mistake(office, "extends.folder", f"{shown(target)} leads back here", write))
        folder.partial = True
        return
    base = open_folder(path, above)
    folder.partial = base.partial
    folder.mistakes.extend(mistake for mistake in base.mistakes if mistake.path.startswith("extends"))
    if "office.yml" not in base.files:
        write = "name the folder of another office, relative to this one"
        folder.mistakes.append(Mistake(office, "extends.folder", f"{shown(target)}: no office there", write))
        folder.partial = True
        return
    for index, pattern in enumerate(patterns):
        found = [name for name in base.files if fnmatchcase(name, str(pattern)) and name != "office.yml"]
        if not found:
            write = "name files of the other folder: calendar/*.yml"
            place = f"extends.files[{index}]"
            folder.mistakes.append(Mistake(office, place, f"{shown(pattern)}: no such file there", write))
        for name in found:
            folder.files.setdefault(name, base.files[name])
