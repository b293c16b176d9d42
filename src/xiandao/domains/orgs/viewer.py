"""Who is looking or acting: a person in one post, the public, or the system itself. A plain value, no request."""

import uuid
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from xiandao.domains.orgs.capability import Can

PUBLIC_ROLE = "public"


class Kind(StrEnum):
    """How a viewer came to be."""

    PERSON = "person"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Everything permission and audit need to know of who is there.

    `region` is the region code of the organisation acted for; `click` is one id for all that one
    request did. `role` is for showing and for the log: what the viewer may do is asked with `can`.
    """

    kind: Kind
    account: str
    name: str
    role: str = PUBLIC_ROLE
    capabilities: frozenset[str] = frozenset()
    administrator: bool = False
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

    @property
    def scope(self) -> tuple[object, ...]:
        """What decides which rows the viewer sees: the same for colleagues in the same role."""
        return self.kind.value, self.organisation_id, self.region, tuple(sorted(self.capabilities))

    def can(self, *any_of: Can) -> bool:
        """Whether the viewer's role has one of the capabilities; the system has all of them."""
        return self.is_system or any(capability.value in self.capabilities for capability in any_of)

    def at(self, address: str | None) -> Self:
        """Return the same viewer at a network address, with a new click."""
        return replace(self, address=address, click=uuid.uuid4())


PUBLIC = Viewer(Kind.PUBLIC, account="", name="")


def system(job: str) -> Viewer:
    """Return the viewer of a job nobody started by hand; `job` is what the audit log names."""
    return Viewer(Kind.SYSTEM, account=f"system:{job}", name=job)
