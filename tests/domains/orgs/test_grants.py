"""Posts are proposed by one administrator and decided by another."""

import datetime as dt

import pytest

from tests.domains.orgs.conftest import NOON, TODAY
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Grant, GrantState, OpenSession, Post
from xiandao.domains.orgs.permission import Conflict, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def proposed(people, user, body, role):
    """A waiting proposal: the city's clerk is to coordinate as well."""
    return actions.propose_post(
        people("system"),
        user=user("city"),
        organisation=body("js-drc"),
        role=role("coordinator"),
        title="挂职",
        valid_from=TODAY,
        reason="挂职锻炼",
    )


@pytest.fixture
def second(people, user, body, role):
    """A second system administrator and a second security administrator."""

    def make(code: str, account: str):
        made, _password = actions.create_account(people("system"), account=account, name=account)
        return Post.objects.create(user=made, organisation=body("js-drc"), role=role(code), valid_from=TODAY)

    return make


def acting(post: Post):
    return queries.viewer_of(post.user, post_id=post.pk)


def test_a_proposed_post_gives_nothing_until_it_is_approved(people, user, proposed):
    assert [p.role_id for p in queries.current_posts(user("city"))] == ["city_clerk"]
    actions.approve_grant(people("security"), pk=proposed.pk)
    assert [p.role_id for p in queries.current_posts(user("city"))] == ["city_clerk", "coordinator"]


def test_proposing_and_approving_are_recorded_with_who_and_why(people, proposed, log):
    actions.approve_grant(people("security"), pk=proposed.pk, answer="同意")
    first, begun, approved = AuditRecord.objects.order_by("number").reverse()[:3][::-1]
    assert (first.action, first.actor, first.reason) == ("orgs.grant_proposed", "system", "挂职锻炼")
    assert (begun.action, begun.after["role"]) == ("orgs.post_begun", "coordinator")
    assert (approved.action, approved.actor, approved.reason) == ("orgs.grant_approved", "security", "同意")


@pytest.mark.parametrize("who", ["security", "audit", "coordinator", "city"])
def test_only_the_system_administrator_proposes(people, user, body, role, log, who):
    with pytest.raises(Refused, match="只有系统管理员"):
        actions.propose_post(
            people(who), user=user("city"), organisation=body("js-drc"), role=role("coordinator"), valid_from=TODAY
        )
    assert log() == []


@pytest.mark.parametrize("who", ["system", "audit", "coordinator"])
def test_only_the_security_administrator_decides(people, proposed, who):
    viewer = people(who)
    error = Refused if viewer.can(Can.MANAGE_PEOPLE) else Grant.DoesNotExist
    with pytest.raises(error):
        actions.approve_grant(viewer, pk=proposed.pk)
    proposed.refresh_from_db()
    assert proposed.state == GrantState.WAITING


def test_nobody_decides_what_concerns_herself(people, user, proposed):
    Grant.objects.for_system("test").filter(pk=proposed.pk).update(user=user("security"))
    with pytest.raises(Refused, match="不能为自己"):
        actions.approve_grant(people("security"), pk=proposed.pk)


def test_nobody_decides_what_she_proposed_herself(people, user, proposed):
    Grant.objects.for_system("test").filter(pk=proposed.pk).update(proposed_by=user("security"))
    for decide in (actions.approve_grant, actions.refuse_grant):
        with pytest.raises(Refused, match="自己提出"):
            decide(people("security"), pk=proposed.pk, answer="不")


def test_a_refusal_needs_a_reason_and_gives_nothing(people, user, proposed, log):
    with pytest.raises(Refused, match="驳回的理由"):
        actions.refuse_grant(people("security"), pk=proposed.pk, answer=" ")
    actions.refuse_grant(people("security"), pk=proposed.pk, answer="编制已满")
    proposed.refresh_from_db()
    assert (proposed.state, proposed.answer) == (GrantState.REFUSED, "编制已满")
    assert queries.current_posts(user("city")).count() == 1
    assert log()[-1] == "orgs.grant_refused"


