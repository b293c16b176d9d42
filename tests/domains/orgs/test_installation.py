"""First administrators, the way back in, the end of the demonstration, security values of one's own."""

import datetime as dt

import pytest
from django.test import Client

from tests.domains.orgs.conftest import NOON
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.actions.bootstrap import FIRST
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.checks import no_demo_people_in_production
from xiandao.domains.orgs.models import Grant, Organisation, SecurityValue, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.signals import demo_removing
from xiandao.domains.orgs.viewer import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PEOPLE = dict(zip(FIRST, (("zhang.san", "张三"), ("li.si", "李四"), ("wang.wu", "王五")), strict=True))


def test_three_different_people_become_the_first_administrators(log):
    made = actions.bootstrap_administrators(system("test"), people=PEOPLE)
    assert [(user.username, role.code) for user, role, _p in made] == [
        ("zhang.san", "system_admin"),
        ("li.si", "security_admin"),
        ("wang.wu", "audit_admin"),
    ]
    assert log() == ["orgs.bootstrapped"] * 3
    assert queries.viewer_of(made[0][0]).can(Can.MANAGE_PEOPLE)
    assert all(user.check_password(password) and user.must_change_password for user, _role, password in made)


def test_once_there_is_an_administrator_there_is_no_second_time():
    actions.bootstrap_administrators(system("test"), people=PEOPLE)
    again = {key: (f"{account}2", name) for key, (account, name) in PEOPLE.items()}
    with pytest.raises(Conflict, match="已经有管理员"):
        actions.bootstrap_administrators(system("test"), people=again)


def test_a_half_done_bootstrap_leaves_nothing(log):
    with pytest.raises(Conflict, match="city 已存在"):
        actions.bootstrap_administrators(system("test"), people=PEOPLE | {FIRST[2]: ("city", "林")})
    assert log() == []
    assert not User.objects.filter(username="zhang.san").exists()


def test_bootstrap_is_for_the_system_three_accounts_and_a_known_organisation(people):
    with pytest.raises(Refused, match="服务器上"):
        actions.bootstrap_administrators(people("system"), people=PEOPLE)
    with pytest.raises(Refused, match="三个不同的账号"):
        actions.bootstrap_administrators(system("test"), people=PEOPLE | {FIRST[1]: PEOPLE[FIRST[0]]})
    with pytest.raises(Refused, match="没有机构 nothing"):
        actions.bootstrap_administrators(system("test"), people=PEOPLE, organisation="nothing")


def test_an_administrator_locked_out_for_good_gets_back_in(people, user, log):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user("security"), type="totp", data={"secret": "x"})
    password = actions.rescue(system("test"), account="security")
    assert user("security").check_password(password)
    assert not actions.has_factor(user("security"))
    assert log() == ["orgs.rescued"]
    with pytest.raises(Refused, match="不是管理员"):
        actions.rescue(system("test"), account="city")
    with pytest.raises(Refused, match="服务器上"):
        actions.rescue(people("system"), account="security")


def test_demonstration_people_and_bodies_go_in_one_command(log):
    heard = []
    listener = lambda **given: heard.append(given["actor"].account)  # noqa: E731 — connected and let go
    demo_removing.connect(listener)
    done = actions.remove_demo_people(system("test"))
    demo_removing.disconnect(listener)
    assert (done.people, done.people_closed, done.bodies, done.bodies_closed) == (15, 0, 4, 0)
    assert not User.objects.filter(is_demo=True).exists()
    assert not Organisation.objects.filter(is_demo=True).exists()
    assert heard == ["system:test"]
    assert log() == ["orgs.demo_removed"]
    assert actions.remove_demo_people(system("test")) == (0, 0, 0, 0)
    assert log() == ["orgs.demo_removed"]


