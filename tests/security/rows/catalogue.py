"""The product catalogue: published versions for all, the draft for those who edit, cities' lists for the cities."""

from django.utils import timezone

from tests.security.matrix import MISSING, PUBLISHED, ROLES, Row, only, same
from xiandao.domains.enterprises.models import Preview, PreviewState, RegisterState, RegisterVersion
from xiandao.domains.industries.actions import drafts, local, names
from xiandao.domains.industries.actions.words import add_terms
from xiandao.domains.orgs.models import Region

EDITORS = ("department-other", "department", "department-head", "coordinator")
OFFICE = ("coordinator",)
KEEPERS = (*EDITORS, "city", "city-head")
REPORTERS = (*KEEPERS, "city-other", "county")
NAMES = frozenset({"$catalogue-draft", "$local", "$local-item", "$product-name", "$preview"})
DRAFT = "草案 draft"
OWN_LIST = "本市的目录 list of the city"
VERSION = {"code": "2026.1"}
HYDROGEN = VERSION | {"industry": "hydrogen"}
IN_DRAFT = {"pk": "$catalogue-draft", "industry": "hydrogen"}


def things(people) -> dict[str, str]:
    """Return a draft with one change, a preview of it, a list of the first city, a name in a document."""
    editor, city = people("department"), people("city")
    draft = drafts.start_draft(editor)
    add_terms(editor, pk=draft.pk, industry="hydrogen", product="station", text="演示甲词", weight="core")
    region = Region.objects.get(code=city.region)
    row = local.create_list(city, region=region, name="目录（演示）", source="", text="储氢瓶")
    new = names.NewName("hydrogen/station", "demo", "文件（演示）", "加氢点", "same")
    register = RegisterVersion.objects.create(
        number=9901,
        title="名录（演示）",
        as_of="2026-01-01",
        file_name="x",
        state=RegisterState.SUPERSEDED,
        created_at=timezone.now(),
        by="测试",
    )
    preview = Preview.objects.create(
        draft=draft,
        digest="0" * 64,
        register=register,
        state=PreviewState.DONE,
        started_at=timezone.now(),
        by="测试",
    )
    return {
        "$catalogue-draft": str(draft.pk),
        "$local": str(row.pk),
        "$local-item": str(row.items.get().pk),
        "$product-name": str(names.save_name(editor, name=new).pk),
        "$preview": str(preview.pk),
    }


def _answers(**by_status: tuple[str, ...]) -> dict[str, int]:
    """Return the expectation: the roles named under s200, s409 …, everybody else 404."""
    found = dict.fromkeys(ROLES, 404)
    for status, roles in by_status.items():
        found |= dict.fromkeys(roles, int(status[1:]))
    return found


def step(name: str, **by_status: tuple[str, ...]) -> Row:
    return Row(
        "catalogue:draft-step",
        f"{DRAFT} {name}",
        _answers(**by_status),
        {"pk": "$catalogue-draft", "step": name},
        "POST",
    )


def own(name: str, status: int, **data: str) -> Row:
    place = {"pk": "$local", "step": name}
    return Row("catalogue:local-step", f"{OWN_LIST} {name}", only(*KEEPERS, status=status), place, "POST", data)


