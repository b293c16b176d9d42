"""Regions, organisations, people, posts, grants, sessions, security values."""

from xiandao.domains.orgs.models.people import (
    Grant,
    GrantKind,
    GrantState,
    PasswordUsed,
    Post,
    Role,
    User,
    UserManager,
)
from xiandao.domains.orgs.models.places import (
    Counterpart,
    LoadedPack,
    Named,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    Region,
    RegionKind,
)
from xiandao.domains.orgs.models.trust import OpenSession, SecurityUnit, SecurityValue

__all__ = [
    "Counterpart",
    "Grant",
    "GrantKind",
    "GrantState",
    "LoadedPack",
    "Named",
    "OpenSession",
    "Organisation",
    "OrganisationAlias",
    "OrganisationKind",
    "PasswordUsed",
    "Post",
    "Region",
    "RegionKind",
    "Role",
    "SecurityUnit",
    "SecurityValue",
    "User",
    "UserManager",
]
