"""The invented review: what it shows, that it is marked, quick enough, and goes without a trace in what counts."""

import pytest
from django.test import override_settings

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.demo import fill_demo as fill_firms
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.labelling.demo import fill_demo, remove_demo
from xiandao.domains.labelling.models import Item, Label, Objection, Sample
from xiandao.domains.labelling.queries.samples import agreements
from xiandao.domains.orgs.actions import remove_demo_people
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

SYSTEM = system("tests")


@pytest.fixture
def lake(tmp_path):
    with override_settings(LAKE=str(tmp_path / "lake")):
        yield tmp_path


@pytest.fixture
def filled(db, lake):
    fill_firms(SYSTEM, size=600)
    return fill_demo(SYSTEM)


def test_each_page_has_something_to_show(filled, client_of):
    finished = Sample.objects.for_system("tests").get(state="closed")
    waiting = Sample.objects.for_system("tests").get(state="open")
    assert finished.is_demo
    assert waiting.is_demo
    assert "（演示）" in finished.title
    assert Item.objects.for_system("tests").filter(sample=waiting, state="disputed").exists()
    assert Item.objects.for_system("tests").filter(sample=waiting, state="open").exists()
    assert sorted(Objection.objects.for_system("tests").values_list("state", flat=True)) == ["dismissed", "raised"]
    assert not Label.objects.for_system("tests").filter(is_demo=False).exists()
    (agreement,) = agreements(finished)
    assert 0.6 < agreement.belonging.value < 0.98
    client = client_of("coordinator")
    for url in (
        "/labelling/",
        "/labelling/quality/",
        "/labelling/disputes/",
        "/labelling/labels/",
        "/labelling/objections/",
        f"/labelling/samples/{finished.pk}/agreement/",
        f"/labelling/samples/{waiting.pk}/",
        f"/labelling/samples/{waiting.pk}/desk/",
    ):
        assert client.get(url, follow=True).status_code == 200, url
    assert "约 " in client.get("/labelling/quality/").content.decode()


def test_firms_of_the_lake_without_a_term_are_drawn(filled):
    finished = Sample.objects.for_system("tests").get(state="closed")
    unseen = Item.objects.for_system("tests").filter(sample=finished, stratum="none").select_related("enterprise")
    assert len(unseen) == 60
    assert all(item.enterprise.name and item.enterprise.scope for item in unseen)


def test_it_is_filled_once_and_only_by_the_system(filled, office):
    with pytest.raises(Conflict, match="已有数据"):
        fill_demo(SYSTEM)
    with pytest.raises(Refused, match="演示模式"):
        fill_demo(office)
    with pytest.raises(Refused, match="命令行"):
        remove_demo(office)


def test_without_firms_there_is_nothing_to_review(db):
    with pytest.raises(Conflict, match="没有演示名录"):
        fill_demo(SYSTEM)


def test_it_goes_with_the_demonstration(filled):
    remove_demo_people(SYSTEM)
    for model in (Sample, Item, Label, Objection):
        assert not model.objects.for_system("tests").exists()
    assert not Task.objects.for_system("tests").filter(kind__startswith="labelling.").exists()
    assert not Attachment.objects.for_system("tests").filter(holder_kind="labelling.objection").exists()
    assert AuditRecord.objects.filter(action="labelling.demo_removed").exists()
