"""The demonstration shows calls and applications in several states, and goes without a trace but the log."""

from collections import Counter

import pytest
from django.urls import reverse

from xiandao.domains.inbox.models import Task
from xiandao.domains.ledger.models import Entry
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.signals import demo_removing
from xiandao.domains.orgs.viewer import system
from xiandao.domains.programmes.demo import fill_demo, remove_demo
from xiandao.domains.programmes.models import Application, Call, Need, Notice, NoticeObjection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.DEMO_MODE = True


def test_it_is_filled_once_shown_and_removed(client_of):
    made = fill_demo(system("demo fill"))
    assert made == {"calls": 4, "needs": 2, "applications": 10}
    rows = Application.objects.for_system("tests").values_list("state", flat=True)
    assert Counter(rows) == {
        "submitted": 1,
        "correcting": 1,
        "draft": 2,
        "approved": 2,
        "refused": 1,
        "noticed": 2,
        "not_proposed": 1,
    }
    assert list(Notice.objects.order_by("published_at").values_list("state", flat=True)) == ["ended", "running"]
    assert NoticeObjection.objects.for_system("tests").get().state == "received"
    assert Entry.objects.for_system("tests").filter(is_demo=True).exclude(application="").count() == 2
    with pytest.raises(Conflict):
        fill_demo(system("demo fill"))
    assert client_of().get(reverse("programmes:calls")).content.decode().count("（演示）") >= 2
    assert (
        "榜单里还没有需求"
        not in client_of()
        .get(
            reverse("programmes:call", args=[Call.objects.for_system("tests").get(version__programme="open-bid").code])
        )
        .content.decode()
    )
    demo_removing.send(sender=None, actor=system("demo remove"))
    assert not Entry.objects.for_system("tests").filter(is_demo=True).exists()
    assert not Task.objects.for_system("tests").filter(kind__startswith="programmes.").exists()
    assert not Notice.objects.exists()
    remove_demo(system("demo remove"))
    for model in (Application, Call, Need):
        assert not model.objects.for_system("tests").exists()
