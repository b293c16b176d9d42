"""Who is looking or acting: a person in one post, the public, or the system itself. A plain value, no request."""

import uuid
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post lets its holder do. Which person holds which post is data."""

    COORDINATOR = "coordinator", _("统筹协调")
    DEPARTMENT_HEAD = "department_head", _("部门负责人")
    DEPARTMENT_CLERK = "department_clerk", _("部门经办人")
    CITY_HEAD = "city_head", _("设区市负责人")
    CITY_CLERK = "city_clerk", _("设区市经办人")
    AUDITOR = "auditor", _("审计监督")
    PUBLIC = "public", _("公众")


class Kind(StrEnum):
    """How a viewer came to be."""

    PERSON = "person"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Everything permission and audit need to know of who is there.

    `region` is the region code of the organisation acted for; `click` is one id for all that one
    request did. Compare roles with `Role`, never with a label.
    """

    kind: Kind
    account: str
    name: str
    role: Role = Role.PUBLIC
    user_id: int | None = None
    post_id: int | None = None
    post_label: str = ""
    organisation_id: int | None = None
    organisation_code: str = ""
    region: str = ""
    address: str | None = None
    click: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_system(self) -> bool:
        return self.kind is Kind.SYSTEM

    @property
    def is_person(self) -> bool:
        return self.kind is Kind.PERSON

    def holds(self, *roles: Role) -> bool:
        """Whether the viewer acts in one of the roles; the system acts in all of them."""
        return self.is_system or self.role in roles

    def at(self, address: str | None) -> Self:
        """Return the same viewer at a network address, with a new click."""
        return replace(self, address=address, click=uuid.uuid4())


PUBLIC = Viewer(Kind.PUBLIC, account="", name="")


def system(job: str) -> Viewer:
    """Return the viewer of a job nobody started by hand; `job` is what the audit log names."""
    return Viewer(Kind.SYSTEM, account=f"system:{job}", name=job)
