"""Lists of people issue the same number of queries whatever their length, and export the rows they show."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.orgs.conftest import NOON, TODAY
from xiandao.domains.orgs.models import Grant, GrantKind, OpenSession, Organisation, Post, Role, User

pytestmark = pytest.mark.django_db


def make(rows: int) -> None:
    """Make so many people, each with a post, a proposal, a session, and a body of their own."""
    clerk, coordinator = Role.objects.get(code="department_clerk"), Organisation.objects.get(code="js-drc")
    bodies = Organisation.objects.bulk_create(
        Organisation(code=f"x{rows}-{n}", name=f"机构{n}", kind="office", region_id="320000", parent=coordinator)
        for n in range(rows)
    )
    users = User.objects.bulk_create(User(username=f"x{rows}-{n}", name=f"人{n}") for n in range(rows))
    Post.objects.bulk_create(
        Post(user=user, organisation=body, role=clerk, valid_from=TODAY)
        for user, body in zip(users, bodies, strict=True)
    )
    Grant.objects.bulk_create(
        Grant(
            kind=GrantKind.NEW,
            user=user,
            organisation=coordinator,
            role=clerk,
            valid_from=TODAY,
            proposed_by=users[0],
            proposed_at=NOON,
        )
        for user in users
    )
    now = dt.datetime.now(dt.UTC)
    OpenSession.objects.bulk_create(
        OpenSession(user=user, session_key=f"{rows}-{n}", started_at=now, seen_at=now) for n, user in enumerate(users)
    )


PAGES = {
    "people": ("system", "/accounts/people/"),
    "people by role": ("system", "/accounts/people/?role=department_clerk&body=机构&active=1&q=人"),
    "people as Excel": ("security", "/accounts/people/?export=xlsx"),
    "grants": ("security", "/accounts/grants/"),
    "grants as Excel": ("security", "/accounts/grants/?state=waiting&export=xlsx"),
    "organisations": ("system", "/accounts/bodies/"),
    "tree": ("system", "/accounts/bodies/tree/"),
    "organisation": ("system", "/accounts/bodies/js-drc/"),
    "sessions": ("security", "/accounts/security/sessions/"),
    "a new post": ("system", "/accounts/people/1/posts/new/"),
}


@pytest.mark.parametrize(("account", "page"), PAGES.values(), ids=PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client_of, account, page):
    browser = client_of(account)
    page = page.replace("/1/", f"/{User.objects.get(username='city').pk}/")
    counts = {}
    for rows in (1, 3, 300):
        make(rows)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        counts[rows] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 20


def test_grants_begin_with_what_waits(client_of):
    make(1)
    Grant.objects.for_system("test").update(state="refused")
    browser = client_of("security")
    assert "人0" not in browser.get("/accounts/grants/").content.decode()
    assert "人0" in browser.get("/accounts/grants/?state=refused").content.decode()


def test_ticked_grants_are_approved_together(client_of):
    make(3)
    browser = client_of("security")
    page = browser.get("/accounts/grants/").content.decode()
    assert page.count('form="bulk"') == 3
    pks = list(Grant.objects.for_system("test").values_list("pk", flat=True))
    browser.post("/accounts/grants/approve/", {"grant": pks})
    assert Grant.objects.for_system("test").filter(state="approved").count() == 3
    assert 'form="bulk"' not in client_of("system").get("/accounts/grants/?state=waiting").content.decode()


def test_a_refusal_on_the_page_says_why(client_of):
    make(1)
    grant = Grant.objects.for_system("test").get()
    browser = client_of("security")
    answer = browser.post(f"/accounts/grants/{grant.pk}/refuse/", {"answer": ""}, follow=True)
    assert "请写明驳回的理由" in answer.content.decode()
    answer = browser.post(f"/accounts/grants/{grant.pk}/refuse/", {"answer": "编制已满"}, follow=True)
    assert "编制已满" in answer.content.decode()


def test_a_post_is_proposed_changed_and_ended_on_pages(client_of):
    user = User.objects.get(username="city")
    browser, approver = client_of("system"), client_of("security")
    new = f"/accounts/people/{user.pk}/posts/new/"
    given = {"organisation": "js-drc", "role": "auditor", "valid_from": "2026-01-01"}
    refused = browser.post(new, given)
    assert refused.status_code == 422
    assert "互斥" in refused.content.decode()
    assert browser.post(new, given | {"role": "coordinator", "title": "挂职"}).status_code == 302
    assert browser.post(new, given | {"role": "coordinator"}).status_code == 409
    grant = Grant.objects.for_system("test").get()
    approver.post(f"/accounts/grants/{grant.pk}/approve/")
    post = user.posts.get(role="coordinator")
    change = f"/accounts/posts/{post.pk}/change/"
    assert browser.post(change, {"role": "coordinator", "title": "挂职"}).status_code == 409
    assert browser.post(change, {"role": "coordinator", "title": "副处长"}).status_code == 302
    waiting = Grant.objects.for_system("test").get(kind="change")
    assert "<s>挂职</s>" in approver.get(f"/accounts/grants/{waiting.pk}/").content.decode()
    browser.post(f"/accounts/grants/{waiting.pk}/withdraw/")
    successor = Post.objects.get(user__username="coordinator")
    end = f"/accounts/posts/{post.pk}/end/"
    assert browser.post(end, {"last_day": "2020-01-01"}).status_code == 422
    assert browser.post(end, {"last_day": "2026-01-31", "successor": successor.pk}).status_code == 302
    approver.post(f"/accounts/grants/{Grant.objects.for_system('test').get(kind='end').pk}/approve/")
    assert "交给周统筹" in browser.get(f"/accounts/people/{user.pk}/").content.decode()
