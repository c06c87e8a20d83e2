"""What ``roster.yml`` and ``emergency.yml`` may say: 值班表, and the checklist of an emergency."""

from __future__ import annotations

from pydantic import Field

from casework.config.fields import Id, Mail, Moment, Strict, Text


class PersonEntry(Strict):
    """Somebody who can be reached."""

    name: Text = Field(description="the person's name")
    phone: Text | None = Field(default=None, description="phone number, in quotes")
    mail: Mail | None = Field(default=None, description="e-mail address")


class WatchEntry(PersonEntry):
    """One watch: who sits there, from when until when."""

    from_: Moment = Field(alias="from", description="when it begins: 2026-02-16T08:30+08:00")
    to: Moment = Field(description="when it ends, the first moment that is the next watch's")
    department: Id | None = Field(default=None, description="whose people it stands in for; left out: everybody's")
    leader: PersonEntry | None = Field(default=None, description="who leads it (带班领导)")


class RosterFile(Strict):
    """``roster.yml``: who is on duty when the office does not work; ``huiying roster import`` writes it."""

    source: Text = Field(description="the sheet that it was made from")
    watches: list[WatchEntry] = Field(description="the watches", min_length=1)


class ItemEntry(Strict):
    """One line of the checklist."""

    id: Id = Field(description="the line's short name")
    text: Text = Field(description="what to do")
    reference: Text | None = Field(default=None, description="the clause; left out: the office's own")
    required: bool = Field(default=True, description="whether the track may not end without it")


class PartEntry(Strict):
    """What one part (职责) has to do."""

    part: Text = Field(description="whose part it is: 值班员")
    items: list[ItemEntry] = Field(description="the lines", min_length=1)


class EmergencyFile(Strict):
    """``emergency.yml``: the checklist of an emergency, by part."""

    parts: list[PartEntry] = Field(description="the parts", min_length=1)
