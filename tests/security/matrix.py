"""Who gets what from every endpoint. One row for each endpoint and kind of object."""

from dataclasses import dataclass, field
from typing import Any

ROLES = ("public", "city", "department", "auditor", "coordinator")
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
DRAFT = "草稿 draft"
STALE = "旧版本号 stale revision"
READERS = only("coordinator", "auditor")
WRITERS = only("coordinator")
# $import and $item stand for a draft made for the test.
ONE = {"pk": "$import"}
ITEM = {"pk": "$import", "key": "$item"}
ROWS = [
    Row("web:home", "—", same(200)),
    Row("web:search", "—", same(200), data={"q": "氢能"}),
    Row("web:language", "—", same(302), method="POST", data={"language": "en", "next": "/"}),
    Row("web:boundaries", "—", same(200)),
    Row("web:healthz", "—", same(200)),
    Row("orgs:sign-in", "—", {role: 200 if role == "public" else 302 for role in ROLES}),
    Row("orgs:sign-out", "—", same(302), method="POST"),
    Row("orgs:sign-out", "GET", same(405)),
    Row("orgs:post", "—", same(302), method="POST", data={"post": "1"}),
    Row("plans:list", PUBLISHED, same(200)),
    Row("plans:targets", PUBLISHED, same(200)),
    Row("plans:measures", PUBLISHED, same(200)),
    Row("plans:plan", PUBLISHED, same(200), {"plan": PLAN}),
    Row("plans:plan", MISSING, same(404), {"plan": "nothing"}),
    Row("plans:text", PUBLISHED, same(200), {"plan": PLAN}),
    Row("plans:text", MISSING, same(404), {"plan": "nothing"}),
    Row("plans:breakdown", PUBLISHED, same(200), {"plan": PLAN, "form": "xlsx"}),
    Row("plans:breakdown", MISSING, same(404), {"plan": PLAN, "form": "exe"}),
    Row("plans:action", PUBLISHED, same(200), {"plan": PLAN, "key": "A1"}),
    Row("plans:action", MISSING, same(404), {"plan": PLAN, "key": "A99"}),
    Row("plans:measure", PUBLISHED, same(200), {"plan": PLAN, "key": "M07"}),
    Row("plans:measure", MISSING, same(404), {"plan": PLAN, "key": "M99"}),
    Row("plans:target", PUBLISHED, same(200), {"plan": PLAN, "key": "T02-1"}),
    Row("plans:target", MISSING, same(404), {"plan": PLAN, "key": "T99-1"}),
    Row("parties:organisations", PUBLISHED, same(200)),
    Row("parties:organisation", PUBLISHED, same(200), {"code": "js-sci"}),
    Row("parties:organisation", MISSING, same(404), {"code": "nothing"}),
    Row("parties:cities", PUBLISHED, same(200)),
    Row("parties:city", PUBLISHED, same(200), {"code": "320500"}),
    Row("parties:city", MISSING, same(404), {"code": "320000"}),
    Row("industries:list", PUBLISHED, same(200)),
    Row("industries:detail", PUBLISHED, same(200), {"code": "hydrogen"}),
    Row("industries:detail", MISSING, same(404), {"code": "nothing"}),
    Row("GET /api/v1/plans", PUBLISHED, same(200)),
    Row("GET /api/v1/plans/{plan}", PUBLISHED, same(200), {"plan": PLAN}),
    Row("GET /api/v1/plans/{plan}", MISSING, same(404), {"plan": "nothing"}),
    Row("GET /api/v1/plans/{plan}/text", PUBLISHED, same(200), {"plan": PLAN}),
    Row("GET /api/v1/plans/{plan}/measures/{key}", PUBLISHED, same(200), {"plan": PLAN, "key": "M07"}),
    Row("GET /api/v1/plans/{plan}/measures/{key}", MISSING, same(404), {"plan": PLAN, "key": "M99"}),
    Row("GET /api/v1/plans/{plan}/targets", PUBLISHED, same(200), {"plan": PLAN}),
    Row("GET /api/v1/plans/{plan}/targets/{key}", PUBLISHED, same(200), {"plan": PLAN, "key": "T02-1"}),
    Row("GET /api/v1/plans/{plan}/targets/{key}", MISSING, same(404), {"plan": PLAN, "key": "T99"}),
    Row("GET /api/v1/organisations", PUBLISHED, same(200)),
    Row("GET /api/v1/organisations/{code}", PUBLISHED, same(200), {"code": "js-sci"}),
    Row("GET /api/v1/organisations/{code}", MISSING, same(404), {"code": "nothing"}),
    Row("GET /api/v1/cities", PUBLISHED, same(200)),
    Row("GET /api/v1/industries", PUBLISHED, same(200)),
    Row("plans:imports", DRAFT, READERS),
    Row("plans:import-new", "—", WRITERS),
    Row("plans:import-new", "空文 nothing pasted", only("coordinator", status=422), method="POST"),
    Row("plans:import", DRAFT, READERS, ONE),
    Row("plans:import", MISSING, same(404), {"pk": "00000000-0000-0000-0000-000000000000"}),
    Row("plans:import-history", DRAFT, READERS, ONE),
    Row("plans:import-head", DRAFT, WRITERS, ONE),
    Row("plans:import-publish", DRAFT, WRITERS, ONE),
    Row("plans:import-publish", STALE, only("coordinator", status=409), ONE, "POST", {"plan": PLAN}),
    Row("plans:import-discard", DRAFT, WRITERS, ONE),
    Row("plans:import-add", DRAFT, WRITERS, ONE, data={"kind": "target"}),
    Row("plans:import-undo", "无可撤销 nothing to undo", only("coordinator", status=409), ONE, "POST"),
    Row("plans:import-accept", "无改动号 without revision", only("coordinator", status=409), ONE, "POST"),
    Row("plans:import-item", DRAFT, READERS, ITEM),
    Row("plans:import-item", MISSING, same(404), {"pk": "$import", "key": "M99"}),
    Row("plans:import-item-edit", DRAFT, WRITERS, ITEM),
    Row("plans:import-item-split", DRAFT, WRITERS, ITEM),
    Row("plans:import-item-accept", STALE, only("coordinator", status=409), ITEM, "POST"),
    Row("plans:import-item-reject", STALE, only("coordinator", status=409), ITEM, "POST"),
    Row("plans:import-item-restore", STALE, only("coordinator", status=409), ITEM, "POST"),
    Row("plans:import-item-merge", STALE, only("coordinator", status=409), ITEM, "POST"),
]
