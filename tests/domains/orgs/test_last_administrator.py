"""One of each separated administrator stays, whichever way and on whatever day the others go; words fit their column."""

import datetime as dt

import pytest

from tests.domains.orgs.conftest import TODAY
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import Post
from xiandao.domains.orgs.permission import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def second(people, user, body, role):
    """Another holder of an administrator's role, for good or until a day."""

    def make(code, account, until=None):
        made, _password = actions.create_account(people("system"), account=account, name=account)
        return Post.objects.create(
            user=made, organisation=body("js-drc"), role=role(code), valid_from=TODAY, valid_to=until
        )

    return make


def acting(post):
    return queries.viewer_of(post.user, post_id=post.pk)


def test_a_last_day_given_by_a_change_does_not_take_away_the_last_one(people, post, role):
    with pytest.raises(Refused, match="唯一"):
        actions.propose_change(
            people("system"), post=post("security"), role=role("security_admin"), title="", valid_to=TODAY + DAY
        )


def test_two_cannot_both_go_later(people, post, second):
    other = second("audit_admin", "audit-two")
    grant = actions.propose_end(people("system"), post=post("audit"), last_day=TODAY + 10 * DAY, successor=None)
    actions.approve_grant(people("security"), pk=grant.pk)
    with pytest.raises(Refused, match="唯一"):
        actions.propose_end(people("system"), post=other, last_day=TODAY + 10 * DAY, successor=None)


def test_two_proposed_before_either_is_approved_cannot_both_go(people, post, second):
    other = second("audit_admin", "audit-two")
    day = TODAY + 5 * DAY
    first = actions.propose_end(people("system"), post=post("audit"), last_day=day, successor=None)
    last = actions.propose_end(people("system"), post=other, last_day=day, successor=None)
    actions.approve_grant(people("security"), pk=first.pk)
    with pytest.raises(Refused, match="唯一"):
        actions.approve_grant(people("security"), pk=last.pk)


@pytest.mark.parametrize("days", [0, 3])
def test_one_whose_own_end_is_fixed_does_not_let_the_other_go(people, post, second, days):
    second("audit_admin", "audit-two", until=TODAY + 3 * DAY)
    with pytest.raises(Refused, match="唯一"):
        actions.propose_end(people("system"), post=post("audit"), last_day=TODAY + days * DAY, successor=None)


def test_one_who_stays_as_long_lets_the_other_go(people, post, second):
    second("audit_admin", "audit-two", until=TODAY + 30 * DAY)
    third = second("audit_admin", "audit-three", until=TODAY + 20 * DAY)
    assert actions.propose_end(people("system"), post=third, last_day=TODAY + DAY, successor=None).pk


def test_an_account_is_closed_once_there_is_another_for_good(people, user, second):
    with pytest.raises(Refused, match="唯一"):
        actions.close_account(people("system"), user=user("audit"), reason="调离")
    second("audit_admin", "audit-two")
    closed = actions.close_account(people("system"), user=user("audit"), reason="调离")
    assert not closed.is_active


def test_a_longer_last_day_is_no_loss(people, post, role, second):
    other = second("security_admin", "security-two", until=TODAY + DAY)
    grant = actions.propose_change(
        people("system"), post=other, role=role("security_admin"), title="", valid_to=TODAY + 20 * DAY
    )
    assert grant.valid_to == TODAY + 20 * DAY


def test_a_post_of_the_first_day_of_the_calendar_can_be_ended(people, user, body, role, post):
    made = Post.objects.create(
        user=user("city"), organisation=body("js-drc"), role=role("coordinator"), valid_from=dt.date.min
    )
    assert actions.propose_end(people("system"), post=made, last_day=TODAY, successor=None).pk


@pytest.fixture
def proposed(people, user, body, role):
    return actions.propose_post(
        people("system"), user=user("city"), organisation=body("js-drc"), role=role("coordinator"), valid_from=TODAY
    )


@pytest.mark.parametrize("decide", [actions.approve_grant, actions.refuse_grant])
def test_an_answer_longer_than_its_column_is_refused(people, proposed, decide):
    with pytest.raises(Refused, match="500"):
        decide(people("security"), pk=proposed.pk, answer="长" * 501)
