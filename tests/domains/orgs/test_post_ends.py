"""A post ends: by a grant or with its day, and what is open is handed on in the same transaction."""

import datetime as dt

import pytest

from tests.domains.orgs.conftest import NOON, TODAY
from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.models import GrantState, Post
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.signals import post_ended
from xiandao.domains.orgs.viewer import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def heard():
    """What the signal of an ended post carried."""
    calls = []

    def listen(**given):
        calls.append({key: given[key] for key in ("actor", "post", "successor", "today")})

    post_ended.connect(listen)
    yield calls
    post_ended.disconnect(listen)


def test_a_post_that_ended_yesterday_ends_at_approval_and_hands_over(people, post, heard, log):
    mine, head = post("department"), post("department-head")
    grant = actions.propose_end(people("system"), post=mine, last_day=TODAY - DAY, successor=head, reason="调离")
    actions.approve_grant(people("security"), pk=grant.pk)
    [call] = heard
    assert (call["actor"].account, call["post"].pk, call["successor"].pk, call["today"]) == (
        "security",
        mine.pk,
        head.pk,
        TODAY,
    )
    assert not queries.current_posts(mine.user).exists()
    assert log() == ["orgs.grant_proposed", "orgs.post_ending", "orgs.post_ended", "orgs.grant_approved"]


def test_a_post_that_ends_later_is_handed_over_when_its_day_is_over(people, post, heard, time_machine):
    mine = post("department")
    grant = actions.propose_end(people("system"), post=mine, last_day=TODAY, successor=post("department-head"))
    actions.approve_grant(people("security"), pk=grant.pk)
    assert heard == []
    assert queries.current_posts(mine.user).exists()
    assert actions.end_lapsed_posts(system("clock"), now=NOON) == 0
    tomorrow = NOON + DAY
    assert actions.end_lapsed_posts(system("clock"), now=tomorrow) == 1
    assert [call["successor"].user.username for call in heard] == ["department-head"]
    assert actions.end_lapsed_posts(system("clock"), now=tomorrow) == 0


def test_only_the_system_ends_lapsed_posts(people):
    with pytest.raises(Refused):
        actions.end_lapsed_posts(people("security"))


def test_a_listener_that_fails_leaves_the_post_as_it_was(people, post):
    def fails(**_given):
        raise RuntimeError("disk full")

    mine = post("department")
    grant = actions.propose_end(people("system"), post=mine, last_day=TODAY - DAY, successor=None)
    post_ended.connect(fails)
    try:
        with pytest.raises(RuntimeError, match="disk full"):
            actions.approve_grant(people("security"), pk=grant.pk)
    finally:
        post_ended.disconnect(fails)
    grant.refresh_from_db()
    assert grant.state == GrantState.WAITING
    assert queries.current_posts(mine.user).exists()


def test_who_takes_over_is_a_colleague_who_stays(people, post):
    mine = post("department")
    for successor in (post("city"), mine):
        with pytest.raises(Refused, match="同一机构的另一名同事"):
            actions.propose_end(people("system"), post=mine, last_day=TODAY, successor=successor)
    leaving = post("department-head")
    leaving.valid_to = TODAY
    with pytest.raises(Refused, match="届时也已结束"):
        actions.propose_end(people("system"), post=mine, last_day=TODAY, successor=leaving)
    with pytest.raises(Refused, match="早于岗位的起期"):
        actions.propose_end(people("system"), post=mine, last_day=dt.date(2020, 1, 1), successor=None)


def test_a_lapsed_post_whose_work_cannot_be_handed_on_does_not_keep_the_others(people, post, heard, caplog):
    Post.objects.filter(user__username__in=("city", "department")).update(valid_to=TODAY - DAY)

    def fails(post, **_given):
        if post.user.username == "city":
            raise RuntimeError("disk full")

    post_ended.connect(fails)
    try:
        assert actions.end_lapsed_posts(system("clock"), now=NOON) == 1
    finally:
        post_ended.disconnect(fails)
    assert "disk full" in caplog.text
    assert post("city").ended_at is None
    assert actions.end_lapsed_posts(system("clock"), now=NOON) == 1
    assert post("city").ended_at == NOON