def test_who_is_referred_to_is_closed_instead(people, user, body, role, settings):
    made, _password = actions.create_account(people("system"), account="li.si", name="李四")
    grant = actions.propose_post(
        people("system"), user=made, organisation=body("demo-fund"), role=role("fund_officer"), valid_from=NOON.date()
    )
    actions.approve_grant(people("security"), pk=grant.pk)
    done = actions.remove_demo_people(system("test"))
    # The two administrators stand in a grant that stays; the fund has a post.
    assert (done.people, done.people_closed, done.bodies, done.bodies_closed) == (13, 2, 3, 1)
    assert not user("system").is_active
    assert not user("system").has_usable_password()
    assert not body("demo-fund").is_active
    assert Grant.objects.for_system("test").filter(pk=grant.pk).exists()
    settings.DEMO_MODE = False
    assert no_demo_people_in_production(databases=["default"]) == []


def test_only_the_system_removes_them(people):
    with pytest.raises(Refused, match="服务器上"):
        actions.remove_demo_people(people("system"))


def test_production_stops_on_demonstration_people(settings):
    assert no_demo_people_in_production(databases=["default"]) == []
    settings.DEMO_MODE = False
    assert [fault.id for fault in no_demo_people_in_production(databases=["default"])] == ["orgs.E004"]
    assert no_demo_people_in_production(databases=None) == []


def test_outside_the_demonstration_they_cannot_sign_in_nor_stay_signed_in(client_of, settings):
    browser = client_of("city")
    settings.DEMO_MODE = False
    assert browser.get("/accounts/me/").status_code == 302
    answer = Client().post("/accounts/sign-in/", {"username": "city", "password": "xiandao-demo"})
    assert "账号或密码不对" in answer.content.decode()


def test_an_office_sets_values_of_its_own_and_goes_back(people, pack, log):
    actions.set_security_value(people("security"), key="idle_timeout", value=20, reason="会议多")
    assert queries.security_policy().idle_timeout == dt.timedelta(minutes=20)
    record = AuditRecord.objects.latest("number")
    assert (record.action, record.before, record.after, record.reason) == (
        "orgs.security_set",
        {"value": 15},
        {"value": 20},
        "会议多",
    )
    with pytest.raises(Conflict, match="没有改动"):
        actions.set_security_value(people("security"), key="idle_timeout", value=20, reason="会议多")
    actions.set_security_value(people("security"), key="idle_timeout", value=None, reason="恢复")
    assert queries.security_policy().idle_timeout == dt.timedelta(minutes=15)


def test_a_value_of_one_s_own_outlives_a_new_version_of_the_pack(people, pack):
    from xiandao.domains.orgs.models import LoadedPack

    actions.set_security_value(people("security"), key="lockout_failures", value=3, reason="从严")
    LoadedPack.objects.all().delete()
    actions.load_pack(system("again"), pack=pack)
    assert queries.security_policy().lockout_failures == 3


@pytest.mark.parametrize(
    ("who", "key", "value", "reason", "says"),
    [
        ("system", "idle_timeout", 20, "会议多", "只有安全管理员"),
        ("coordinator", "idle_timeout", 20, "会议多", "只有安全管理员"),
        ("security", "idle_timeout", 0, "会议多", "1 到 100000"),
        ("security", "password_min_classes", 5, "从严", "1 到 4"),
        ("security", "idle_timeout", 20, " ", "理由"),
        ("security", "factors_admin", 1, "从宽", "标准或法规规定"),
        ("security", "log_retention", 1, "从宽", "标准或法规规定"),
    ],
)
def test_values_are_refused_with_a_reason(people, who, key, value, reason, says, log):
    with pytest.raises(Refused, match=says):
        actions.set_security_value(people(who), key=key, value=value, reason=reason)
    assert log() == []


def test_an_unknown_value_is_not_found(people):
    with pytest.raises(SecurityValue.DoesNotExist):
        actions.set_security_value(people("security"), key="nothing", value=1, reason="试")


def test_without_security_values_nobody_signs_in_and_a_pack_without_them_is_refused(pack):
    from dataclasses import replace

    from xiandao.domains.orgs.models import LoadedPack

    SecurityValue.objects.all().delete()
    LoadedPack.objects.all().delete()
    with pytest.raises(Refused, match="载入"):
        queries.security_policy()
    with pytest.raises(Refused, match=r"security\.yaml"):
        actions.load_pack(system("again"), pack=replace(pack, security=None))
