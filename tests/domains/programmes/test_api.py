"""The interface: calls for everybody, applications for their own, by the same rules as the pages."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.domains.programmes.conftest import GOOD
from xiandao.domains.orgs.models import User
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.models import Application, Call

pytestmark = pytest.mark.django_db
BASE = "/api/v1/programmes"


@pytest.fixture
def draft(firm, lead, call_of):
    now = timezone.now()
    call = call_of(lead)
    Call.objects.for_system("tests").filter(pk=call.pk).update(
        opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=40)
    )
    return act.start_application(firm, call_code=call.code)


def browser(account):
    client = Client()
    client.force_login(User.objects.get(username=account))
    return client


def test_a_call_brings_its_form_and_conditions(draft):
    assert Client().get(f"{BASE}/calls").json()["items"][0]["open"] is True
    call = Client().get(f"{BASE}/calls/{draft.call.code}").json()
    assert call["programme"] == "demonstration-firm"
    assert call["form"][0]["key"] == "applicant"
    assert call["eligibility"][0]["source"]["confidence"] == "default_ours"


def test_a_draft_is_saved_and_handed_in(draft, with_files, rival):
    client = browser("applicant")
    url = f"{BASE}/applications/{draft.code}"
    saved = client.post(f"{url}/draft", {"revision": 0, "data": GOOD}, content_type="application/json")
    assert saved.json()["revision"] == 1
    stale = client.post(f"{url}/draft", {"revision": 0, "data": {"staff": "1"}}, content_type="application/json")
    assert stale.status_code == 409
    wanting = client.post(f"{url}/submit")
    assert wanting.status_code == 422
    assert ["promise_file"] in [fault["loc"] for fault in wanting.json()["detail"]]
    row = Application.objects.for_system("tests").select_related("call__version").get()
    with_files(row)
    read = client.get(url).json()
    assert read["gaps"] == []
    assert {finding["outcome"] for finding in read["eligibility"]} == {"pass"}
    assert client.post(f"{url}/submit").json()["state"] == "submitted"
    other = browser("rival")
    assert other.get(url).status_code == 404
    assert other.get(f"{BASE}/applications").json()["count"] == 0
    assert other.post(f"{url}/submit").status_code == 404
    assert browser("lead").get(url).status_code == 404
