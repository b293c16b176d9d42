"""A query that does not say for whom raises, whichever way it is read."""

import pytest

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.checks import map_file_exists, no_demo_in_production
from xiandao.domains.orgs.permission import Answer, Refused, UnscopedReadError, refuse
from xiandao.domains.orgs.viewer import PUBLIC, system
from xiandao.domains.plans.models import Measure, Plan, PlanImport, PlanVersion

pytestmark = pytest.mark.django_db

READS = {
    "iterate": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk")),
    "aggregate": lambda rows: rows.aggregate(),
    "slice": lambda rows: list(rows[:1]),
    "in_bulk": lambda rows: rows.in_bulk([1]),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_an_unscoped_read_raises(read):
    with pytest.raises(UnscopedReadError, match="visible_to"):
        read(Plan.objects.all())


def test_related_rows_need_a_scope_too():
    version = PlanVersion.objects.visible_to(PUBLIC).first()
    with pytest.raises(UnscopedReadError):
        list(version.measures.all())
    assert version.measures.visible_to(PUBLIC).count() == 25


def test_a_scope_survives_filtering_and_ordering():
    rows = Measure.objects.visible_to(PUBLIC).filter(no="1").order_by("order")
    assert [row.no for row in rows] == ["1"]


def test_drafts_are_the_coordinating_office_s(people):
    PlanImport.objects.create(name="草稿", source_text="一", source_sha256="0" * 64, created_by="t")
    seen = {who: PlanImport.objects.visible_to(people(who)).count() for who in ("coordinator", "auditor", "city")}
    assert seen == {"coordinator": 1, "auditor": 1, "city": 0}
    assert PlanImport.objects.visible_to(PUBLIC).count() == 0


def test_for_system_asks_for_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Plan.objects.for_system("")


def test_a_refusal_says_why():
    with pytest.raises(Refused, match="请先提交"):
        refuse("请先提交").require()
    Answer(allowed=True).require()


def test_the_system_holds_every_role():
    assert system("job").can(Can.STEER)
    assert not PUBLIC.can(Can.STEER)


def test_a_map_file_that_is_not_there_is_an_error_and_not_a_silent_fallback(settings):
    settings.MAP_FILE = "/nowhere/map.json"
    assert [fault.id for fault in map_file_exists()] == ["orgs.E003"]
    settings.MAP_FILE = ""
    assert map_file_exists() == []


def test_demonstration_is_impossible_where_https_is_enforced(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert [fault.id for fault in no_demo_in_production()] == ["orgs.E001"]
    settings.DEMO_MODE = False
    assert no_demo_in_production() == []