def test_what_was_decided_is_not_decided_again(people, proposed):
    actions.approve_grant(people("security"), pk=proposed.pk)
    for decide in (actions.approve_grant, actions.refuse_grant):
        with pytest.raises(Conflict, match="这项申请已批准"):
            decide(people("security"), pk=proposed.pk, answer="再")
    with pytest.raises(Conflict):
        actions.withdraw_grant(people("system"), pk=proposed.pk)


def test_a_proposal_can_be_withdrawn(people, proposed, log):
    actions.withdraw_grant(people("system"), pk=proposed.pk)
    proposed.refresh_from_db()
    assert proposed.state == GrantState.WITHDRAWN
    assert log()[-1] == "orgs.grant_withdrawn"
    with pytest.raises(Refused):
        actions.withdraw_grant(people("security"), pk=proposed.pk)


def test_the_same_post_is_not_proposed_twice(people, user, body, role, proposed):
    with pytest.raises(Conflict, match="正待批准"):
        actions.propose_post(
            people("system"), user=user("city"), organisation=body("js-drc"), role=role("coordinator"), valid_from=TODAY
        )


def test_roles_that_exclude_one_another_are_refused_by_name(people, user, body, role):
    with pytest.raises(Refused, match="审计监督与设区市经办人互斥：林承办（演示）同期任南京市发展改革委"):
        actions.propose_post(
            people("system"), user=user("city"), organisation=body("js-drc"), role=role("auditor"), valid_from=TODAY
        )


def test_an_excluding_role_after_the_other_has_ended_is_fine(people, user, body, role, post):
    Post.objects.filter(pk=post("city").pk).update(valid_to=TODAY)
    grant = actions.propose_post(
        people("system"), user=user("city"), organisation=body("js-drc"), role=role("auditor"), valid_from=TODAY + DAY
    )
    assert actions.approve_grant(people("security"), pk=grant.pk).post.role_id == "auditor"


def test_exclusion_is_looked_at_again_when_approving(people, user, body, role):
    both = [
        actions.propose_post(
            people("system"), user=user("fund"), organisation=body("js-drc"), role=role(code), valid_from=TODAY
        )
        for code in ("auditor", "coordinator")
    ]
    actions.approve_grant(people("security"), pk=both[0].pk)
    with pytest.raises(Refused, match="互斥"):
        actions.approve_grant(people("security"), pk=both[1].pk)
    both[1].refresh_from_db()
    assert both[1].state == GrantState.WAITING


