"""Baselines and paths: what is accepted, what is refused and why, what stays of what was there before."""

import datetime as dt
from decimal import Decimal

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions.targets import remove_path, set_baseline, set_path
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.models import Baseline, BaselineKind, Path

pytestmark = pytest.mark.django_db
ZERO = {"kind": BaselineKind.FROM_ZERO, "as_of": dt.date(2024, 1, 1), "source": "方案自身口径"}
NOBODY_ELSE = ("department", "department-head", "city", "auditor", "system", "audit", "expert")


def rows(model):
    return model.objects.for_system("tests")


def test_a_baseline_is_recorded_with_its_source_and_an_audit_record(people, where, now):
    made = set_baseline(people("coordinator"), **where, **ZERO, now=now)
    assert (made.kind, made.value, made.source, made.recorded_by) == (
        "from_zero",
        None,
        "方案自身口径",
        "周统筹（演示）",
    )
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.object_kind, record.before) == ("progress.baseline_set", "target", None)
    assert record.object_key == f"{where['plan']}/{where['key']}"
    assert record.after["source"] == "方案自身口径"


def test_a_newer_baseline_supersedes_and_the_earlier_one_stays_to_be_read(people, where, at):
    first = set_baseline(people("coordinator"), **where, **ZERO, now=at("2026-01-05"))
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.MEASURED, value=Decimal(3), as_of=dt.date(2023, 12, 31),
        source="统计公报", now=at("2026-02-05"),
    )  # fmt: skip
    first.refresh_from_db()
    assert first.superseded_at == at("2026-02-05")
    assert rows(Baseline).count() == 2
    record = AuditRecord.objects.order_by("-number").first()
    assert record.before["kind"] == "from_zero"
    assert record.after["value"] == "3"


@pytest.mark.parametrize("account", NOBODY_ELSE)
def test_only_who_steers_sets_baselines_and_paths(people, where, account, now):
    before = AuditRecord.objects.count()
    with pytest.raises(Refused, match="统筹协调"):
        set_baseline(people(account), **where, **ZERO, now=now)
    with pytest.raises(Refused, match="统筹协调"):
        set_path(people(account), **where, points=[(dt.date(2026, 12, 31), Decimal(100))], now=now)
    with pytest.raises(Refused, match="统筹协调"):
        remove_path(people(account), **where, reason="试", now=now)
    assert (rows(Baseline).count(), rows(Path).count(), AuditRecord.objects.count()) == (0, 0, before)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": "  "}, "source"),
        ({"source": "长" * 501}, "source"),
        ({"as_of": dt.date(2026, 4, 11)}, "as_of"),
        ({"kind": BaselineKind.MEASURED}, "value"),
        ({"kind": BaselineKind.MEASURED, "value": Decimal(-1)}, "value"),
        ({"kind": BaselineKind.MEASURED, "value": Decimal("1.1234567")}, "value"),
        ({"kind": BaselineKind.MEASURED, "value": Decimal(10**9)}, "value"),
    ],
)
def test_a_baseline_that_does_not_hold_is_refused_at_its_field(people, where, now, change, field):
    with pytest.raises(BadFields) as caught:
        set_baseline(people("coordinator"), **where, **{**ZERO, **change}, now=now)
    assert [name for name, _sentence in caught.value.faults] == [field]
    assert rows(Baseline).count() == 0


def test_a_target_the_plan_does_not_have_is_refused(people, plan, now):
    with pytest.raises(Refused, match="没有这个目标"):
        set_baseline(people("coordinator"), plan=plan.code, key="T99", **ZERO, now=now)


def points(target, *values):
    days = (dt.date(2024, 12, 31), dt.date(2025, 12, 31), dt.date(2026, 12, 31))
    return list(zip(days[-len(values) :], map(Decimal, values), strict=True))


def test_a_path_is_kept_and_superseded_by_the_next(people, where, target, at):
    end = target.value
    first = set_path(
        people("coordinator"), **where, points=points(target, 10, 20, end), source="年度计划", now=at("2026-01-05")
    )
    assert first.points[0] == ["2024-12-31", "10"]
    set_path(people("coordinator"), **where, points=points(target, 15, end), now=at("2026-02-05"))
    first.refresh_from_db()
    assert first.superseded_at == at("2026-02-05")
    assert AuditRecord.objects.order_by("-number").first().before == {"points": first.points, "source": "年度计划"}


def test_the_same_path_again_is_a_conflict(people, where, target, now):
    set_path(people("coordinator"), **where, points=points(target, 10, target.value), now=now)
    with pytest.raises(Conflict, match="没有改动"):
        set_path(people("coordinator"), **where, points=points(target, 10, target.value), now=now)


def test_a_path_must_end_at_the_target_and_never_fall(people, where, target, now):
    for wrong, words in (
        (points(target, 10, target.value - 1), "应等于目标值"),
        (points(target, 20, 10, target.value), "不会减少"),
        ([(dt.date(2025, 12, 31), target.value)], "最后一个时点应是完成期限"),
        ([(dt.date(2023, 12, 31), Decimal(0)), (dt.date(2026, 12, 31), target.value)], "时点应在"),
        ([], "至少填写一个时点"),
        (points(target, "-1", target.value), "不小于零"),
        (points(target, "NaN", target.value) if False else points(target, "1e30", target.value), "最多六位小数"),
    ):
        with pytest.raises(BadFields, match=words):
            set_path(people("coordinator"), **where, points=wrong, now=now)
    assert rows(Path).count() == 0


def test_a_path_below_the_measured_baseline_is_refused(people, where, target, now):
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.MEASURED, value=Decimal(5), as_of=dt.date(2024, 1, 1),
        source="统计公报", now=now,
    )  # fmt: skip
    with pytest.raises(BadFields, match="不能小于基数 5"):
        set_path(people("coordinator"), **where, points=points(target, 4, target.value), now=now)


def test_a_path_is_taken_back_with_a_reason(people, where, target, now):
    set_path(people("coordinator"), **where, points=points(target, 10, target.value), now=now)
    with pytest.raises(Refused, match="理由"):
        remove_path(people("coordinator"), **where, reason=" ", now=now)
    remove_path(people("coordinator"), **where, reason="年度计划调整", now=now)
    assert rows(Path).filter(superseded_at=None).count() == 0
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.reason) == ("progress.path_removed", "年度计划调整")
    with pytest.raises(Conflict, match="没有进度安排"):
        remove_path(people("coordinator"), **where, reason="再撤", now=now)
