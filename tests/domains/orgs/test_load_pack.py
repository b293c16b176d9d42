"""Loading the pack: complete, once, all or nothing, by the system only."""

import pytest
from django.db import transaction

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.actions import load_pack
from xiandao.domains.orgs.models import Counterpart, LoadedPack, Organisation, Region, RegionKind
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.signals import pack_loading
from xiandao.domains.orgs.viewer import system
from xiandao.packs import PolicyPack

pytestmark = pytest.mark.django_db
COUNTIES = (RegionKind.DISTRICT, RegionKind.COUNTY_CITY, RegionKind.COUNTY)


def test_regions_are_those_of_the_pack():
    assert Region.objects.filter(kind=RegionKind.CITY).count() == 13
    assert Region.objects.filter(kind__in=COUNTIES).count() == 95
    assert set(Region.objects.filter(name="鼓楼区").values_list("code", flat=True)) == {"320106", "320302"}


def test_every_zone_has_a_parent_and_its_own_kind():
    zones = Region.objects.filter(kind=RegionKind.ZONE)
    assert zones
    assert all(zone.parent_id and not zone.code.isdigit() for zone in zones)


def test_one_coordinator():
    assert [row.name for row in Organisation.objects.filter(is_coordinator=True)] == ["省发展改革委"]


def test_addressed_counterparts_are_seven_kinds_in_thirteen_cities():
    assert Counterpart.objects.filter(addressed=True).values("bureau").distinct().count() == 7 * 13


def test_a_department_has_at_most_one_counterpart_in_a_city():
    pairs = list(Counterpart.objects.values_list("department", "region"))
    assert len(pairs) == len(set(pairs))


def test_loading_the_same_version_again_changes_nothing(pack):
    before = AuditRecord.objects.count()
    assert load_pack(system("again"), pack=pack) is False
    assert AuditRecord.objects.count() == before


def test_a_person_cannot_load_a_pack(pack, people):
    with pytest.raises(Refused, match="命令行"):
        load_pack(people("coordinator"), pack=pack)


def test_a_failure_in_a_later_domain_leaves_nothing_half_loaded(pack):
    def fails(**_kwargs):
        raise RuntimeError("disk full")

    LoadedPack.objects.all().delete()
    Organisation.objects.filter(name="省科技厅").update(name_en="before")
    pack_loading.connect(fails)
    try:
        with pytest.raises(RuntimeError, match="disk full"), transaction.atomic():
            load_pack(system("tests"), pack=pack)
    finally:
        pack_loading.disconnect(fails)
    assert not LoadedPack.objects.exists()
    assert Organisation.objects.get(name="省科技厅").name_en == "before"


def test_the_hook_carries_the_pack():
    assert pack_loading.has_listeners(PolicyPack)
