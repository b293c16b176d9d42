"""A person lets a colleague act for her until a day; several posts, one acted in at a time."""

import datetime as dt

import pytest

from tests.domains.orgs.conftest import NOON, TODAY
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Post
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.signals import post_ended
from xiandao.domains.orgs.viewer import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = dt.timedelta(days=1)
FRIDAY = dt.date(2026, 3, 13)


@pytest.fixture
def delegated(people, post):
    """The department's head is away until Friday; the clerk acts for him."""
    return actions.delegate(people("department-head"), to=post("department"), until=FRIDAY, reason="出差")


def acting(delegated):
    return queries.viewer_of(delegated.user, post_id=delegated.pk)


def test_a_colleague_acts_in_the_post_and_the_log_says_for_whom(people, delegated):
    viewer = acting(delegated)
    assert (viewer.role, viewer.account) == ("department_head", "department")
    assert viewer.post_label == "省科技厅 部门负责人（受方审定（演示）委托）"
    actions.post_chosen(viewer, post_id=queries.current_posts(delegated.user).first().pk)
    assert AuditRecord.objects.latest("number").post == "省科技厅 部门负责人（受方审定（演示）委托）"


def test_delegating_is_recorded_with_its_reason(delegated):
    record = AuditRecord.objects.latest("number")
    assert (record.action, record.actor, record.reason) == ("orgs.delegated", "department-head", "出差")
    assert record.after["valid_to"] == "2026-03-13"


def test_what_was_delegated_cannot_be_passed_on(post, delegated):
    assert not acting(delegated).can(Can.DELEGATE)
    with pytest.raises(Refused, match="不能再委托"):
        actions.delegate(acting(delegated), to=post("department-head"), until=FRIDAY)


def test_it_ends_by_itself_after_its_last_day(delegated):
    held = {day: queries.current_posts(delegated.user, on=day).count() for day in (FRIDAY, FRIDAY + DAY)}
    assert held == {FRIDAY: 2, FRIDAY + DAY: 1}


def test_its_open_work_goes_back_when_it_has_lapsed(delegated, post):
    calls = []
    listener = lambda **given: calls.append((given["post"].pk, given["successor"].pk))  # noqa: E731 — connected and let go
    post_ended.connect(listener)
    actions.end_lapsed_posts(system("clock"), now=NOON + 4 * DAY)
    post_ended.disconnect(listener)
    assert calls == [(delegated.pk, delegated.delegated_from_id)]


@pytest.mark.parametrize("who", ["department-head", "department"])
def test_both_sides_can_end_it_at_once(people, delegated, log, who):
    actions.revoke_delegation(people(who), pk=delegated.pk)
    assert queries.current_posts(delegated.user).count() == 1
    assert log() == ["orgs.delegation_ended"]
    with pytest.raises(Conflict):
        actions.revoke_delegation(people(who), pk=delegated.pk)


def test_others_do_not_find_it(people, delegated):
    for who in ("city", "system", "security", "coordinator"):
        with pytest.raises(Post.DoesNotExist):
            actions.revoke_delegation(people(who), pk=delegated.pk)


def test_it_ends_with_the_post_it_comes_from(people, post, delegated):
    origin = delegated.delegated_from
    successor = post_of_colleague(origin)
    grant = actions.propose_end(people("system"), post=origin, last_day=TODAY - DAY, successor=successor)
    actions.approve_grant(people("security"), pk=grant.pk)
    delegated.refresh_from_db()
    assert delegated.ended_at == NOON
    assert queries.current_posts(delegated.user).count() == 1


def post_of_colleague(origin):
    return queries.colleagues(origin.organisation, but=origin.user_id).first()


def test_it_ends_when_the_role_it_comes_from_changes(people, delegated, role):
    origin = delegated.delegated_from
    grant = actions.propose_change(
        people("system"), post=origin, role=role("department_clerk"), title="", valid_to=None
    )
    actions.approve_grant(people("security"), pk=grant.pk)
    delegated.refresh_from_db()
    assert delegated.ended_at == NOON


@pytest.mark.parametrize("who", ["auditor", "applicant", "expert", "system", "security", "audit"])
def test_who_lacks_the_capability_cannot_delegate(people, post, who):
    with pytest.raises(Refused):
        actions.delegate(people(who), to=post("department"), until=FRIDAY)


def test_only_to_a_colleague_until_a_day_that_comes(people, post):
    head = people("department-head")
    for to in (post("city"), post("department-head")):
        with pytest.raises(Refused, match="本机构在岗的同事"):
            actions.delegate(head, to=to, until=FRIDAY)
    with pytest.raises(Refused, match="截止日期已过"):
        actions.delegate(head, to=post("department"), until=TODAY - DAY)


def test_not_beyond_one_s_own_last_day(people, post):
    Post.objects.filter(user__username="department-head").update(valid_to=TODAY)
    with pytest.raises(Refused, match="晚于本人岗位的止期"):
        actions.delegate(people("department-head"), to=post("department"), until=FRIDAY)


def test_not_twice_to_the_same_colleague(people, delegated):
    to = delegated.user.posts.get(delegated_from__isnull=True)
    with pytest.raises(Conflict, match="已经委托给陈牵头"):
        actions.delegate(people("department-head"), to=to, until=FRIDAY)


def test_not_to_somebody_whose_role_excludes_it(people, post, user):
    # The auditor of the demonstration sits in the coordinating office.
    with pytest.raises(Refused, match="互斥"):
        actions.delegate(people("coordinator"), to=post("auditor"), until=FRIDAY)


def test_choosing_a_post_changes_what_one_sees_and_is_recorded(client_of, delegated, log):
    browser = client_of("department")
    answer = browser.post("/accounts/post/", {"post": delegated.pk, "next": "/plans/"})
    assert answer.headers["Location"] == "/plans/"
    assert log() == ["orgs.post_chosen"]
    page = browser.get("/accounts/me/").content.decode()
    assert "受方审定（演示）委托" in page
    browser.post("/accounts/post/", {"post": delegated.pk})
    assert log() == ["orgs.post_chosen"]


def test_a_post_that_is_not_hers_changes_nothing(client_of, post, log):
    browser = client_of("department")
    for wanted in (post("city").pk, "x", "9" * 30):
        assert browser.post("/accounts/post/", {"post": wanted, "next": "//evil.example"}).headers["Location"] == "/"
    assert log() == []


def test_the_menu_ticks_the_post_acted_in(client_of, delegated):
    page = client_of("department").get("/plans/").content.decode()
    menu = page[page.index("以哪个岗位办事") : page.index("我的账号")]
    assert menu.count('name="post"') == 2
    assert menu.count('aria-current="true"') == 1
    assert "到 2026-03-13" in menu


def test_delegating_on_the_page(client_of, post, log):
    browser = client_of("department-head")
    refused = browser.post(
        "/accounts/me/delegate/", {"to": post("department").pk, "until": "2026-03-01", "reason": "出差"}
    )
    assert refused.status_code == 422
    assert "截止日期已过" in refused.content.decode()
    assert "出差" in refused.content.decode()
    browser.post("/accounts/me/delegate/", {"to": post("department").pk, "until": "2026-03-13"})
    assert log() == ["orgs.delegated"]
    assert "代行" in browser.get("/accounts/me/").content.decode()
