"""Organisations: added, corrected, closed; counterparts; and what loading the pack again leaves alone."""

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import Counterpart, LoadedPack, Organisation, Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
GOOD, WRONG = "91330100799655058B", "91330100799655058A"


@pytest.fixture
def facts():
    """Return a function that gives an organisation of a zone, with some facts said otherwise."""

    def make(**other):
        given = {
            "name": "江北新区科创局",
            "kind": "government",
            "region": Region.objects.get(kind="zone", name__contains="江北"),
        }
        return actions.BodyFacts(**given | other)

    return make


def test_a_zone_gets_its_bodies(people, facts, log):
    made = actions.add_body(
        people("system"), code="jb-kcj", facts=facts(aliases=("新区科创局",), credit_code=f" {GOOD.lower()} ")
    )
    assert (made.credit_code, made.is_local, made.is_active) == (GOOD, True, True)
    assert [alias.name for alias in made.aliases.all()] == ["新区科创局"]
    assert log() == ["orgs.body_added"]
    assert AuditRecord.objects.latest("number").after["region"] == made.region_id
    assert queries.organisations_by_printed_name()["新区科创局"] == made


@pytest.mark.parametrize("who", ["security", "audit", "coordinator", "city"])
def test_only_the_system_administrator_keeps_organisations(people, facts, body, who, log):
    viewer = people(who)
    for act in (
        lambda: actions.add_body(viewer, code="jb-kcj", facts=facts()),
        lambda: actions.edit_body(viewer, code="js-sci", facts=facts()),
        lambda: actions.close_body(viewer, code="js-sci", reason="撤并"),
        lambda: actions.open_body(viewer, code="js-sci"),
        lambda: actions.set_counterpart(viewer, department=body("js-sci"), bureau=body("js-drc")),
        lambda: actions.remove_counterpart(viewer, pk=Counterpart.objects.first().pk),
    ):
        with pytest.raises(Refused, match="只有系统管理员"):
            act()
    assert log() == []


@pytest.mark.parametrize(
    ("field", "other", "says"),
    [
        ("name", {"name": ""}, "名称为1至200"),
        ("kind", {"kind": "club"}, "类别"),
        ("credit_code", {"credit_code": WRONG}, "校验码"),
        ("credit_code", {"credit_code": "123"}, "18位"),
        ("aliases", {"aliases": ("长" * 201,)}, "别名过长"),
    ],
)
def test_faults_are_named_by_field(people, facts, field, other, says, log):
    with pytest.raises(actions.BadBody) as caught:
        actions.add_body(people("system"), code="jb-kcj", facts=facts(**other))
    assert says in caught.value.faults[field]
    assert log() == []
    assert not Organisation.objects.filter(code="jb-kcj").exists()


def test_codes_credit_codes_and_aliases_are_taken_once(people, facts):
    actions.add_body(people("system"), code="jb-kcj", facts=facts(credit_code=GOOD, aliases=("科创局",)))
    for code, says in (("jb-kcj", "已被使用"), ("JB", "小写字母"), ("", "小写字母")):
        with pytest.raises(actions.BadBody) as caught:
            actions.add_body(people("system"), code=code, facts=facts())
        assert says in caught.value.faults["code"]
    with pytest.raises(actions.BadBody) as caught:
        actions.add_body(people("system"), code="jb-2", facts=facts(credit_code=GOOD, aliases=("科创局",)))
    assert "江北新区科创局已用这个信用代码" in caught.value.faults["credit_code"]
    assert "已用于江北新区科创局" in caught.value.faults["aliases"]
    actions.edit_body(people("system"), code="jb-kcj", facts=facts(credit_code=GOOD, aliases=("科创局",)))


def test_nothing_stands_under_itself(people, facts, body):
    one = actions.add_body(people("system"), code="jb-1", facts=facts())
    two = actions.add_body(people("system"), code="jb-2", facts=facts(name="二", parent=one))
    with pytest.raises(actions.BadBody) as caught:
        actions.edit_body(people("system"), code="jb-1", facts=facts(parent=two))
    assert "下级" in caught.value.faults["parent"]


def test_a_correction_outlives_a_new_version_of_the_pack(people, pack, body):
    changed = body("js-sci")
    given = actions.BodyFacts(
        name="省科学技术厅", kind=changed.kind, region=changed.region, full_name=changed.full_name
    )
    actions.edit_body(people("system"), code="js-sci", facts=given)
    record = AuditRecord.objects.latest("number")
    assert (record.before["name"], record.after["name"]) == ("省科技厅", "省科学技术厅")
    LoadedPack.objects.all().delete()
    actions.load_pack(system("again"), pack=pack)
    assert body("js-sci").name == "省科学技术厅"


