"""People to act on: a clerk and a head of one department, the two administrators, and what the log said last."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Organisation, Post, Role, User

TODAY = dt.date(2026, 3, 10)
NOON = dt.datetime(2026, 3, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now(time_machine):
    """Stand still on the tenth of March 2026, at noon."""
    time_machine.move_to(NOON, tick=False)
    return NOON


@pytest.fixture
def user(db):
    return lambda account: User.objects.get(username=account)


@pytest.fixture
def post(db):
    return lambda account: Post.objects.select_related("organisation", "role", "user").get(user__username=account)


@pytest.fixture
def role(db):
    return lambda code: Role.objects.get(code=code)


@pytest.fixture
def body(db):
    return lambda code: Organisation.objects.get(code=code)


@pytest.fixture
def log(db):
    """Return a function that gives the actions recorded since the test began."""
    last = AuditRecord.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return lambda: list(AuditRecord.objects.filter(number__gt=last).values_list("action", flat=True))
