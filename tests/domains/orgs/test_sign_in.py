"""Signing in: lock-out, second factors, time-out, sessions."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.domains.orgs.conftest import NOON
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions
from xiandao.domains.orgs.permission import Conflict, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MINUTE = dt.timedelta(minutes=1)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "xiandao-demo"


def code(at=NOON):
    return format_hotp_value(hotp_value(SECRET, int(at.timestamp()) // 30))


def try_to(browser, account="city", password=PASSWORD, **extra):
    return browser.post("/accounts/sign-in/", {"username": account, "password": password}, **extra)


@pytest.fixture
def browser():
    return Client()


@pytest.fixture
def with_app(people):
    """The security administrator has an authenticator app; these are the recovery codes."""
    return actions.add_one_time_codes(people("security"), secret=SECRET, code=code())


# Lock-out


def test_the_fifth_failure_locks_for_thirty_minutes(browser, time_machine, log):
    for _n in range(4):
        assert try_to(browser, password="wrong").status_code == 200
    locked = try_to(browser, password="wrong")
    assert locked.status_code == 429
    assert "2026-03-10 12:30" in locked.content.decode()
    assert "安全管理员" in locked.content.decode()
    assert log() == ["orgs.sign_in_failed"] * 5 + ["orgs.locked"]
    time_machine.move_to(NOON + 29 * MINUTE, tick=False)
    assert try_to(browser).status_code == 429
    time_machine.move_to(NOON + 31 * MINUTE, tick=False)
    assert try_to(browser).headers["Location"] == "/"


def test_trying_while_locked_does_not_lengthen_the_lock(browser, time_machine):
    for _n in range(5):
        try_to(browser, password="wrong")
    time_machine.move_to(NOON + 20 * MINUTE, tick=False)
    assert "12:30" in try_to(browser, password="wrong").content.decode()


def test_a_lock_is_for_one_account_at_one_address(browser):
    for _n in range(5):
        try_to(browser, password="wrong")
    assert try_to(Client(), account="city-head").status_code == 302
    assert try_to(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_success_forgets_the_failures_before_it(browser):
    for _n in range(4):
        try_to(browser, password="wrong")
    try_to(browser)
    assert try_to(Client(), password="wrong").status_code == 200


def test_an_unknown_account_is_answered_and_locked_alike_but_not_written_down(browser, log):
    answers = [try_to(browser, account="geheim-wort", password="wrong").status_code for _n in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    record = AuditRecord.objects.filter(action="orgs.sign_in_failed").latest("number")
    assert (record.object_key, record.object_label) == ("ge…", "不存在的账号")
    assert "geheim-wort" not in str(record.content())


def test_the_security_administrator_unlocks(browser, people, client_of, log):
    for _n in range(5):
        try_to(browser, password="wrong")
    page = client_of("security").get("/accounts/security/").content.decode()
    assert "林承办（演示）" in page
    assert "2026-03-10 12:30" in page
    client_of("security").post("/accounts/security/unlock/", {"account": "city"})
    assert log()[-1] == "orgs.unlocked"
    assert try_to(browser).status_code == 302
    with pytest.raises(Conflict, match="没有被锁定"):
        actions.unlock(people("security"), account="city")


@pytest.mark.parametrize("who", ["system", "audit", "coordinator"])
def test_nobody_else_unlocks(people, browser, who):
    for _n in range(5):
        try_to(browser, password="wrong")
    with pytest.raises(Refused, match="只有安全管理员"):
        actions.unlock(people(who), account="city")


def test_nobody_unlocks_herself(people):
    with pytest.raises(Refused, match="不能为自己"):
        actions.unlock(people("security"), account="security")


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(browser, settings):
    settings.PROXIES = 1
    try_to(browser, HTTP_X_FORWARDED_FOR="1.2.3.4, 10.9.8.7")
    assert AuditRecord.objects.latest("number").address == "10.9.8.7"
    settings.PROXIES = 0
    try_to(Client(), HTTP_X_FORWARDED_FOR="1.2.3.4, 10.9.8.7")
    assert AuditRecord.objects.latest("number").address == "127.0.0.1"


# Second factors


def test_an_administrator_can_do_nothing_but_add_a_second_factor(client_of):
    browser = client_of("security", factor=False)
    for path in ("/", "/plans/", "/accounts/me/", "/accounts/grants/", "/accounts/me/password/"):
        assert browser.get(path).headers["Location"] == "/accounts/me/factors/"
    assert browser.get("/api/v1/plans").status_code == 403
    for path in ("/accounts/me/factors/", "/accounts/me/factors/app/", "/accounts/me/factors/passkey/"):
        assert browser.get(path).status_code == 200
    assert "管理员必须有第二因素" in browser.get("/accounts/me/factors/").content.decode()
    assert browser.post("/accounts/sign-out/").headers["Location"] == "/"


def test_registering_an_app_takes_a_right_code_and_shows_recovery_codes_once(client_of, user, log):
    browser = client_of("security", factor=False)
    browser.get("/accounts/me/factors/app/")
    session = browser.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    wrong = browser.post("/accounts/me/factors/app/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.content.decode()
    page = browser.post("/accounts/me/factors/app/", {"code": f"{code()[:3]} {code()[3:]}"})
    assert page.content.decode().count("<li><code>") == 10
    assert log() == ["orgs.factor_added", "orgs.recovery_codes_made"]
    assert browser.get("/accounts/grants/").status_code == 200
    stored = Authenticator.objects.get(user=user("security"), type="totp").data["secret"]
    assert SECRET not in stored


def test_password_then_code_signs_in(browser, with_app, log):
    assert try_to(browser, "security").headers["Location"] == "/accounts/sign-in/code/"
    assert browser.get("/accounts/me/").status_code == 302
    assert log() == []
    assert browser.post("/accounts/sign-in/code/", {"code": code()}).headers["Location"] == "/"
    assert browser.get("/accounts/security/").status_code == 200
    record = AuditRecord.objects.get(action="orgs.signed_in", actor="security")
    assert record.after == {"method": "password", "factor": "totp"}


def test_a_code_is_good_once_and_for_its_time(browser, with_app, time_machine):
    try_to(browser, "security")
    browser.post("/accounts/sign-in/code/", {"code": code()})
    again = Client()
    try_to(again, "security")
    cache.clear()  # what is remembered of a used code stands in the database
    used = again.post("/accounts/sign-in/code/", {"code": code()})
    assert used.status_code == 422
    assert "用过的不能再用" in used.content.decode()
    time_machine.move_to(NOON + 2 * MINUTE, tick=False)
    assert again.post("/accounts/sign-in/code/", {"code": code(NOON + MINUTE)}).status_code == 422
    assert again.post("/accounts/sign-in/code/", {"code": code(NOON + 2 * MINUTE)}).status_code == 302


def test_wrong_codes_lock_too(browser, with_app, log):
    try_to(browser, "security")
    answers = [browser.post("/accounts/sign-in/code/", {"code": "000000"}).status_code for _n in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert browser.post("/accounts/sign-in/code/", {"code": code()}).status_code == 429
    assert log()[-2:] == ["orgs.sign_in_failed", "orgs.locked"]


def test_a_recovery_code_signs_in_once(browser, with_app):
    for expected in (302, 422):
        try_to(browser, "security")
        assert browser.post("/accounts/sign-in/code/", {"code": with_app[0]}).status_code == expected
        browser = Client()


def test_the_step_between_does_not_last_longer_than_a_session(browser, with_app, time_machine):
    try_to(browser, "security")
    time_machine.move_to(NOON + 11 * MINUTE, tick=False)
    assert browser.get("/accounts/sign-in/code/").headers["Location"] == "/accounts/sign-in/"


def test_the_page_wanted_is_reached_after_both_steps(browser, with_app):
    browser.post("/accounts/sign-in/?next=/accounts/grants/", {"username": "security", "password": PASSWORD})
    assert browser.post("/accounts/sign-in/code/", {"code": code()}).headers["Location"] == "/accounts/grants/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_away(browser, target):
    answer = browser.post("/accounts/sign-in/", {"username": "city", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_a_session_without_the_factor_cannot_change_factors(client_of, with_app, user):
    browser = client_of("security", factor=False)
    pk = Authenticator.objects.get(user=user("security"), type="totp").pk
    for answer in (
        browser.get("/accounts/me/factors/"),
        browser.post("/accounts/me/factors/recovery-codes/"),
        browser.get("/accounts/me/factors/app/"),
    ):
        assert answer.headers["Location"] == "/accounts/sign-in/code/"
    # The gate itself asks an administrator for the factor she has.
    assert browser.post(f"/accounts/me/factors/{pk}/remove/").headers["Location"] == "/accounts/sign-in/code/"
    assert Authenticator.objects.filter(user=user("security")).count() == 2


def test_an_administrator_keeps_one_factor_others_may_remove_theirs(people, with_app, user):
    pk = Authenticator.objects.get(user=user("security"), type="totp").pk
    with pytest.raises(Refused, match="必须有第二因素"):
        actions.remove_factor(people("security"), pk=pk)
    with pytest.raises(Authenticator.DoesNotExist):
        actions.remove_factor(people("city"), pk=pk)
    actions.add_one_time_codes(people("city"), secret=SECRET, code=code())
    actions.remove_factor(people("city"), pk=Authenticator.objects.get(user=user("city"), type="totp").pk)
    assert not Authenticator.objects.filter(user=user("city")).exists()


def test_new_recovery_codes_end_the_old(people, with_app, user):
    fresh = actions.renew_recovery_codes(people("security"))
    assert set(fresh).isdisjoint(with_app)
    assert actions.check_code(user("security"), with_app[0]) == ""
    assert actions.check_code(user("security"), fresh[0]) == "recovery_codes"
    with pytest.raises(Refused, match="先登记"):
        actions.renew_recovery_codes(people("city"))


def test_one_app_at_a_time(people, with_app):
    with pytest.raises(Conflict, match="已经登记了验证器"):
        actions.add_one_time_codes(people("security"), secret=SECRET, code=code())


def test_the_security_administrator_clears_what_somebody_lost(people, user, client_of, log):
    actions.add_one_time_codes(people("city"), secret=SECRET, code=code())
    browser = client_of("city")
    with pytest.raises(Refused, match="理由"):
        actions.reset_factors(people("security"), user=user("city"), reason=" ")
    actions.reset_factors(people("security"), user=user("city"), reason="手机丢失")
    assert browser.get("/accounts/me/").status_code == 302
    assert not actions.has_factor(user("city"))
    assert log()[-2:] == ["orgs.session_ended", "orgs.factors_reset"]
    with pytest.raises(Conflict, match="没有登记"):
        actions.reset_factors(people("security"), user=user("city"), reason="手机丢失")


def test_nobody_else_clears_them_and_nobody_her_own(people, user):
    for who in ("system", "audit", "coordinator"):
        with pytest.raises(Refused, match="只有安全管理员"):
            actions.reset_factors(people(who), user=user("city"), reason="手机丢失")
    with pytest.raises(Refused, match="自己"):
        actions.reset_factors(people("security"), user=user("security"), reason="手机丢失")


def test_after_another_secret_key_a_factor_is_wrong_and_no_page_breaks(browser, with_app, settings, client_of):
    settings.SECRET_KEY = "another-" + "y" * 50
    try_to(browser, "security")
    for given in (code(), with_app[0]):
        assert browser.post("/accounts/sign-in/code/", {"code": given}).status_code == 422
    assert client_of("security").get("/accounts/me/factors/").status_code == 200
