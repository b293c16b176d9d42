"""City shares: the sum is checked, a proposal binds nobody until the lead department confirms it, history stays."""

from decimal import Decimal

import pytest

from tests.domains.progress.filling import cities
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.actions.targets_shares import (
    confirm_shares,
    propose_shares,
    refuse_shares,
    withdraw_shares,
)
from xiandao.domains.progress.figures import share_sets_at
from xiandao.domains.progress.models import ShareSet, ShareState
from xiandao.domains.progress.queries.targets import confirmers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(target):
    """Shares that give the first city everything but one for each other city."""
    codes = [city.code for city in cities()]
    shares = dict.fromkeys(codes, Decimal(1))
    shares[codes[0]] = target.value - len(codes) + 1
    return shares


def sets():
    return ShareSet.objects.for_system("tests")


def tasks():
    return Task.objects.for_system("tests").filter(kind="progress.confirm_shares")


def test_a_proposal_waits_for_the_lead_department_with_a_task(people, where, whole, now):
    made = propose_shares(people("coordinator"), **where, shares=whole, now=now)
    assert made.state == ShareState.PROPOSED
    assert made.shares.count() == 13
    task = tasks().get()
    assert (task.organisation_id, task.state) == (people("department").organisation_id, "open")
    assert AuditRecord.objects.order_by("-number").first().action == "progress.shares_proposed"


def test_the_lead_department_confirms(people, where, whole, now, plan):
    made = propose_shares(people("coordinator"), **where, shares=whole, now=now)
    confirm_shares(people("department"), pk=made.pk, note="同意", now=now)
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.decision_note) == ("confirmed", "陈牵头（演示）", "同意")
    assert tasks().get().state == "done"
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.before) == ("progress.shares_confirmed", None)
    assert (plan.pk, where["key"]) in share_sets_at([(plan.pk, where["key"])], now, state=ShareState.CONFIRMED)


@pytest.mark.parametrize("account", ["coordinator", "department-other", "city", "auditor", "system", "applicant"])
def test_nobody_else_confirms_or_refuses(people, where, whole, now, account):
    made = propose_shares(people("coordinator"), **where, shares=whole, now=now)
    for act in (confirm_shares, refuse_shares):
        with pytest.raises(Refused):
            act(people(account), pk=made.pk, note="试", now=now)
    made.refresh_from_db()
    assert (made.state, tasks().get().state) == ("proposed", "open")


def test_refusing_needs_a_reason_and_leaves_what_was_confirmed(people, where, whole, at):
    first = propose_shares(people("coordinator"), **where, shares=whole, now=at("2026-01-05"))
    confirm_shares(people("department"), pk=first.pk, now=at("2026-01-06"))
    second = propose_shares(people("coordinator"), **where, shares=whole, now=at("2026-02-05"))
    with pytest.raises(Refused, match="理由"):
        refuse_shares(people("department"), pk=second.pk, note=" ", now=at("2026-02-06"))
    refuse_shares(people("department"), pk=second.pk, note="苏北份额偏高", now=at("2026-02-06"))
    assert sets().get(state="confirmed", superseded_at=None) == first
    assert AuditRecord.objects.order_by("-number").first().reason == "苏北份额偏高"


def test_a_newer_proposal_takes_the_place_of_one_that_waits(people, where, whole, now):
    first = propose_shares(people("coordinator"), **where, shares=whole, now=now)
    second = propose_shares(people("coordinator"), **where, shares=whole, now=now)
    with pytest.raises(Conflict, match="最新"):
        confirm_shares(people("department"), pk=first.pk, now=now)
    assert sorted(tasks().values_list("object_key", "state")) == sorted(
        [(str(first.pk), "withdrawn"), (str(second.pk), "open")]
    )
    confirm_shares(people("department"), pk=second.pk, now=now)
    with pytest.raises(Conflict, match="已经处理过"):
        confirm_shares(people("department"), pk=second.pk, now=now)


