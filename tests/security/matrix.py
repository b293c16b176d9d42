"""The vocabulary of the permission matrix: a row for each endpoint and kind of object, an expectation for each role.

The rows stand in the modules of tests/security/rows, one for each domain. `things` of such a module names the objects
its rows refer to as `$name` and returns them, made for the test.
"""

from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "public",
    "applicant",
    "expert",
    "fund",
    "county",
    "city-other",
    "city",
    "city-head",
    "department-other",
    "department",
    "department-head",
    "auditor",
    "coordinator",
    "system",
    "security",
    "audit",
)
"""The demonstration accounts, which stand for the roles; "public" is nobody. "-other" are the same roles elsewhere."""
PLAN = "js-wlcy-2024-2026"


@dataclass(frozen=True)
class Row:
    endpoint: str
    thing: str
    expected: dict[str, int]
    arguments: dict[str, Any] = field(default_factory=dict)
    method: str = "GET"
    data: dict[str, str] = field(default_factory=dict)


def same(status: int) -> dict[str, int]:
    """Everybody gets the same answer."""
    return dict.fromkeys(ROLES, status)


def only(*roles: str, status: int = 200, others: int = 404) -> dict[str, int]:
    """The roles named get in; for the others it does not exist."""
    return {role: status if role in roles else others for role in ROLES}


MISSING = "没有的 missing"
PUBLISHED = "已公布 published"
