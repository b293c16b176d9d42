"""An exception in the middle of any action leaves nothing of it: no item, no correction, no record, no version."""

import pytest

from tests.domains.plans.import_support import TEXT, again, begin, place, state
from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.audit.queries import verify
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models import Correction, Plan, PlanImport, PlanVersion
from xiandao.domains.plans.models.drafts import ItemKind

pytestmark = pytest.mark.django_db


class PowerCutError(Exception):
    """Stands for whatever ends the process."""


@pytest.fixture
def cut(monkeypatch):
    """Return a function that makes the next writing of an audit record, the last step of every action, fail."""

    def now():
        def fail(*_args, **_kwargs):
            raise PowerCutError

        monkeypatch.setattr(audit, "record", fail)

    return now


CALLS = {
    "accept": lambda who, p: act.accept(who, pk=p.pk, key="M01", revision=0, branch=True),
    "accept_many": lambda who, p: act.accept_many(who, pk=p.pk, threshold=0.5),
    "reject": lambda who, p: act.reject(who, pk=p.pk, key="T01-1", revision=0),
    "edit": lambda who, p: act.edit(
        who, pk=p.pk, key="T01-1", revision=0, data={"value": 1}, span=(247, 262), parent=None
    ),
    "add": lambda who, p: act.add(
        who, pk=p.pk, kind=ItemKind.ACTION, parent=None, data={"no": "", "title": "甲"}, span=place("2.拓展")
    ),
    "split": lambda who, p: act.split_measure(
        who, pk=p.pk, key="M01", revision=0, at=TEXT.index("建成加氢站20座"), no="", title="乙"
    ),
    "merge": lambda who, p: act.merge(who, pk=p.pk, key="M02", revision=0),
    "edit_head": lambda who, p: act.edit_head(who, pk=p.pk, revision=0, head={"number": "甲"}),
    "discard": lambda who, p: act.discard(who, pk=p.pk, reason="甲"),
    "publish": lambda who, p: act.publish_import(
        who, pk=p.pk, revision=0, code="x", new_plan=True, region="320100", accept_rest=True
    ),
}


def counts(me):
    return (
        PlanImport.objects.visible_to(me).count(),
        Correction.objects.count(),
        AuditRecord.objects.count(),
        PlanVersion.objects.visible_to(me).count(),
        Plan.objects.visible_to(me).count(),
    )


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_action_cut_short_leaves_nothing(me, cut, call):
    plan = begin(me)
    before = (state(plan), counts(me), vars(again(me, plan)) | {"_state": None})
    cut()
    with pytest.raises(PowerCutError):
        call(me, plan)
    assert (state(plan), counts(me), vars(again(me, plan)) | {"_state": None}) == before
    assert verify() is None


def test_an_undoing_cut_short_leaves_the_correction_standing(me, cut):
    plan = begin(me)
    act.merge(me, pk=plan.pk, key="M02", revision=0)
    before = (state(plan), counts(me))
    cut()
    with pytest.raises(PowerCutError):
        act.undo(me, pk=plan.pk)
    assert (state(plan), counts(me)) == before


def test_a_start_cut_short_keeps_no_half_of_an_import(me, cut):
    before = counts(me)
    cut()
    with pytest.raises(PowerCutError):
        begin(me)
    assert counts(me) == before


def test_publishing_cut_short_after_the_version_was_written_publishes_nothing(me, monkeypatch):
    plan = begin(me)
    before = counts(me)

    def fail(*_args, **_kwargs):
        raise PowerCutError

    monkeypatch.setattr(PlanImport, "save", fail)
    with pytest.raises(PowerCutError):
        act.publish_import(me, pk=plan.pk, revision=0, code="x", new_plan=True, region="320100", accept_rest=True)
    assert counts(me) == before
