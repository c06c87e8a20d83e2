"""The files of an office as models, each checked by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from casework.config.folder import Folder, open_folder
from casework.config.mistakes import ERROR, Mistake, from_pydantic, path_of, shown
from casework.config.models import (
    DepartmentsFile,
    DispositionsFile,
    OfficeFile,
    RetentionFile,
    RolesFile,
    SourcesFile,
)
from casework.config.models_marks import MarksFile
from casework.config.models_roster import EmergencyFile, RosterFile
from casework.config.models_routing import RoutingFile
from casework.config.models_rules import (
    CalendarFile,
    ChannelsFile,
    DeadlineFile,
    EscalationFile,
    OpeningFile,
)

Model = TypeVar("Model", bound=BaseModel)


@dataclass(slots=True)
class Files:
    """What an office's files say; None where a file is missing or wrong (then there is a mistake)."""

    folder: Folder
    office: OfficeFile | None = None
    departments: DepartmentsFile | None = None
    routing: RoutingFile | None = None
    opening: OpeningFile | None = None
    dispositions: DispositionsFile | None = None
    escalation: EscalationFile | None = None
    roles: RolesFile | None = None
    retention: RetentionFile | None = None
    sources: SourcesFile | None = None
    channels: ChannelsFile | None = None
    roster: RosterFile | None = None
    emergency: EmergencyFile | None = None
    marks: MarksFile | None = None
    deadlines: dict[str, DeadlineFile] = field(default_factory=dict)
    calendars: dict[str, CalendarFile] = field(default_factory=dict)

    def mistake(self, name: str, loc: Sequence[int | str], found: str, write: str, severity: str = ERROR) -> Mistake:
        """A mistake in the file ``name`` of the folder."""
        return Mistake(self.folder.shown(name), path_of(loc), found, write, severity)

    def line(self, name: str, loc: Sequence[int | str]) -> int | None:
        """The line, from 1, of a place in the file ``name``; None where it is not there."""
        return self.folder.with_line(self.mistake(name, loc, "", "")).line


def read_files(path: Path, without: Collection[str] = ()) -> Files:
    """Read every file of an office but those ``without``; mistakes are in ``folder.mistakes``."""
    folder = open_folder(path)
    for name in without:
        folder.files.pop(name, None)
    files = Files(folder)
    if "office.yml" not in folder.files:
        return files
    files.office = one(folder, "office.yml", OfficeFile)
    files.departments = one(folder, "departments.yml", DepartmentsFile)
    files.routing = one(folder, "routing.yml", RoutingFile)
    files.opening = one(folder, "opening.yml", OpeningFile)
    files.dispositions = one(folder, "dispositions.yml", DispositionsFile)
    files.escalation = one(folder, "escalation.yml", EscalationFile)
    files.roles = one(folder, "roles.yml", RolesFile)
    files.retention = one(folder, "retention.yml", RetentionFile)
    files.sources = one(folder, "sources.yml", SourcesFile)
    files.channels = one(folder, "channels.yml", ChannelsFile)
    if "roster.yml" in folder.files:
        files.roster = one(folder, "roster.yml", RosterFile)
    if "emergency.yml" in folder.files:
        files.emergency = one(folder, "emergency.yml", EmergencyFile)
    if "marks.yml" in folder.files:
        files.marks = one(folder, "marks.yml", MarksFile)
    files.deadlines = _each(folder, "deadlines", DeadlineFile)
    files.calendars = _each(folder, "calendar", CalendarFile)
    return files


def check_judgement(folder: Folder) -> None:
    """Check the files that ``nlp`` reads; one that the folder lacks is taken from the default office there."""
    from casework.config.models_nlp import JUDGEMENT

    for name, model in JUDGEMENT.items():
        if name in folder.files:
            one(folder, name, model)


def one(folder: Folder, name: str, model: type[Model]) -> Model | None:
    """A file as its model; None where it is missing or wrong (then there is a mistake)."""
    if name not in folder.files and folder.partial:
        return None
    if name not in folder.files:
        about = (model.__doc__ or "").split("\n")[0].removeprefix(f"``{name}``").strip(" :.")
        write = f"write it{': ' + about if about else ''}; config/{name} shows how"
        folder.mistakes.append(Mistake(folder.shown(name), path_of(()), "missing", write))
        return None
    value = folder.read(name)  # None comes with its mistake
    return None if value is None else _modelled(folder, name, model, value)


def _each(folder: Folder, sub: str, model: type[Model]) -> dict[str, Model]:
    names = folder.inside(sub)
    if not names and not folder.partial:
        write = f"add at least one file, {sub}/NAME.yml"
        folder.mistakes.append(Mistake(folder.shown(sub), "(the folder)", "no file", write))
    read = ((name, one(folder, name, model)) for name in names)
    return {name: value for name, value in read if value is not None}


def _modelled(folder: Folder, name: str, model: type[Model], value: Any) -> Model | None:
    if not isinstance(value, dict):
        write = f"write its keys: {', '.join(model.model_fields)}"
        folder.mistakes.append(Mistake(folder.shown(name), path_of(()), shown(value), write))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        folder.mistakes.extend(from_pydantic(folder.shown(name), model, error))
        return None
