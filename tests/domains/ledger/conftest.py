"""What the tests of the ledger share: the provincial plan, a moment, and a function that enters an invented thing."""

import datetime as dt

import pytest
from django.utils import timezone

from xiandao.domains.ledger.actions import Holder, enter
from xiandao.domains.ledger.models import Entry
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.models import Sequence

NOW = timezone.make_aware(dt.datetime.fromisoformat("2026-04-10 09:30"))
MAIN, SCIENCE = "js-wlcy-2024-2026", "js-sci-5x100"


@pytest.fixture(autouse=True)
def _empty(db):
    """Start without the published records of the pack, numbers from one."""
    Entry.objects.for_system("tests").delete()
    Sequence.objects.filter(name="ledger").delete()


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def plan(db):
    return Plan.objects.for_system("tests").get(code=MAIN)


@pytest.fixture
def entered(people):
    """Return a function that enters an invented park; fields as given."""

    def make(name="示范园一（演示）", by="department", **fields):
        given = {
            "kind": "park",
            "kind_name": "产业园区",
            "holders": [Holder("示例园区管委会（演示）")],
            "regions": ["320100"],
            "industries": ["hydrogen"],
            "serves": [(MAIN, "T03-2")],
            "decided_on": dt.date(2026, 3, 1),
            "decision": "关于公布示范园区的通知（演示）",
            "is_demo": True,
            "now": NOW,
        }
        return enter(people(by), name=name, **(given | fields))

    return make
