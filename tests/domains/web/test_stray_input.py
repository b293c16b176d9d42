"""Characters no database holds, names of pages in place of addresses, accounts longer than any: no page breaks by them."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from xiandao.domains.audit.models import AuditRecord

pytestmark = pytest.mark.django_db


def test_a_nul_in_an_address_is_shown_as_what_it_is(client_of):
    page = client_of("coordinator").get(f"{reverse('progress:reports')}?city=a%00b")
    assert page.status_code == 200
    assert "\x00" not in page.wsgi_request.GET["city"]


def test_a_nul_in_a_form_does_not_reach_the_log_or_the_database(client_of):
    page = client_of().post(reverse("orgs:sign-in"), {"username": "ci\x00ty", "password": "x\x00"})
    assert page.status_code == 200
    assert "ci\ufffdty" in page.content.decode()


def test_an_account_longer_than_any_is_refused_before_it_is_counted(client_of):
    page = client_of().post(reverse("orgs:sign-in"), {"username": "长" * 300, "password": "x"})
    assert page.status_code == 200
    assert not AccessAttempt.objects.exists()
    assert AuditRecord.objects.order_by("-number").first().object_key == "长长…"


@pytest.mark.parametrize("target", ["123", "web:home", "orgs:me", "2026-13-45"])
@pytest.mark.parametrize("address", ["orgs:post", "inbox:seen", "web:language"])
def test_what_is_no_address_leads_home(client_of, address, target):
    answer = client_of("coordinator").post(reverse(address), {"next": target, "language": "zh-hans"})
    assert answer.status_code == 302
    assert answer.url == reverse("web:home")
