"""Kinds of task that exist in these tests alone, and tasks of the demonstration people's organisations."""

import datetime as dt

import pytest
from django.db import transaction

from tests.domains.inbox.support import CALLS, KINDS
from xiandao.domains.inbox import registry
from xiandao.domains.inbox.actions import NewTask, open_tasks
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.viewer import system

# A Wednesday in a year whose holiday notice is out, with no holiday near.
TODAY = dt.date(2026, 3, 18)
NOW = dt.datetime(2026, 3, 18, 2, 0, tzinfo=dt.UTC)  # 10:00 in Nanjing


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    CALLS.clear()
    for kind in KINDS:
        monkeypatch.setitem(registry._kinds, kind.code, kind)


@pytest.fixture
def me(people):
    return people("city")


@pytest.fixture
def head(people):
    return people("city-head")


@pytest.fixture
def task(me):
    """Return a function that opens a task for the city's bureau and returns it as it stands."""

    def make(key="1", kind=KINDS[0], who=me, now=NOW, **more):
        new = NewTask(
            kind=kind,
            organisation_id=who.organisation_id,
            object_kind="thing",
            object_key=key,
            subject=f"第{key}件",
            **more,
        )
        with transaction.atomic():
            open_tasks(system("tests"), [new], now=now)
        return Task.objects.for_system("test").get(kind=kind.code, object_key=key, state="open")

    return make


@pytest.fixture
def again():
    return lambda row: Task.objects.for_system("test").select_related("person", "handed_by").get(pk=row.pk)
