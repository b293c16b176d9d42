"""What is added up is remembered until the next write, for each viewer's scope, and never inside a transaction."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.actions import problems as act
from xiandao.domains.progress.models import Assignment
from xiandao.domains.shared import remember
from xiandao.domains.shared.lists import PageFirst
from xiandao.domains.shared.remember import remembered

TRIED = register("tests.remembering", "试写")


@pytest.fixture
def outside(monkeypatch, db):
    """As if no transaction were open, although the test's own is: what is remembered hangs on the chain alone."""
    cache.clear()
    monkeypatch.setattr(remember, "connection", type("Idle", (), {"in_atomic_block": False}))
    yield
    cache.clear()


@pytest.fixture
def made():
    """Return a list of what was made, and the function that makes the next."""
    calls = []

    def make():
        calls.append(len(calls) + 1)
        return calls[-1]

    return make


@pytest.fixture
def plan_duty(people):
    """A duty of the first city."""
    return Assignment.objects.for_system("tests").filter(organisation=people("city").organisation_id).first()


def write():
    with transaction.atomic():
        audit.record(system("tests"), TRIED, kind="test", key="1", label="试")


def test_the_same_is_made_once_until_something_is_written(outside, made):
    write()
    assert [remembered("a", 1, make=made) for _ in range(3)] == [1, 1, 1]
    write()
    assert [remembered("a", 1, make=made) for _ in range(2)] == [2, 2]


def test_what_it_depends_on_tells_apart(outside, made):
    write()
    assert [remembered("a", key, make=made) for key in (1, 2, 1, 2)] == [1, 2, 1, 2]
    assert remembered("b", 1, make=made) == 3


def test_none_is_remembered_too(outside):
    write()
    calls = []
    for _ in range(2):
        assert remembered("none", make=lambda: calls.append(1)) is None
    assert calls == [1]


def test_inside_a_transaction_everything_is_made_anew(db, made):
    assert connection.in_atomic_block
    assert [remembered("a", 1, make=made) for _ in range(2)] == [1, 2]


def test_scopes_of_colleagues_agree_and_of_others_do_not(people):
    assert people("department").scope != people("department-head").scope
    assert people("city").scope != people("city-other").scope
    assert people("city").scope == people("city").at("127.0.0.9").scope


def test_a_page_shows_the_new_number_after_a_write(outside, client_of, people, plan_duty):
    office = client_of("coordinator")
    assert "人才房源不足" not in office.get("/progress/problems/").content.decode()
    words = act.NewProblem("人才房源不足", "缺200套。", "请协调。")
    act.raise_problem(people("city"), assignment=plan_duty, new=words)
    listed = office.get("/progress/problems/").content.decode()
    assert "人才房源不足" in listed
    assert "共 1 条" in listed


@pytest.mark.django_db
def test_a_list_of_nothing_has_no_rows():
    assert len(PageFirst(User.objects.none())) == 0
    assert len(PageFirst(User.objects.filter(pk__in=[]))) == 0
