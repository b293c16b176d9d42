"""What a password must be, how long it lasts, and what changing it does."""

import datetime as dt

import pytest
from django.test import Client

from tests.domains.orgs.conftest import NOON
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import PasswordUsed, User
from xiandao.domains.orgs.permission import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = dt.timedelta(days=1)
OLD, NEW = "xiandao-demo", "Wanfeng-77"


def faults(user, password):
    return actions.password_faults(password, user=user, policy=queries.security_policy())


def test_the_values_are_those_of_the_handbook():
    policy = queries.security_policy()
    assert (policy.password_min_length, policy.password_min_length_admin, policy.password_min_classes) == (8, 12, 3)
    assert (policy.password_max_age.days, policy.password_history) == (90, 5)
    assert (policy.lockout_failures, policy.lockout_time) == (5, dt.timedelta(minutes=30))
    assert (policy.idle_timeout, policy.idle_timeout_admin) == (dt.timedelta(minutes=15), dt.timedelta(minutes=10))
    assert (policy.sessions_per_admin, policy.factors_admin) == (1, 2)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Ab1-xyz", "至少 8 个字符，现为 7 个"),
        ("wanfengshan", "四类中至少 3 类，现为 1 类"),
        ("wanfeng-shan", "四类中至少 3 类，现为 2 类"),
        ("coordinator", "类"),
        ("密码密码密码密码", "现为 1 类"),
    ],
)
def test_weak_passwords_are_refused_with_what_is_missing(user, password, says):
    assert says in "".join(faults(user("city"), password))


def test_a_good_password_passes(user):
    assert faults(user("city"), NEW) == []
    assert faults(user("city"), "Wf-77-山风x") == []


def test_common_passwords_and_one_s_own_name_are_refused(user):
    assert faults(user("city"), "Password1")
    assert faults(user("coordinator"), "Coordinator-1")


def test_administrators_need_twelve_characters(user):
    assert faults(user("city"), "Wanfeng-771") == []
    assert "至少 12 个字符" in "".join(faults(user("system"), "Wanfeng-771"))


def test_who_is_proposed_as_administrator_needs_twelve_already(people, user, body, role):
    made, _password = actions.create_account(people("system"), account="new.admin", name="新任")
    assert faults(made, "Wanfeng-771") == []
    actions.propose_post(
        people("system"), user=made, organisation=body("js-drc"), role=role("audit_admin"), valid_from=NOON.date()
    )
    assert "至少 12 个字符" in "".join(faults(made, "Wanfeng-771"))


def test_changing_takes_the_old_one_and_is_recorded(people, user, log):
    with pytest.raises(Refused, match="原密码不对"):
        actions.change_password(people("city"), old="wrong", new=NEW)
    actions.change_password(people("city"), old=OLD, new=NEW)
    assert user("city").check_password(NEW)
    assert user("city").password_changed_at == NOON
    assert log() == ["orgs.password_changed"]
    assert NEW not in str(AuditRecord.objects.latest("number").content())


def test_the_last_five_are_not_used_again(people, user):
    words = [f"Wanfeng-{number}" for number in (71, 72, 73, 74, 75)]
    before = OLD
    for word in words:
        actions.change_password(people("city"), old=before, new=word)
        before = word
    for word in words:
        with pytest.raises(actions.BadPassword, match="最近 5 次"):
            actions.change_password(people("city"), old=before, new=word)
    actions.change_password(people("city"), old=before, new="Wanfeng-76")
    actions.change_password(people("city"), old="Wanfeng-76", new=words[0])
    assert PasswordUsed.objects.filter(user=user("city")).count() == 4


@pytest.mark.parametrize(("days", "expired"), [(89, False), (90, False), (91, True)])
def test_a_password_lasts_ninety_days(user, days, expired):
    person = User(username="x", password_changed_at=NOON - days * DAY)
    assert actions.password_expired(person, policy=queries.security_policy(), now=NOON) is expired


def test_one_time_and_unknown_passwords_are_to_be_changed_demonstration_ones_not(user):
    policy = queries.security_policy()
    for person in (User(must_change_password=True, password_changed_at=NOON), User(password_changed_at=None)):
        assert actions.password_expired(person, policy=policy, now=NOON)
    assert not actions.password_expired(user("city"), policy=policy, now=NOON)


@pytest.fixture
def newcomer(people):
    """Somebody who has just been given an account and signed in with the one-time password."""
    _made, password = actions.create_account(people("system"), account="li.si", name="李四")
    browser = Client()
    browser.post("/accounts/sign-in/", {"username": "li.si", "password": password})
    return browser, password


def test_a_newcomer_chooses_a_password_before_anything_else(newcomer):
    browser, password = newcomer
    for path in ("/", "/plans/", "/accounts/me/"):
        assert browser.get(path).headers["Location"] == "/accounts/me/password/"
    assert browser.get("/api/v1/plans").status_code == 403
    assert browser.get("/accounts/me/password/").status_code == 200
    weak = browser.post("/accounts/me/password/", {"old": password, "new": "short", "again": "short"})
    assert weak.status_code == 422
    assert "至少 8 个字符" in weak.content.decode()
    differs = browser.post("/accounts/me/password/", {"old": password, "new": NEW, "again": NEW + "x"})
    assert "两次输入的新密码不一样" in differs.content.decode()
    wrong = browser.post("/accounts/me/password/", {"old": "wrong", "new": NEW, "again": NEW})
    assert "原密码不对" in wrong.content.decode()
    assert browser.post("/accounts/me/password/", {"old": password, "new": NEW, "again": NEW}).status_code == 302
    assert browser.get("/accounts/me/").status_code == 200


def test_changing_it_ends_the_other_sessions_and_not_this_one(newcomer):
    browser, password = newcomer
    other = Client()
    other.post("/accounts/sign-in/", {"username": "li.si", "password": password})
    browser.post("/accounts/me/password/", {"old": password, "new": NEW, "again": NEW})
    assert other.get("/accounts/me/").status_code == 302
    page = browser.get("/accounts/me/").content.decode()
    assert page.count("本会话") == 1


def test_passwords_are_kept_with_argon2(settings):
    from django.contrib.auth.hashers import make_password

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password(NEW).startswith("argon2$argon2id$")
