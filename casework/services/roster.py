"""Who is behind ``department/role``, from the office's department list."""

from __future__ import annotations

from casework.domain.departments import Department
from casework.domain.notice import Recipient
from casework.domain.office import Office

ROLE_NAMES = {"contact": "联络员", "head": "负责人", "leader": "分管领导", "principal": "主要负责人"}


class OfficeRoster:
    """The roster of ``departments.yml``; a role without a person falls back to the contact, then to the desk."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def recipient(self, to: str) -> Recipient:
        """The person behind ``department/role``."""
        name, role = to.split("/")
        for id_ in (name, self.office.default_desk):
            department = self.office.routing.departments.get(id_)
            if department is None:
                continue
            for wanted in (role, "contact"):
                person = (department.contacts or {}).get(wanted)
                if person is not None:
                    return Recipient(to, person[0], person[1], person[2])
        return Recipient(to, _title(self.office.routing.departments.get(name), name, role))


def _title(department: Department | None, name: str, role: str) -> str:
    return f"{department.name if department else name}{ROLE_NAMES.get(role, role)}"
