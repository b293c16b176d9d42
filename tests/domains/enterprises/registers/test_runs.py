"""Runs: one takes the other's place whole; what people settled is carried over; how two differ."""

import datetime as dt

import pytest

from tests.domains.enterprises.registers.conftest import BATTERY, FIRST, PLAIN, row
from xiandao.domains.enterprises.actions import runs as act
from xiandao.domains.enterprises.actions import runs_work
from xiandao.domains.enterprises.models import Classification, Run, RunState
from xiandao.domains.enterprises.queries import runs as queries
from xiandao.domains.enterprises.signals import run_finishing
from xiandao.domains.inbox.models import Task
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.signals import catalogue_published
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db


def run_of(number):
    return Run.objects.for_system("tests").select_related("register").get(number=number)


def test_a_run_says_what_it_was_made_with(load):
    load(FIRST)
    run = run_of(1)
    assert run.catalogue.state == CatalogueState.PUBLISHED
    assert len(run.model_digest) == 64
    assert run.accept > run.reject > 0
    assert run.model_card["fitted_on"]
    assert (run.counts["rows"], run.counts["enterprises"]) == (4, 3)
    assert run.counts["by_industry"]["hydrogen"] == {"in": 2}


def test_the_next_run_takes_the_place_of_the_former(load, people):
    load(FIRST)
    act.start_run(people("coordinator"))
    assert [(run_of(number).state, run_of(number).by) for number in (1, 2)] == [
        (RunState.SUPERSEDED, "tests"),
        (RunState.CURRENT, "周统筹（演示）"),
    ]
    assert Classification.objects.for_system("tests").filter(run=run_of(2)).count() == 3


def test_without_a_register_there_is_nothing_to_identify(people):
    with pytest.raises(Refused, match="还没有载入登记名录"):
        act.start_run(people("coordinator"))


def test_only_who_may_starts_one(load, people):
    load(FIRST)
    for account in ("department", "city", "auditor"):
        with pytest.raises(Refused):
            act.start_run(people(account))


def test_one_at_a_time_and_cancelled(load, people):
    load(FIRST)
    coordinator = people("coordinator")
    waiting = Run.objects.create(
        number=9, register=run_of(1).register, catalogue=run_of(1).catalogue, state=RunState.WAITING, by="x"
    )
    with pytest.raises(Conflict, match="正在进行"):
        act.start_run(coordinator)
    assert act.cancel_run(coordinator, pk=waiting.pk).state == RunState.CANCELLED
    with pytest.raises(Conflict):
        act.cancel_run(coordinator, pk=waiting.pk)
    runs_work.work(waiting.pk)
    assert run_of(9).state == RunState.CANCELLED
    assert run_of(1).state == RunState.CURRENT


def test_a_run_that_breaks_leaves_the_former_in_force(load, people, monkeypatch):
    load(FIRST)
    monkeypatch.setattr(runs_work, "write_result", lambda *_a, **_k: (_ for _ in ()).throw(Refused("没有空间")))
    run = act.start_run(people("coordinator"))
    assert (run.state, run.reason) == (RunState.FAILED, "没有空间")
    assert run_of(1).state == RunState.CURRENT
    assert Classification.objects.for_system("tests").filter(run=run).count() == 0


def test_a_dead_worker_is_found(load):
    load(FIRST)
    lost = Run.objects.create(
        number=9,
        register=run_of(1).register,
        catalogue=run_of(1).catalogue,
        state=RunState.RUNNING,
        by="x",
        worker="elsewhere:1:1",
        beat_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    assert act.fail_interrupted(system("worker")) == 1
    lost.refresh_from_db(from_queryset=Run.objects.for_system("tests"))
    assert (lost.state, lost.reason) == (RunState.FAILED, "识别到一半时程序被终止，没有生效。可以重新启动。")


def test_what_people_settled_can_be_carried_over(load):
    load(FIRST)
    seen = []

    def carry(run, former, actor, **_more):
        rows = Classification.objects.for_system("tests").filter(run=run, industry="hydrogen")
        seen.append((run.number, former.number, rows.count(), run.state, actor.account))
        rows.update(decision="out", role="mention", settled="review")

    run_finishing.connect(carry)
    try:
        act.start_run(system("tests"), at_once=True)
    finally:
        run_finishing.disconnect(carry)
    assert seen == [(2, 1, 2, RunState.RUNNING, "system:tests")]
    lines = {line.industry.pk: line for line in queries.by_industry(system("tests"), run_of(2))}
    assert (lines["hydrogen"].counts, lines["hydrogen"].out, lines["hydrogen"].settled) == (0, 2, 2)


def test_two_runs_are_compared(load, people):
    load(FIRST)
    load([row(1, "甲示例氢能有限公司"), row(2, "乙示例电池有限公司", PLAIN), row(6, "己示例电池有限公司", BATTERY)])
    coordinator = people("coordinator")
    found = {
        line.industry.pk: (line.entered, line.left, line.changed)
        for line in queries.differences(coordinator, run_of(2), run_of(1))
    }
    assert found == {"hydrogen": (0, 1, 0), "energy-storage": (1, 1, 0)}
    rows = [(row["kind"], row["enterprise"].name) for row in queries.all_changes(coordinator, run_of(2), run_of(1))]
    assert sorted(rows) == [
        ("entered", "己示例电池有限公司"),
        ("left", "丁示例氢能有限公司"),
        ("left", "乙示例电池有限公司"),
    ]


def test_product_lines_are_read_as_one_more_clause(load, monkeypatch):
    from tests.domains.enterprises.registers import conftest

    monkeypatch.setattr(conftest.as_csv, "__defaults__", ((*conftest.HEADINGS, "主要产品"),))
    load([row(1, "甲示例有限公司", "机械制造", 主要产品="储氢瓶、储氢罐")])
    found = Classification.objects.for_system("tests").get()
    assert (found.industry_id, found.enterprise.product_lines) == ("hydrogen", "储氢瓶、储氢罐")
    first = found.evidence[0]
    assert (first["source"], first["start"], first["end"], first["term"]) == ("product_lines", 0, 3, "储氢瓶")


def test_a_newer_catalogue_asks_for_a_new_run(load, people):
    load(FIRST)
    coordinator = people("coordinator")
    newer = CatalogueVersion(state=CatalogueState.DRAFT, origin="edited", name="新版", created_by="x")
    newer.created_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    newer.save()
    catalogue_published.send(sender=CatalogueVersion, actor=coordinator, version=newer, former=run_of(1).catalogue)
    (task,) = Task.objects.for_system("tests").filter(kind="registers.identify")
    assert (task.organisation_id, task.state) == (coordinator.organisation_id, "open")
    act.start_run(coordinator)
    task.refresh_from_db(from_queryset=Task.objects.for_system("tests"))
    assert task.state == "done"