ROWS = [
    Row("catalogue:current", PUBLISHED, same(200)),
    Row("catalogue:search", PUBLISHED, same(200), data={"q": "储氢瓶"}),
    Row("catalogue:compare", PUBLISHED, same(200), data={"a": "2026.1", "b": "2026.1"}),
    Row("catalogue:compare", MISSING, same(404), data={"a": "2026.1", "b": "1999.1"}),
    Row("catalogue:version", PUBLISHED, same(200), VERSION),
    Row("catalogue:version", MISSING, same(404), {"code": "1999.1"}),
    Row("catalogue:export", PUBLISHED, same(200), VERSION),
    Row("catalogue:export", MISSING, same(404), {"code": "1999.1"}),
    Row("catalogue:industry", PUBLISHED, same(200), HYDROGEN),
    Row("catalogue:industry", MISSING, same(404), VERSION | {"industry": "nothing"}),
    Row("catalogue:product", PUBLISHED, same(200), HYDROGEN | {"product": "station"}),
    Row("catalogue:product", MISSING, same(404), HYDROGEN | {"product": "nothing"}),
    Row("catalogue:adopt", "现行的 in force", only(*EDITORS, status=302), VERSION, "POST", {"reason": "换用"}),
    Row("catalogue:names", PUBLISHED, same(200)),
    Row("catalogue:name-new", "表单 form", only(*EDITORS)),
    Row("catalogue:name-new", "空的 empty", only(*EDITORS, status=422), {}, "POST", {"target": ""}),
    Row("catalogue:name", "表述 name", only(*EDITORS), {"pk": "$product-name"}),
    Row("catalogue:name", MISSING, same(404), {"pk": "999999"}),
    Row("catalogue:name-remove", "表述 name", only(*EDITORS, status=302), {"pk": "$product-name"}, "POST"),
    Row("catalogue:local-lists", PUBLISHED, same(200)),
    Row("catalogue:local-new", "表单 form", only(*REPORTERS)),
    Row("catalogue:local-list", OWN_LIST, same(200), {"pk": "$local"}),
    Row("catalogue:local-list", MISSING, same(404), {"pk": "999999"}),
    Row("catalogue:local-export", OWN_LIST, same(200), {"pk": "$local"}),
    own("map", 302, revision="0", shown="$local-item"),
    own("add", 302, lines="固态储氢"),
    own("remove", 422, item="999999"),
    own("delete", 422, reason=""),
    Row("catalogue:draft-start", "已有草案 one is open", only(*EDITORS, status=302), {}, "POST"),
    Row("catalogue:draft", DRAFT, only(*EDITORS), {"pk": "$catalogue-draft"}),
    Row("catalogue:draft", MISSING, same(404), {"pk": "999999"}),
    Row("catalogue:draft-export", DRAFT, only(*EDITORS), {"pk": "$catalogue-draft"}),
    Row("catalogue:draft-excel", DRAFT, only(*EDITORS), {"pk": "$catalogue-draft"}),
    Row("catalogue:draft-excel", "没有文件 no file", only(*EDITORS, status=422), {"pk": "$catalogue-draft"}, "POST"),
    step("publish", s422=EDITORS),
    step("discard", s422=EDITORS),
    step("restore", s409=EDITORS),
    step("rebase", s409=EDITORS),
    Row("catalogue:edit-traps", DRAFT, only(*EDITORS), {"pk": "$catalogue-draft"}),
    Row("catalogue:edit-industry", DRAFT, only(*EDITORS), IN_DRAFT),
    Row("catalogue:edit-industry", "空的 empty", only(*EDITORS, status=422), IN_DRAFT, "POST", {"what": "add-traps"}),
    Row("catalogue:edit-new-segment", DRAFT, only(*EDITORS), IN_DRAFT),
    Row("catalogue:edit-segment", DRAFT, only(*EDITORS), IN_DRAFT | {"segment": "storage"}),
    Row("catalogue:edit-segment", MISSING, same(404), IN_DRAFT | {"segment": "nothing"}),
    Row("catalogue:edit-product", DRAFT, only(*EDITORS), IN_DRAFT | {"product": "station"}),
    Row(
        "catalogue:edit-product",
        "新词条 new term",
        only(*EDITORS, status=302),
        IN_DRAFT | {"product": "station"},
        "POST",
        {"what": "add", "words": "演示乙词", "weight": "core"},
    ),
    Row("enterprises:preview-start", DRAFT, only(*EDITORS, status=302), {"pk": "$catalogue-draft"}, "POST"),
    Row("enterprises:preview-words", DRAFT, only(*EDITORS), IN_DRAFT, "POST", {"words": "储氢瓶"}),
    Row("enterprises:preview", "预览 preview", only(*EDITORS), {"pk": "$preview"}),
    Row("enterprises:preview-progress", "预览 preview", only(*EDITORS), {"pk": "$preview"}),
    Row("enterprises:preview-cancel", "预览 preview", only(*EDITORS, status=302), {"pk": "$preview"}, "POST"),
    Row("GET /api/v1/catalogue", PUBLISHED, same(200)),
    Row("GET /api/v1/catalogue/current", PUBLISHED, same(200)),
    Row("GET /api/v1/catalogue/versions/{code}", PUBLISHED, same(200), VERSION),
    Row("GET /api/v1/catalogue/versions/{code}", MISSING, same(404), {"code": "1999.1"}),
    Row("GET /api/v1/catalogue/compare", PUBLISHED, same(200), data={"a": "2026.1", "b": "2026.1"}),
    Row("GET /api/v1/catalogue/compare", MISSING, same(404), data={"a": "2026.1", "b": "1999.1"}),
]
