"""The demonstration shows calls and applications in several states, and goes without a trace but the log."""

import pytest
from django.urls import reverse

from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import system
from xiandao.domains.programmes.demo import fill_demo, remove_demo
from xiandao.domains.programmes.models import Application, Call, Need

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.DEMO_MODE = True


def test_it_is_filled_once_shown_and_removed(client_of):
    made = fill_demo(system("demo fill"))
    assert made == {"calls": 2, "needs": 2, "applications": 4}
    rows = Application.objects.for_system("tests").order_by("code").values_list("state", flat=True)
    assert list(rows) == ["submitted", "correcting", "draft", "draft"]
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
    remove_demo(system("demo remove"))
    for model in (Application, Call, Need):
        assert not model.objects.for_system("tests").exists()
