"""Entering: the entry, its count in every plan, what is refused, and that nothing is left of a failure."""

import datetime as dt

import pytest

from tests.domains.ledger.conftest import MAIN, SCIENCE
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.ledger.actions import Holder, enter
from xiandao.domains.ledger.models import Entry
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.figures.sums import counted_figures, facts_of
from xiandao.domains.progress.models import Result, ResultCount


def counts(entry):
    rows = ResultCount.objects.filter(result=entry.result_id, void_at=None)
    return sorted(rows.values_list("plan__code", "target_key"))


def test_an_entry_counts_once_in_each_plan_it_serves(entered, now, public):
    entry = entered()
    assert entry.code == "L2026-000001"
    assert entry.state == "listed"
    # The science department's plan shares these results.
    assert counts(entry) == [(SCIENCE, "H3"), (MAIN, "T03-2")]
    assert (entry.result.name, entry.result.item, entry.result.quantity) == ("示范园一（演示）", "产业园区", 1)
    assert (entry.result.region_id, entry.result.industry_id) == ("320100", "hydrogen")
    targets = [t for t in targets_in_force(public) if t.key in ("T03-2", "H3")]
    figures = counted_figures(facts_of(targets), now)
    assert [figure.value for figure in figures.values()] == [1, 1]
    assert AuditRecord.objects.filter(object_kind="ledger.entry", object_label=entry.name).count() == 1
    event = entry.events.get()
    assert event.what == "登记"
    assert event.on == dt.date(2026, 3, 1)


def test_what_others_published_never_counts(entered):
    entry = entered(elsewhere=True, serves=[], source="https://example.org/a", source_grade="B")
    assert entry.state == "elsewhere"
    assert entry.result is None
    assert entry.decided_by is None
    with pytest.raises(BadFields, match="不计入目标"):
        entered(name="另一园（演示）", elsewhere=True)


def test_dates_not_known_stay_unknown(entered):
    entry = entered(decided_on=None)
    assert (entry.decided_on, entry.valid_from, entry.valid_to, entry.evaluate_on) == (None, None, None, None)
    assert entry.result.happened_on is None


def test_the_same_thing_is_not_entered_twice(entered):
    first = entered()
    with pytest.raises(Conflict, match=first.code):
        entered(name="示范园一(演示)")  # brackets of another width
    other = entered(name="示范园一（演示）", holders=[Holder("别处管委会（演示）")], serves=[])
    assert other.code == "L2026-000002"


def test_a_result_counted_already_is_joined(entered, plan, now):
    known = Result.objects.create(
        code="R2026-009001",
        item="园区",
        name="示范园一（演示）",
        holder="示例园区管委会（演示）",
        counted_at=now,
        counted_by="测试",
    )
    ResultCount.objects.create(result=known, plan=plan, target_key="T03-2", counted_at=now)
    entry = entered()
    assert entry.result_id == known.pk
    assert Result.objects.for_system("tests").count() == 1
    # In the other plan the joined result counts too.
    assert counts(entry) == [(SCIENCE, "H3"), (MAIN, "T03-2")]


def test_another_list_with_the_same_thing_does_not_count_twice(entered):
    entered()
    with pytest.raises(Conflict, match="不重复计数"):
        entered(kind="zone", kind_name="先导区")
    assert Entry.objects.for_system("tests").count() == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "  "}, "请填写名称"),
        ({"name": "长" * 301}, "300"),
        ({"regions": ["999999"]}, "999999"),
        ({"industries": ["nothing"]}, "nothing"),
        ({"serves": [(MAIN, "T99-9")]}, "T99-9"),
        ({"serves": [(MAIN, "T03-2"), (MAIN, "T03-1")]}, "只计入一个目标"),
        ({"valid_from": dt.date(2026, 2, 1), "valid_to": dt.date(2026, 1, 1)}, "不能早于"),
        ({"holders": [Holder("甲", credit_code="123")]}, "统一社会信用代码"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_left(entered, fields, told):
    before = AuditRecord.objects.count()
    with pytest.raises(BadFields, match=told):
        entered(**fields)
    assert not Entry.objects.for_system("tests").exists()
    assert AuditRecord.objects.count() == before


@pytest.mark.parametrize("account", ["city", "auditor", "applicant", "expert"])
def test_who_does_not_keep_the_ledger_is_refused(entered, account):
    with pytest.raises(Refused, match="不能登记台账"):
        entered(by=account)


def test_the_public_is_refused(db, public, now):
    with pytest.raises(Refused):
        enter(public, kind="park", kind_name="园区", name="甲", now=now)


def test_persons_are_never_public_and_counted_without_a_name(entered):
    entry = entered(kind="talent", kind_name="战略人才", name="某某某（演示）", serves=[(MAIN, "T11-1")])
    assert entry.public is False
    assert entry.result.name == entry.code
