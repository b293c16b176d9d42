"""Sessions: they end when nobody uses them, are listed, and can be ended; an administrator has one."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests.domains.orgs.conftest import NOON
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import OpenSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MINUTE = dt.timedelta(minutes=1)
PASSWORD = "xiandao-demo"


def try_to(browser, account="city", password=PASSWORD, **extra):
    return browser.post("/accounts/sign-in/", {"username": account, "password": password}, **extra)


@pytest.fixture
def browser():
    return Client()


@pytest.mark.parametrize(("account", "minutes"), [("city", 15), ("security", 10)])
def test_a_session_ends_after_idling(client_of, time_machine, log, account, minutes):
    browser = client_of(account)
    time_machine.move_to(NOON + (minutes - 1) * MINUTE, tick=False)
    assert browser.get("/accounts/me/").status_code == 200
    time_machine.move_to(NOON + (2 * minutes - 1) * MINUTE, tick=False)
    answer = browser.get("/accounts/me/?x=1")
    assert answer.headers["Location"] == "/accounts/sign-in/?next=%2Faccounts%2Fme%2F%3Fx%3D1"
    assert log() == ["orgs.timed_out"]
    [message] = get_messages(answer.wsgi_request)
    assert str(message).startswith(f"已有 {minutes} 分钟没有操作")


def test_asking_for_the_time_left_is_no_activity_staying_is(client_of, time_machine):
    browser = client_of("city")
    time_machine.move_to(NOON + 10 * MINUTE, tick=False)
    assert browser.get("/accounts/session/").json()["seconds"] == 5 * 60
    assert browser.post("/accounts/session/").json()["seconds"] == 15 * 60
    time_machine.move_to(NOON + 26 * MINUTE, tick=False)
    assert browser.get("/accounts/session/").json() == {"seconds": 0, "signed_in": False}
    assert browser.get("/accounts/session/").json() == {"seconds": 0, "signed_in": False}


def test_a_post_after_the_time_out_changes_nothing_and_leads_to_signing_in(client_of, time_machine, user):
    browser = client_of("city")
    time_machine.move_to(NOON + 16 * MINUTE, tick=False)
    answer = browser.post(
        "/accounts/me/contact/", {"email": "", "phone": "025 12345678"}, HTTP_REFERER="http://testserver/accounts/me/"
    )
    assert answer.status_code == 302
    assert user("city").phone == ""


def test_htmx_is_told_to_go_to_the_sign_in_page(client_of, time_machine):
    browser = client_of("city")
    time_machine.move_to(NOON + 16 * MINUTE, tick=False)
    answer = browser.get("/plans/", HTTP_HX_REQUEST="true")
    assert answer.headers["HX-Redirect"].startswith("/accounts/sign-in/")


def test_pages_carry_the_clock_and_public_pages_do_not(client_of):
    assert 'data-seconds="870" data-warn="120"' in client_of("city").get("/plans/").content.decode()
    assert "session-dialog" not in client_of().get("/plans/").content.decode()


def test_an_administrator_has_one_session_others_several(browser, people, user, log):
    first, second = Client(), Client()
    for each in (first, second):
        try_to(each, "city")
    assert first.get("/accounts/me/").status_code == 200
    first, second = Client(), Client()
    for each in (first, second):
        each.force_login(user("security"))
    assert first.get("/accounts/me/").headers["Location"].startswith("/accounts/sign-in/")
    assert second.get("/accounts/me/").headers["Location"] == "/accounts/me/factors/"
    assert log()[-1] == "orgs.session_ended"


def test_sessions_are_listed_and_ended_by_their_owner(browser, user, log):
    other = Client()
    try_to(browser, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120")
    try_to(other, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0")
    page = browser.get("/accounts/me/").content.decode()
    assert "Edge · Windows" in page
    assert "Firefox · Linux" in page
    row = OpenSession.objects.for_system("test").get(session_key=other.session.session_key)
    browser.post(f"/accounts/sessions/{row.pk}/end/")
    assert other.get("/accounts/me/").status_code == 302
    assert log()[-1] == "orgs.session_ended"


def test_the_security_administrator_sees_and_ends_everybody_s(browser, client_of, people):
    try_to(browser)
    row = OpenSession.objects.for_system("test").get(session_key=browser.session.session_key)
    assert "林承办" in client_of("security").get("/accounts/security/sessions/").content.decode()
    for who in ("system", "audit", "city-head"):
        with pytest.raises(OpenSession.DoesNotExist):
            actions.end_session(people(who), pk=row.pk)
    actions.end_session(people("security"), pk=row.pk)
    assert browser.get("/accounts/me/").status_code == 302


def test_signing_out_is_recorded_and_closes_the_session(browser, log):
    try_to(browser)
    browser.post("/accounts/sign-out/")
    assert log() == ["orgs.signed_in", "orgs.signed_out"]
    assert not OpenSession.objects.for_system("test").exists()
    assert browser.post("/accounts/sign-out/").status_code == 302


def test_sessions_that_idled_away_are_not_listed(client_of, people, time_machine):
    client_of("city")
    time_machine.move_to(NOON + 16 * MINUTE, tick=False)
    assert queries.open_sessions(people("city")).count() == 0


def test_a_session_from_before_clocks_gets_one(client_of):
    browser = client_of("city")
    session = browser.session
    del session["seen"], session["idle"]
    session.save()
    assert browser.get("/accounts/me/").status_code == 200
    assert browser.session["idle"] == 15 * 60
