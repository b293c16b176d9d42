"""Handing in: preview, saving whole or not at all, twice the same."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.progress.excel.support import DUTY, again, claim_cells, claims, exported, report
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.progress.actions import excel_import as act
from xiandao.domains.progress.actions.reports import save_draft, submit_report
from xiandao.domains.progress.actions.reports.content import Content
from xiandao.domains.progress.models import ClaimState, ImportState, Problem, Report, ReportState

pytestmark = pytest.mark.django_db


def test_a_file_is_checked_and_shown_before_anything_is_saved(city, filled, hand_in):
    job = hand_in(city, filled)
    assert job.state == ImportState.READY
    assert job.counts == {"reports": 24, "texts": 24, "added": 2, "edited": 0, "removed": 0, "problems": 1}
    assert job.total == job.done == 27
    duty = next(row for row in job.preview["duties"] if row["report"] == report().pk)
    assert (duty["body"], duty["added"], duty["standing"]) == (
        "南京市科技局",
        ["示例量子概念验证中心", "示例光子中试基地"],
        ["", "按期推进"],
    )
    assert job.preview["problems"] == [{"duty": DUTY, "title": "缺检测能力"}]
    assert claims().count() == 0
    assert report().state == ReportState.EMPTY


def test_confirmed_it_is_saved_whole_as_drafts_with_one_click(city, filled, hand_in, now):
    job = act.confirm_import(city, pk=hand_in(city, filled).pk, now=now)
    assert job.state == ImportState.SAVED
    saved = report()
    assert (saved.state, saved.revision, saved.saved_by, saved.standing) == (
        ReportState.DRAFT,
        1,
        city.name,
        "on_track",
    )
    assert [(row.number, row.name, row.state, row.target_key) for row in claims().filter(report=saved)] == [
        (1, "示例量子概念验证中心", ClaimState.DRAFT, "T03-1"),
        (2, "示例光子中试基地", ClaimState.DRAFT, "T03-1"),
    ]
    assert claims().exclude(name_key="").count() == 2
    problem = Problem.objects.for_system("tests").get()
    assert (problem.raised_by.name, problem.asked_of.name, problem.report_id) == ("南京市科技局", "省科技厅", saved.pk)
    records = AuditRecord.objects.filter(click=city.click)
    assert records.filter(action="progress.report_saved").count() == 24
    assert records.filter(action="progress.import_saved").count() == 1
    after = records.get(action="progress.report_saved", object_key=str(saved.pk)).after
    assert {fields["name"] for fields in after["claims"].values()} == {"示例量子概念验证中心", "示例光子中试基地"}
    assert set(after["claims"]) == {str(pk) for pk in claims().values_list("pk", flat=True)}


def test_a_task_of_writing_says_how_much_is_left(people, plan, now):
    from xiandao.domains.progress.actions.rounds import open_round

    opened = open_round(people("coordinator"), plan=plan, period="2026Q1", due_on=dt.date(2026, 4, 20), now=now)
    city = people("city")
    tasks = Task.objects.for_system("tests").filter(kind="report.fill", organisation=city.organisation_id)
    assert "9项" in tasks.get().subject
    book = exported(city, opened, "own")
    book.set("进展", 0, standing="已完成", happened="建成")
    content = io.BytesIO(book.bytes())
    job = act.start_import(city, opened=opened, scope="own", name="a.xlsx", content=content, now=now)
    act.confirm_import(city, pk=job.pk, now=now)
    assert tasks.get().state == "open"


def test_the_same_file_twice_changes_nothing(city, filled, hand_in, now):
    act.confirm_import(city, pk=hand_in(city, filled).pk, now=now)
    second = hand_in(city, filled)
    assert (second.state, second.fault_count) == (ImportState.SAME, 0)
    assert claims().count() == 2
    assert report().revision == 1


def test_exported_again_and_changed_it_changes_that_alone(city, opened, filled, hand_in, now):
    act.confirm_import(city, pk=hand_in(city, filled).pk, now=now)
    book = exported(city, opened)
    book.set("成果", 0, note="已授牌")
    book.remove("成果", 1)
    job = act.confirm_import(city, pk=hand_in(city, book).pk, now=now)
    assert job.counts == {"reports": 1, "texts": 0, "added": 0, "edited": 1, "removed": 1, "problems": 0}
    assert [(row.name, row.state, row.note) for row in claims().order_by("number")] == [
        ("示例量子概念验证中心", ClaimState.DRAFT, "已授牌"),
        ("示例光子中试基地", ClaimState.WITHDRAWN, ""),
    ]


def test_a_claim_submitted_before_leaves_what_was_claimed_when_its_number_changes(
    city, opened, book, hand_in, people, now, report_of
):
    own = report_of("city")
    fields = {
        "target_key": "",
        "item": "机制",
        "name": "示例机制",
        "identifier_kind": "",
        "identifier": "",
        "holder": "",
        "holder_code": "",
        "region": "320100",
        "industry": "",
        "happened_on": "2026-03-01",
        "quantity": "1",
        "unit": "个",
        "note": "",
    }
    save_draft(city, pk=own.pk, revision=0, content=Content("on_track", "建立", "", {"n": fields}), now=now)
    submit_report(city, pk=own.pk, revision=1, now=now)
    Report.objects.for_system("tests").filter(pk=own.pk).update(state=ReportState.RETURNED)
    changed = exported(city, opened)
    changed.set("成果", 0, quantity=2)
    act.confirm_import(city, pk=hand_in(city, changed).pk, now=now)
    assert list(claims().order_by("number").values_list("number", "state", "quantity", "claimed_at")) == [
        (1, "draft", 2, None),
        (2, "withdrawn", 1, now),
    ]


def test_one_fault_saves_nothing_at_all(city, filled, hand_in):
    filled.add("成果", **claim_cells(DUTY, name="第三个", identifier="3号", region="月球"))
    job = hand_in(city, filled)
    assert (job.state, job.fault_count) == (ImportState.FAULTY, 1)
    assert job.faults[0]["row"] == 5
    assert job.annotated is not None
    with pytest.raises(Conflict, match="待确认"):
        act.confirm_import(city, pk=job.pk)
    assert claims().count() == 0


def test_what_changed_between_preview_and_confirming_is_never_overwritten(city, filled, hand_in, people, now):
    job = hand_in(city, filled)
    changed = report()
    changed.happened, changed.revision, changed.saved_by, changed.saved_at = "科技局自己写的", 1, "科技局", now
    changed.save()
    done = act.confirm_import(city, pk=job.pk, now=now)
    assert (done.state, done.fault_count) == (ImportState.FAULTY, 1)
    assert "科技局于 2026-04-10 09:30" in done.faults[0]["expected"]
    assert claims().count() == 0
    assert report("南京市发展改革委", "M06").state == ReportState.EMPTY


def test_a_preview_that_is_no_longer_true_is_shown_again(city, filled, hand_in, now):
    job = hand_in(city, filled)
    changed = report()
    changed.standing, changed.happened, changed.next_step = "on_track", "第3项完成选址", "开工"
    changed.happened = next(row["happened"] for row in filled.rows("进展") if row["progress.report"] == changed.pk)
    changed.save()
    done = act.confirm_import(city, pk=job.pk, now=now)
    assert (done.state, done.counts["texts"]) == (ImportState.READY, 23)
    assert "再看一遍" in done.reason
    assert act.confirm_import(city, pk=job.pk, now=now).state == ImportState.SAVED


def test_saving_cut_short_anywhere_leaves_nothing(city, filled, hand_in, monkeypatch, now):
    from xiandao.domains.progress.excel import saving

    job = hand_in(city, filled)
    before = AuditRecord.objects.count()

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(saving, "place_problem", fail)
    with pytest.raises(RuntimeError):
        act.confirm_import(city, pk=job.pk, now=now)
    assert again(job).state == ImportState.FAILED
    assert "什么都没有保存" in again(job).reason
    assert claims().count() == 0
    assert report().state == ReportState.EMPTY
    assert AuditRecord.objects.count() == before + 1  # that somebody confirmed
    monkeypatch.undo()
    assert act.repeat_import(city, pk=job.pk, now=now).state == ImportState.READY
    assert act.confirm_import(city, pk=job.pk, now=now).state == ImportState.SAVED


def test_no_query_per_claim(city, opened, hand_in, now):
    def queries(number):
        book = exported(city, opened)
        for n in range(number):
            book.add("成果", **claim_cells(DUTY, name=f"示例第{number}批{n}号", identifier=f"{number}-{n}"))
        with CaptureQueriesContext(connection) as asked:
            act.confirm_import(city, pk=hand_in(city, book).pk, now=now)
        return len(asked)

    few, more = queries(1), queries(30)
    assert more - few <= 2  # the claims there before are read and compared with in the second


def test_likely_doubles_are_foretold_by_own_names_only(city, filled, hand_in, report_of, claim):
    claim(
        report_of("city"),
        name="示例量子概念验证中心",
        target_key="T03-1",
        identifier_kind="certificate",
        identifier="苏示批（2026）1号",
    )
    job = hand_in(city, filled)
    assert job.preview["alike"] == [
        {"report": report().pk, "name": "示例量子概念验证中心", "certain": True, "inside": False}
    ]
