"""What the files about the office itself may say: office, departments, dispositions, roles, retention, sources."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from casework.config.fields import Code, Date, Id, Mail, Strict, Text, TimeOfDay, filled_with

Role = Literal["contact", "head", "leader", "principal"]
"""联络员, 部门负责人, 分管领导, 主要负责人: to whom notices go."""


Pattern = Annotated[Text, AfterValidator(filled_with("id", "name"))]
"""Text with a department's {id} and {name} in it."""


class Hours(Strict):
    """One stretch of working time on a working day."""

    from_: TimeOfDay = Field(alias="from", description="the first minute that counts, 09:00")
    to: TimeOfDay = Field(description="the first minute that counts no more, 12:00")


class QuietHours(Strict):
    """免打扰时段: the hours of the night in which ordinary notices wait."""

    from_: TimeOfDay = Field(alias="from", description="the first minute that is quiet: 22:00")
    to: TimeOfDay = Field(description="the first minute that is quiet no more: 07:00")


class DayOff(Strict):
    """A day on which this office does not work although the country does."""

    date: Date = Field(description="the day")
    why: Text = Field(description="why, in a word")


class Desks(Strict):
    """Departments with a part in the office's own work."""

    default: Id = Field(description="the department that gets what no rule routes")
    review: Id = Field(description="the department that judges what is unsure and gets back what is returned")
    discipline: Id = Field(description="the department that gets reports of wrongdoing (检举控告)")
    supervision: Id | None = Field(default=None, description="the 督查 desk: sees complaints about departments too")
    coordination: Id | None = Field(
        default=None, description="the department that decides disputed duties (left out: default)"
    )


class GradesEntry(Strict):
    """How grades 1–5 of a follow-up are read; what lies between the two is neither."""

    satisfied_from: int = Field(default=4, description="the lowest grade that counts as satisfied", ge=2, le=5)
    unsatisfied_to: int = Field(default=2, description="the highest grade that counts as unsatisfied", ge=1, le=4)


class Extends(Strict):
    """Files taken from another office's folder; a file of the same name in this folder comes first."""

    folder: Text = Field(description="the other folder, relative to this one: ../..")
    files: list[Text] = Field(description="which of its files, * allowed: calendar/*.yml", min_length=1)


class OfficeFile(Strict):
    """``office.yml``: who the office is."""

    id: Id = Field(description="the office's short name in small letters")
    name: Text = Field(description="the office's name as people read it")
    region: Code = Field(description="the division code of its place, six digits")
    working_hours: list[Hours] = Field(description="its working hours on a working day", min_length=1)
    days_off: list[DayOff] = Field(default=[], description="days off of this office alone")
    quiet_hours: QuietHours | None = Field(
        default=None, description="hours in which ordinary notices wait; left out: none"
    )
    duty: Literal["days_off", "outside_hours"] = Field(
        default="days_off", description="when roster.yml is told: on days off, or at all time outside working hours"
    )
    desks: Desks = Field(description="default, review and discipline desk")
    follow_up: GradesEntry = Field(default=GradesEntry(), description="how grades 1–5 of a follow-up are read")
    link_base: Text = Field(description="the beginning of links in notices: http://127.0.0.1:8600")
    extends: Extends | None = Field(default=None, description="files taken from another office")


class Contact(Strict):
    """A person or post to whom notices go."""

    name: Text = Field(description="who is addressed")
    mail: Mail | None = Field(default=None, description="e-mail address")
    phone: Text | None = Field(default=None, description="phone number, in quotes")


class ContactPattern(Strict):
    """How departments without a contact of their own are reached; {id} and {name} are the department's."""

    name: Pattern = Field(description="who is addressed: {name}联络员")
    mail: Pattern | None = Field(default=None, description="e-mail address: {id}.contact@example.gov.example")


class DepartmentEntry(Strict):
    """One department, district government or desk."""

    id: Id = Field(description="its short name, by which other files call it")
    name: Text = Field(description="its name as people read it")
    aliases: list[Text] = Field(default=[], description="other names by which texts call it")
    regions: list[Code] = Field(default=[], description="division codes for which it answers (属地)")
    parent: Id | None = Field(default=None, description="the department to which it belongs")
    since: Date | None = Field(default=None, description="its first day")
    until: Date | None = Field(default=None, description="its last day (机构改革)")
    successor: Id | None = Field(default=None, description="the department that took over its duties")
    contacts: dict[Role, Contact] = Field(default={}, description="contact, head, leader, principal")


