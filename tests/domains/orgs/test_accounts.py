"""Accounts: made without rights, corrected, closed and opened, by the system administrator."""

import pytest

from tests.domains.orgs.conftest import NOON
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import OpenSession, User
from xiandao.domains.orgs.permission import Conflict, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_a_new_account_has_no_right_and_a_password_to_change(people, log):
    user, password = actions.create_account(people("system"), account="li.si", name="李四", email="li@example.gov.cn")
    assert (user.must_change_password, user.is_active) == (True, True)
    assert User.objects.get(username="li.si").check_password(password)
    assert queries.viewer_of(user).capabilities == frozenset()
    assert log() == ["orgs.account_made"]
    assert password not in str(AuditRecord.objects.latest("number").content())


def test_one_time_passwords_meet_the_policy_of_administrators(people, user):
    policy = queries.security_policy()
    for number in range(5):
        made, password = actions.create_account(people("system"), account=f"a{number}x", name="甲")
        assert len(password) >= 12
        assert actions.password_faults(password + "Z", user=made, policy=policy) == []


@pytest.mark.parametrize("account", ["", "a", "Li", "李四", "-ab", "a b", "x" * 51])
def test_accounts_have_a_form(people, account, log):
    with pytest.raises(Refused, match="小写字母"):
        actions.create_account(people("system"), account=account, name="甲")
    assert log() == []


def test_an_account_exists_once(people):
    with pytest.raises(Conflict, match="city 已存在"):
        actions.create_account(people("system"), account="city", name="甲")


@pytest.mark.parametrize("who", ["security", "audit", "coordinator"])
def test_only_the_system_administrator_keeps_accounts(people, user, who, log):
    viewer, person = people(who), user("city")
    for act in (
        lambda: actions.create_account(viewer, account="li.si", name="李四"),
        lambda: actions.edit_account(viewer, user=person, name="改", email=""),
        lambda: actions.close_account(viewer, user=person, reason="离职"),
        lambda: actions.open_account(viewer, user=person),
        lambda: actions.issue_password(viewer, user=person),
    ):
        with pytest.raises(Refused, match="只有系统管理员"):
            act()
    assert log() == []


def test_a_correction_is_recorded_with_before_and_after(people, user):
    actions.edit_account(people("system"), user=user("city"), name="林改名", email="")
    record = AuditRecord.objects.latest("number")
    assert (record.action, record.before["name"], record.after["name"]) == (
        "orgs.account_edited",
        "林承办（演示）",
        "林改名",
    )
    with pytest.raises(Refused, match="姓名"):
        actions.edit_account(people("system"), user=user("city"), name=" ", email="")
    with pytest.raises(Refused, match="邮箱"):
        actions.edit_account(people("system"), user=user("city"), name="林", email="x@")


def test_a_closed_account_is_out_at_once(people, user, client_of, log):
    browser = client_of("city")
    actions.close_account(people("system"), user=user("city"), reason="离职")
    assert browser.get("/accounts/me/").status_code == 302
    assert not OpenSession.objects.for_system("test").filter(user=user("city")).exists()
    assert log() == ["orgs.session_ended", "orgs.account_closed"]
    with pytest.raises(Conflict):
        actions.close_account(people("system"), user=user("city"), reason="离职")
    actions.open_account(people("system"), user=user("city"))
    with pytest.raises(Conflict):
        actions.open_account(people("system"), user=user("city"))


def test_closing_needs_a_reason_and_spares_oneself_and_the_last_administrator(people, user):
    with pytest.raises(Refused, match="理由"):
        actions.close_account(people("system"), user=user("city"), reason=" ")
    with pytest.raises(Refused, match="自己"):
        actions.close_account(people("system"), user=user("system"), reason="离职")
    with pytest.raises(Refused, match="唯一的安全管理员"):
        actions.close_account(people("system"), user=user("security"), reason="离职")


def test_contact_is_one_s_own_and_not_in_the_log(people, user, client_of):
    actions.edit_contact(people("city"), email="lin@example.gov.cn", phone="025-1234 5678")
    assert user("city").phone == "025-1234 5678"
    assert "1234" not in str(AuditRecord.objects.latest("number").content())
    for who in ("system", "security"):
        assert "1234 5678" not in client_of(who).get(f"/accounts/people/{user('city').pk}/").content.decode()
    assert "1234 5678" in client_of("city").get("/accounts/me/").content.decode()


@pytest.mark.parametrize(("email", "phone"), [("x@", ""), ("", "打给我"), ("", "1")])
def test_contact_has_a_form(people, email, phone):
    with pytest.raises(Refused):
        actions.edit_contact(people("city"), email=email, phone=phone)


def test_a_one_time_password_ends_sessions_and_must_be_changed(people, user, client_of):
    browser = client_of("city")
    password = actions.issue_password(people("system"), user=user("city"))
    assert browser.get("/accounts/me/").status_code == 302
    assert user("city").check_password(password)
    assert user("city").must_change_password
    assert user("city").password_changed_at == NOON
    with pytest.raises(Refused, match="自己的密码"):
        actions.issue_password(people("system"), user=user("system"))


def test_making_an_account_on_the_page_shows_its_password_once(client_of):
    browser = client_of("system")
    bad = browser.post("/accounts/people/new/", {"account": "Li Si", "name": "李四"})
    assert bad.status_code == 422
    assert 'value="Li Si"' in bad.content.decode()
    taken = browser.post("/accounts/people/new/", {"account": "city", "name": "李四"})
    assert taken.status_code == 409
    page = browser.post("/accounts/people/new/", {"account": "li.si", "name": "李四"})
    assert page.status_code == 200
    assert "data-password" in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
