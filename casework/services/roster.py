"""Who is behind ``department/role``: the office's department list, and the duty roster when it does not work."""

from __future__ import annotations

from datetime import datetime

from casework.domain.departments import Department
from casework.domain.notice import Recipient
from casework.domain.office import Office

ROLE_NAMES = {"contact": "联络员", "head": "负责人", "leader": "分管领导", "principal": "主要负责人"}


class OfficeRoster:
    """The people of ``departments.yml``; a role without a person falls back to the contact, then to the desk.

    On days off (or outside working hours, as the office says) who is on duty by ``roster.yml`` is told instead.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    def recipient(self, to: str, now: datetime, own: bool = False) -> Recipient:
        """The person behind ``department/role`` at ``now``; ``own``: nobody of another department stands in."""
        name, role = to.split("/")
        stands_in = self._on_duty(name, role, now, own)
        if stands_in is not None:
            return stands_in
        for id_ in (name,) if own or name == self.office.discipline_desk else (name, self.office.default_desk):
            department = self.office.routing.departments.get(id_)
            if department is None:
                continue
            for wanted in (role, "contact"):
                person = (department.contacts or {}).get(wanted)
                if person is not None:
                    return Recipient(to, person[0], person[1], person[2])
        return Recipient(to, _title(self.office.routing.departments.get(name), name, role))

    def _on_duty(self, name: str, role: str, now: datetime, own: bool) -> Recipient | None:
        """Who is on duty for the department. What goes to the discipline desk goes to its own people only."""
        alone = own or name == self.office.discipline_desk
        watch = self.office.duty.watch(name, now, self.office.worktime, alone)
        if watch is None:
            return None
        person = watch.of(role)
        title = _title(self.office.routing.departments.get(name), name, role)
        return Recipient(f"{name}/{role}", f"{person.name}（值班，代{title}）", person.mail, person.phone)


def _title(department: Department | None, name: str, role: str) -> str:
    return f"{department.name if department else name}{ROLE_NAMES.get(role, role)}"
