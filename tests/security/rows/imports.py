"""Reading in a plan: the coordinating office writes, auditors read."""

from pathlib import Path

from tests.security.matrix import MISSING, PLAN, Row, only, same
from xiandao.domains.plans.actions.imports import start_import

TEXT = (Path(__file__).resolve().parents[2] / "data" / "policytext" / "known" / "doc4.txt").read_text(encoding="utf-8")
DRAFT = "草稿 draft"
STALE = "旧版本号 stale revision"
READERS = only("coordinator", "auditor")
WRITERS = only("coordinator")
NAMES = frozenset({"$import", "$item"})
ONE = {"pk": "$import"}
ITEM = {"pk": "$import", "key": "$item"}


def things(people) -> dict[str, str]:
    """Return a plan under review, and one of its items."""
    made = start_import(people("coordinator"), text=TEXT)
    return {"$import": str(made.pk), "$item": made.items.filter(kind="measure").first().key}


ROWS = [
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
