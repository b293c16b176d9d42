"""The invented register in the database: both versions loaded and identified, the firm known, removed whole."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from xiandao.domains.enterprises.actions.demo import remove_demo
from xiandao.domains.enterprises.demo import fill_demo
from xiandao.domains.enterprises.models import Classification, Enterprise, RegisterVersion, Run
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE, settings.DEMO_MODE = str(tmp_path), True
    return tmp_path


def test_both_versions_are_loaded_and_identified(lake, people):
    made = fill_demo(system("tests"), now=NOW, size=120)
    assert made["registers"] == 2
    registers = RegisterVersion.objects.for_system("test").order_by("number")
    assert [(row.as_of, row.state, row.is_demo) for row in registers] == [
        (dt.date(2025, 10, 28), "superseded", True),
        (dt.date(2026, 10, 31), "current", True),
    ]
    assert sorted(Run.objects.for_system("test").values_list("state", flat=True)) == ["current", "superseded"]
    firm = Enterprise.objects.for_system("test").get(organisation=people("applicant").organisation_id)
    assert firm.name == "示例氢能科技有限公司（演示）"
    counted = Classification.objects.for_system("test").filter(enterprise=firm, run__state="current", decision="in")
    assert list(counted.values_list("industry_id", flat=True)) == ["hydrogen"]
    with pytest.raises(Conflict):
        fill_demo(system("tests"), now=NOW, size=120)


def test_it_is_removed_whole(lake, django_capture_on_commit_callbacks):
    fill_demo(system("tests"), now=NOW, size=60)
    with django_capture_on_commit_callbacks(execute=True):
        remove_demo(system("tests"))
    assert not Enterprise.objects.for_system("test").exists()
    assert not RegisterVersion.objects.for_system("test").exists()
    assert not [file for file in lake.rglob("*") if file.is_file()]


def test_people_and_real_installations_are_refused(lake, people, settings):
    with pytest.raises(Refused):
        fill_demo(people("coordinator"), now=NOW)
    settings.DEMO_MODE = False
    with pytest.raises(Refused):
        fill_demo(system("tests"), now=NOW)
