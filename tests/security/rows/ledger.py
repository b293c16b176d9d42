"""The ledger: public entries, one that is not, who keeps them, lists read in, releases."""

import datetime as dt

from tests.security.matrix import MISSING, ROLES, Row, only, same
from xiandao.domains.ledger.actions import Holder, enter
from xiandao.domains.ledger.actions.lists import start_list
from xiandao.domains.ledger.actions.releases import make_release, publish_release
from xiandao.domains.ledger.actions.roadmaps import begin_roadmap
from xiandao.domains.ledger.lists.reading import rows_of, table_of_text
from xiandao.domains.orgs.models import Organisation

KEEPERS = ("department-other", "department", "department-head", "coordinator")
OWN = ("department", "department-head", "coordinator")  # who entered it works in the first department
PROVINCE = (*KEEPERS, "auditor")
HERE = (*PROVINCE, "city", "city-head", "county")
NAMES = frozenset({"$entry", "$hidden", "$list", "$roadmap-draft", "$published", "$map"})
PUBLIC_ENTRY = "公开 public"
HIDDEN_ENTRY = "不公开，本市 not public, of the first city"
ENTRY = {"code": "$entry"}
HIDDEN = {"code": "$hidden"}
LIST = {"pk": "$list"}
DRAFT = {"pk": "$roadmap-draft"}
MAP = {"pk": "$map"}
PUBLISHED = {"pk": "$published"}
LATE = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)


def things(people) -> dict[str, str]:
    """Return a public entry and one of the first city that is not public."""
    office = people("department")
    city = Organisation.objects.get(pk=people("city").organisation_id).region_id
    county = Organisation.objects.get(pk=people("county").organisation_id).region_id
    common = {"kind": "park", "kind_name": "产业园区", "now": dt.datetime(2026, 4, 10, tzinfo=dt.UTC), "is_demo": True}
    shown = enter(office, name="矩阵园（演示）", regions=[city], holders=[Holder("甲（演示）")], **common)
    hidden = enter(office, name="矩阵内部园（演示）", regions=[city, county], public=False, **common)
    rows = rows_of(table_of_text("序号\t名称\t单位\n1\t矩阵场景（演示）\t没人认识研究所（演示）\n"))
    read = start_list(office, kind="scenario", title="矩阵名单（演示）", rows=rows, shared={})
    enter(
        office, name="矩阵平台（演示）", **(common | {"kind": "platform", "industries": ["hydrogen"], "public": True})
    )
    draft = make_release(office, industry="hydrogen", kind="platforms", period="2026H2", now=LATE)
    published = make_release(office, industry="hydrogen", kind="platforms", period="2026H1", now=LATE)
    publish_release(office, pk=published.pk)
    roadmap = begin_roadmap(office, industry="hydrogen")
    return {
        "$map": str(roadmap.pk),
        "$roadmap-draft": str(draft.pk),
        "$published": str(published.pk),
        "$entry": shown.code,
        "$hidden": hidden.code,
        "$list": str(read.pk),
    }


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s422 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


ROWS = [
    Row("ledger:list", "—", same(200)),
    Row("ledger:new", "—", only(*KEEPERS)),
    Row("ledger:new", "空白 nothing written", only(*KEEPERS, status=422), method="POST"),
    Row("ledger:entry", PUBLIC_ENTRY, same(200), ENTRY),
    Row("ledger:entry", HIDDEN_ENTRY, only(*HERE), HIDDEN),
    Row("ledger:entry", MISSING, same(404), {"code": "L2099-000001"}),
    Row("ledger:edit", PUBLIC_ENTRY, _answers(s200=OWN, s422=("department-other",)), ENTRY),
    Row("ledger:edit", "空白 nothing written", only(*KEEPERS, status=422), ENTRY, "POST"),
    Row("ledger:step", "未写理由 without a reason", only(*KEEPERS, status=422), ENTRY | {"step": "move"}, "POST"),
    Row("ledger:step", "没有的 missing", same(404), ENTRY | {"step": "nothing"}, "POST"),
    Row("ledger:step", "GET", same(405), ENTRY | {"step": "move"}),
    Row("ledger:imports", "—", only(*KEEPERS)),
    Row("ledger:import-new", "—", only(*KEEPERS)),
    Row("ledger:import-new", "空白 nothing written", only(*KEEPERS, status=422), method="POST"),
    Row("ledger:import", "—", only(*KEEPERS), LIST),
    Row("ledger:import", MISSING, same(404), {"pk": "999999"}),
    Row("ledger:import-step", "未核对完 rows open", only(*KEEPERS, status=409), LIST | {"step": "finish"}, "POST"),
    Row("ledger:import-step", "GET", same(405), LIST | {"step": "finish"}),
    Row("ledger:releases", "—", same(200)),
    Row("ledger:release-new", "—", only(*KEEPERS)),
    Row("ledger:release-new", "空白 nothing written", only(*KEEPERS, status=422), method="POST"),
    Row("ledger:release", "草案 draft", only(*HERE, "city-other"), DRAFT),
    Row("ledger:release", "已发布 published", same(200), PUBLISHED),
    Row("ledger:release", MISSING, same(404), {"pk": "999999"}),
    Row("ledger:release-word", "草案 draft", only(*HERE, "city-other"), DRAFT),
    Row("ledger:release-word", "已发布 published", same(200), PUBLISHED),
    Row("ledger:release-step", "未写理由 no reason", only(*KEEPERS, status=422), DRAFT | {"step": "withdraw"}, "POST"),
    Row("ledger:release-step", "GET", same(405), DRAFT | {"step": "withdraw"}),
    Row("ledger:roadmaps", "—", same(200)),
    Row("ledger:roadmap-begin", "没有选产业 no industry", only(*KEEPERS, status=302), method="POST"),
    Row("ledger:roadmap-begin", "GET", same(405)),
    Row("ledger:roadmap", "草案 draft", only(*HERE, "city-other"), MAP),
    Row("ledger:roadmap", MISSING, same(404), {"pk": "999999"}),
    Row("ledger:roadmap-node-new", "草案 draft", only(*KEEPERS), MAP),
    Row("ledger:roadmap-node-new", "空白 nothing written", only(*KEEPERS, status=422), MAP, "POST"),
    Row("ledger:roadmap-node", MISSING, same(404), MAP | {"code": "nothing"}),
    Row("ledger:roadmap-step", "没有节点 no nodes", only(*KEEPERS, status=409), MAP | {"step": "publish"}, "POST"),
    Row("ledger:roadmap-step", "GET", same(405), MAP | {"step": "publish"}),
    Row("GET /api/v1/ledger/entries", "—", same(200)),
    Row("GET /api/v1/ledger/entries/{code}", PUBLIC_ENTRY, same(200), ENTRY),
    Row("GET /api/v1/ledger/entries/{code}", HIDDEN_ENTRY, only(*HERE), HIDDEN),
    Row("GET /api/v1/ledger/entries/{code}", MISSING, same(404), {"code": "L2099-000001"}),
]