@pytest.mark.parametrize("code", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_hold_nothing_else(people, user, body, role, code):
    with pytest.raises(Refused, match="互斥"):
        actions.propose_post(
            people("system"), user=user("coordinator"), organisation=body("js-drc"), role=role(code), valid_from=TODAY
        )


def test_a_role_is_held_in_its_kinds_of_organisation_only(people, user, body, role):
    with pytest.raises(Refused, match="评审专家只能设在专家机构"):
        actions.propose_post(
            people("system"), user=user("city"), organisation=body("js-drc"), role=role("expert"), valid_from=TODAY
        )


def test_dates_closed_accounts_and_closed_organisations_are_refused(people, user, body, role):
    given = {"organisation": body("js-drc"), "role": role("coordinator"), "valid_from": TODAY}
    with pytest.raises(Refused, match="止期早于起期"):
        actions.propose_post(people("system"), user=user("city"), valid_to=TODAY - DAY, **given)
    closed = user("city-other")
    closed.is_active = False
    with pytest.raises(Refused, match="账号已停用"):
        actions.propose_post(people("system"), user=closed, **given)
    given["organisation"].is_active = False
    with pytest.raises(Refused, match="已停用"):
        actions.propose_post(people("system"), user=user("city"), **given)


def test_several_are_approved_at_once_or_none(people, user, body, role, proposed):
    other = actions.propose_post(
        people("system"), user=user("fund"), organisation=body("js-drc"), role=role("coordinator"), valid_from=TODAY
    )
    Grant.objects.for_system("test").filter(pk=other.pk).update(proposed_by=user("security"))
    with pytest.raises(Refused, match=r"钱基金（演示）.*所选申请都没有批准"):
        actions.approve_grants(people("security"), pks=[proposed.pk, other.pk])
    proposed.refresh_from_db()
    assert proposed.state == GrantState.WAITING
    Grant.objects.for_system("test").filter(pk=other.pk).update(proposed_by=user("system"))
    assert actions.approve_grants(people("security"), pks=[proposed.pk, other.pk]) == 2


def test_a_post_changes_only_when_approved(people, post, role, log):
    grant = actions.propose_change(
        people("system"), post=post("department"), role=role("department_head"), title="处长", valid_to=None
    )
    assert post("department").role_id == "department_clerk"
    actions.approve_grant(people("security"), pk=grant.pk)
    changed = post("department")
    assert (changed.role_id, changed.title) == ("department_head", "处长")
    assert log() == ["orgs.grant_proposed", "orgs.post_changed", "orgs.grant_approved"]


def test_a_change_must_change_something_and_not_end_the_post(people, post, role):
    mine = post("department")
    with pytest.raises(Conflict, match="没有改动"):
        actions.propose_change(people("system"), post=mine, role=mine.role, title="", valid_to=None)
    with pytest.raises(Refused, match="结束岗位"):
        actions.propose_change(people("system"), post=mine, role=mine.role, title="", valid_to=TODAY - DAY)


def test_one_proposal_about_a_post_at_a_time(people, post, role):
    mine = post("department")
    actions.propose_end(people("system"), post=mine, last_day=TODAY, successor=None)
    with pytest.raises(Conflict, match="已有一项待批准"):
        actions.propose_change(people("system"), post=mine, role=role("department_head"), title="", valid_to=None)


@pytest.mark.parametrize("account", ["system", "security", "audit"])
def test_the_last_of_the_separated_administrators_stays(people, post, account):
    with pytest.raises(Refused, match="是唯一的"):
        actions.propose_end(people("system"), post=post(account), last_day=TODAY, successor=None)


def test_an_administrator_can_go_once_there_is_another(people, post, second):
    second("audit_admin", "audit.two")
    grant = actions.propose_end(people("system"), post=post("audit"), last_day=TODAY - DAY, successor=None)
    actions.approve_grant(people("security"), pk=grant.pk)
    assert post("audit").ended_at == NOON


def test_a_new_security_administrator_lets_the_old_one_go(people, post, second):
    new = second("security_admin", "security.two")
    grant = actions.propose_end(people("system"), post=post("security"), last_day=TODAY - DAY, successor=None)
    with pytest.raises(Refused, match="不能为自己"):
        actions.approve_grant(people("security"), pk=grant.pk)
    actions.approve_grant(acting(new), pk=grant.pk)
    assert post("security").ended_at == NOON


def test_becoming_an_administrator_asks_to_sign_in_again(people, user, body, role):
    made, _password = actions.create_account(people("system"), account="new.admin", name="新任")
    OpenSession.objects.create(user=made, session_key="k" * 32, started_at=NOON, seen_at=NOON)
    grant = actions.propose_post(
        people("system"), user=made, organisation=body("js-drc"), role=role("audit_admin"), valid_from=TODAY
    )
    actions.approve_grant(people("security"), pk=grant.pk)
    assert not OpenSession.objects.for_system("test").filter(user=made).exists()


def test_an_ended_post_cannot_be_changed_or_ended_again(people, post, role):
    mine = post("department")
    mine.ended_at = NOON
    with pytest.raises(Conflict, match="已经结束"):
        actions.propose_end(people("system"), post=mine, last_day=TODAY, successor=None)
    with pytest.raises(Conflict, match="已经结束"):
        actions.propose_change(people("system"), post=mine, role=role("department_head"), title="", valid_to=None)