def test_confirming_supersedes_and_the_past_is_told_as_it_was(people, where, whole, at, plan):
    key = (plan.pk, where["key"])
    first = propose_shares(people("coordinator"), **where, shares=whole, now=at("2026-01-05"))
    confirm_shares(people("department"), pk=first.pk, now=at("2026-01-10"))
    second = propose_shares(people("coordinator"), **where, shares=whole, now=at("2026-02-05"))
    confirm_shares(people("department"), pk=second.pk, now=at("2026-02-10"))

    def told(day, state):
        found = share_sets_at([key], at(day), state=state).get(key)
        return found and found.pk

    assert told("2026-01-04", ShareState.PROPOSED) is None
    assert told("2026-01-07", ShareState.PROPOSED) == first.pk
    assert told("2026-01-07", ShareState.CONFIRMED) is None
    assert told("2026-02-07", ShareState.CONFIRMED) == first.pk
    assert told("2026-02-07", ShareState.PROPOSED) == second.pk
    assert told("2026-03-01", ShareState.CONFIRMED) == second.pk


def test_the_sum_is_checked_against_the_target(people, where, target, now):
    codes = [city.code for city in cities()]
    over = {codes[0]: target.value + 1}
    with pytest.raises(BadFields, match=f"比目标值 {target.value:.0f} 多 1"):
        propose_shares(people("coordinator"), **where, shares=over, reason="加码", now=now)
    less = {codes[0]: target.value - 2}
    with pytest.raises(BadFields, match="还有 2 没有分到设区市"):
        propose_shares(people("coordinator"), **where, shares=less, now=now)
    made = propose_shares(people("coordinator"), **where, shares=less, reason="省属单位承担 2 个", now=now)
    assert made.reason == "省属单位承担 2 个"


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({}, "至少给一个设区市"),
        ({"320000": Decimal(1)}, "不是本方案辖区内的设区市"),
        ({"320100": Decimal("1.5")}, "应为整数"),
        ({"320100": Decimal(-1)}, "不小于零"),
    ],
)
def test_shares_that_do_not_hold_are_refused(people, where, now, shares, words):
    with pytest.raises(BadFields, match=words):
        propose_shares(people("coordinator"), **where, shares=shares, reason="试", now=now)
    assert sets().count() == 0


@pytest.mark.parametrize("account", ["department", "city", "auditor", "system"])
def test_only_who_steers_proposes(people, where, whole, now, account):
    with pytest.raises(Refused, match="统筹协调"):
        propose_shares(people(account), **where, shares=whole, now=now)
    assert (sets().count(), tasks().count()) == (0, 0)


def test_a_proposal_is_withdrawn_with_a_reason(people, where, whole, now):
    propose_shares(people("coordinator"), **where, shares=whole, now=now)
    with pytest.raises(Refused, match="理由"):
        withdraw_shares(people("coordinator"), **where, reason="", now=now)
    withdraw_shares(people("coordinator"), **where, reason="重新测算", now=now)
    assert tasks().get().state == "withdrawn"
    with pytest.raises(Conflict, match="没有等待确认"):
        withdraw_shares(people("coordinator"), **where, reason="再撤", now=now)


def test_where_the_coordinator_is_the_only_lead_the_shares_hold_at_once(people, plan, now):
    actor = people("coordinator")
    own = next(
        (
            row
            for row in targets_in_force(actor).filter(version__plan=plan, measure__isnull=False)
            if {body.pk for body in confirmers_of(row)} == {actor.organisation_id}
        ),
        None,
    )
    assert own is not None, "the plan has a target the coordinator leads alone"
    first = cities()[0].code
    made = propose_shares(actor, plan=plan.code, key=own.key, shares={first: own.value}, now=now)
    again = propose_shares(actor, plan=plan.code, key=own.key, shares={first: own.value}, now=now)
    made.refresh_from_db()
    assert (made.state, made.superseded_at, again.state) == ("confirmed", now, "confirmed")
    assert tasks().count() == 0