def test_a_counterpart_is_replaced_and_stays_so(people, pack, facts, body):
    made = actions.add_body(
        people("system"), code="nj-new", facts=facts(name="新局", region=Region.objects.get(code="320100"))
    )
    row = actions.set_counterpart(people("system"), department=body("js-sci"), bureau=made, source="机构改革方案")
    assert AuditRecord.objects.latest("number").action == "orgs.counterpart_set"
    assert [pair.bureau.code for pair in queries.counterparts_of(body("js-sci")).filter(region="320100")] == ["nj-new"]
    LoadedPack.objects.all().delete()
    actions.load_pack(system("again"), pack=pack)
    assert Counterpart.objects.get(pk=row.pk).bureau.code == "nj-new"
    with pytest.raises(Conflict, match="已是"):
        actions.set_counterpart(people("system"), department=body("js-sci"), bureau=made, source="机构改革方案")
    actions.remove_counterpart(people("system"), pk=row.pk)
    assert not Counterpart.objects.filter(pk=row.pk).exists()


def test_a_counterpart_is_another_body_of_another_place_in_use(people, body):
    for bureau in (body("js-sci"), body("js-drc")):
        with pytest.raises(Refused, match="下级地区的另一机构"):
            actions.set_counterpart(people("system"), department=body("js-sci"), bureau=bureau)
    closed = Counterpart.objects.filter(department=body("js-sci")).first().bureau
    closed.is_active = False
    with pytest.raises(Refused, match="已停用"):
        actions.set_counterpart(people("system"), department=body("js-drc"), bureau=closed)


def test_closing_asks_for_a_reason_and_for_nobody_left_inside(people, facts, log):
    with pytest.raises(Refused, match="在任岗位"):
        actions.close_body(people("system"), code="js-sci", reason="撤并")
    with pytest.raises(Refused, match="统筹协调单位不能停用"):
        actions.close_body(people("system"), code="js-drc", reason="撤并")
    one = actions.add_body(people("system"), code="jb-1", facts=facts())
    actions.add_body(people("system"), code="jb-2", facts=facts(name="二", parent=one))
    with pytest.raises(Refused, match="下级机构"):
        actions.close_body(people("system"), code="jb-1", reason="撤并")
    with pytest.raises(Refused, match="理由"):
        actions.close_body(people("system"), code="jb-2", reason=" ")
    actions.close_body(people("system"), code="jb-2", reason="撤并")
    with pytest.raises(Conflict):
        actions.close_body(people("system"), code="jb-2", reason="撤并")
    actions.open_body(people("system"), code="jb-2")
    with pytest.raises(Conflict):
        actions.open_body(people("system"), code="jb-2")
    assert log()[-2:] == ["orgs.body_closed", "orgs.body_opened"]


def test_the_tree_counts_what_stands_in_each_place(django_assert_num_queries):
    with django_assert_num_queries(2):
        [province] = queries.tree()
    assert province.count == Organisation.objects.count()
    assert len([place for place in province.places if place.region.kind == "city"]) == 13
    nanjing = next(place for place in province.places if place.region.code == "320100")
    assert nanjing.count == Organisation.objects.filter(region__code__startswith="3201").count() + sum(
        inside.count for inside in nanjing.places if not inside.region.code.startswith("3201")
    )


def test_adding_on_the_page_keeps_what_was_typed(client_of, facts):
    browser = client_of("system")
    region = facts().region.code
    typed = {"code": "jb-kcj", "name": "科创局", "kind": "government", "region": region, "credit_code": WRONG}
    bad = browser.post("/accounts/bodies/new/", typed)
    assert bad.status_code == 422
    page = bad.content.decode()
    assert "校验码" in page
    assert 'value="科创局"' in page
    answer = browser.post("/accounts/bodies/new/", typed | {"credit_code": "", "aliases": "甲局\n\n乙局"})
    assert answer.headers["Location"] == "/accounts/bodies/jb-kcj/"
    shown = browser.get("/accounts/bodies/jb-kcj/").content.decode()
    assert "甲局、乙局" in shown
    edit = browser.get("/accounts/bodies/jb-kcj/edit/").content.decode()
    assert "甲局\n乙局" in edit
    browser.post("/accounts/bodies/jb-kcj/edit/", typed | {"credit_code": "", "name": "科技创新局", "aliases": ""})
    assert Organisation.objects.get(code="jb-kcj").name == "科技创新局"