class DepartmentsFile(Strict):
    """``departments.yml``: 承办单位 on the office's list."""

    contacts: dict[Role, ContactPattern] = Field(default={}, description="contacts of departments that name none")
    departments: list[DepartmentEntry] = Field(description="the departments", min_length=1)


class ItemEntry(Strict):
    """One thing that may be put on record before a case is closed."""

    id: Id = Field(description="its short name: case record --item ID")
    title: Text = Field(description="what it is called")
    by: list[Id] = Field(default=[], description="roles of roles.yml that record it; left out: whoever may record")
    published: Literal["no", "any", "later"] = Field(
        default="no", description="whether it has to be public; later: after the first information, at another address"
    )


class NeedEntry(Strict):
    """One of ``one_of`` must be on record before a case is closed."""

    one_of: list[Id] = Field(description="items, or answer: the published answer itself", min_length=1)
    severity: list[Literal["extraordinary", "major", "serious", "ordinary", "none"]] = Field(
        default=[], description="only cases of these levels; left out: of any", min_length=1
    )
    reference: Text = Field(description="the clause, or 本单位规定")


class LeadEntry(Strict):
    """What a lead handed to 公安 or 网信 says of each post, masked; nothing else goes out."""

    fields: list[Literal["source", "url", "published_at", "title", "text", "views", "reposts", "comments"]] = Field(
        description="fields of a post; never its author", min_length=1
    )
    to: list[Id] = Field(description="departments that leads go to", min_length=1)
    reference: Text = Field(description="the clause")


class DispositionEntry(Strict):
    """One of the six ways of 国办发〔2016〕80号 in which an opinion is dealt with."""

    id: Text = Field(description="the disposition's name")
    meaning: Text = Field(description="what falls under it")
    action: Text = Field(description="what the office does")
    inform: list[Id] = Field(default=[], description="departments that are told of it")
    closing: list[NeedEntry] = Field(default=[], description="what must be on record before the case is closed")
    reference: Text = Field(description="the clause")


class DispositionsFile(Strict):
    """``dispositions.yml``."""

    items: list[ItemEntry] = Field(default=[], description="what may be put on record besides the answer")
    always: list[NeedEntry] = Field(default=[], description="what every case needs, whatever its disposition")
    lead: LeadEntry | None = Field(default=None, description="what a lead says and to whom it goes")
    dispositions: list[DispositionEntry] = Field(description="the dispositions", min_length=1)


class RoleEntry(Strict):
    """What one sort of user may see and do."""

    id: Id = Field(description="the role's short name")
    title: Text = Field(description="the role as people read it")
    sees: Literal["all", "own", "none"] = Field(description="cases: all, those of the own department, none")
    originals: bool = Field(default=False, description="may ask for unmasked text, with a reason that is logged")
    may: list[Id] = Field(default=[], description="verbs of cases, and report, figures, sources, users")
    pages: list[Literal["office", "department", "spokesperson", "leader", "cases", "search", "figures", "admin"]] = (
        Field(
            default=["cases"], description="pages that the role opens besides the sources; the first is where it begins"
        )
    )


class RolesFile(Strict):
    """``roles.yml``."""

    roles: list[RoleEntry] = Field(description="the roles", min_length=1)


class RetentionEntry(Strict):
    """How long one sort of data is kept."""

    what: Literal["posts", "authors", "originals", "cases", "logs", "collected"] = Field(description="the sort of data")
    days: int = Field(description="calendar days that it is kept", ge=1)
    then: Literal["delete", "anonymise"] = Field(description="what is done afterwards")
    basis: Literal["clause", "office"] = Field(description="clause, or the office's own setting")
    reference: Text = Field(description="the clause, or 本单位规定")


class RetentionFile(Strict):
    """``retention.yml``."""

    retention: list[RetentionEntry] = Field(description="sorts of data", min_length=1)


class SourcesFile(Strict):
    """``sources.yml``: what this office wants otherwise than a source's own ``source.yml`` says."""

    sources: dict[Id, dict[str, Any]] = Field(description="source → keys of its source.yml with other values")
