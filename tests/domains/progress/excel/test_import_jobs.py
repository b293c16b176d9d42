"""A file on its way: who may hand it in, what is refused, cancelled, repeated, worked on elsewhere, broken off."""

import datetime as dt

import pytest

from tests.domains.progress.excel.support import again, claims, report
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.progress.actions import excel_import as act
from xiandao.domains.progress.actions import excel_work as work
from xiandao.domains.progress.actions.rounds import close_round
from xiandao.domains.progress.models import ImportJob, ImportState
from xiandao.domains.shared import liveness

pytestmark = pytest.mark.django_db


def test_who_may_and_who_may_not(people, opened, filled, hand_in):
    for account, scope in (("auditor", "own"), ("applicant", "own"), ("department", "city"), ("county", "city")):
        with pytest.raises(Refused):
            hand_in(people(account), filled, scope)
    assert ImportJob.objects.for_system("tests").count() == 0


def test_a_colleague_of_the_same_office_may_confirm_and_nobody_else_sees_it(people, filled, hand_in, now):
    job = hand_in(people("city"), filled)
    for account in ("city-other", "department", "coordinator", "auditor"):
        with pytest.raises(ImportJob.DoesNotExist):
            act.confirm_import(people(account), pk=job.pk)
    done = act.confirm_import(people("city-head"), pk=job.pk, now=now)
    assert done.state == ImportState.SAVED
    assert report().saved_by == people("city-head").name


def test_a_closed_round_takes_no_file(city, opened, filled, hand_in):
    job = hand_in(city, filled)
    opened.state = "closed"
    opened.save()
    with pytest.raises(Conflict, match="已经关闭"):
        hand_in(city, filled)
    with pytest.raises(Conflict, match="已经关闭"):
        act.confirm_import(city, pk=job.pk)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xls", b"x", "另存为 .xlsx"),
        ("a.xlsx", b"", "文件是空的"),
    ],
)
def test_what_is_no_workbook_is_refused(city, hand_in, name, content, reason):
    with pytest.raises(Refused, match=reason):
        hand_in(city, content, name=name)


def test_a_broken_workbook_is_told_as_a_fault(city, hand_in):
    job = hand_in(city, b"PK\x03\x04 nonsense")
    assert (job.state, job.annotated) == (ImportState.FAULTY, None)
    assert "已损坏" in job.faults[0]["expected"]


def test_cancelled_it_stays_cancelled_and_can_be_checked_again(city, filled, hand_in, now):
    job = hand_in(city, filled)
    assert act.cancel_import(city, pk=job.pk, now=now).state == ImportState.CANCELLED
    with pytest.raises(Conflict):
        act.confirm_import(city, pk=job.pk)
    assert act.repeat_import(city, pk=job.pk, now=now).state == ImportState.READY


def test_cancelled_while_it_is_checked_the_check_stops(city, filled, hand_in, monkeypatch, now):
    job = hand_in(city, filled)
    ImportJob.objects.for_system("tests").filter(pk=job.pk).update(state=ImportState.CHECKING)
    tick = work._tick(job.pk)
    tick(1, 27)
    assert again(job).done == 1
    act.cancel_import(city, pk=job.pk, now=now)
    monkeypatch.setattr(work, "_BEAT", 0)
    with pytest.raises(work._Stopped):
        tick(2, 27)
    assert again(job).state == ImportState.CANCELLED


def test_a_large_file_is_checked_in_the_background_in_the_name_of_its_sender(city, filled, hand_in, monkeypatch, now):
    monkeypatch.setattr(act, "SMALL", 0)
    monkeypatch.setattr(act, "FEW", 0)
    job = hand_in(city, filled)
    assert again(job).state == ImportState.READY  # tasks run at once in tests
    act.confirm_import(city, pk=job.pk, now=now)
    assert again(job).state == ImportState.SAVED
    assert report().saved_by == city.name
    assert AuditRecord.objects.filter(action="progress.import_saved", click=city.click, post=city.post_label).exists()


def test_a_post_that_ended_meanwhile_saves_nothing(city, filled, hand_in, now):
    from xiandao.domains.orgs.models import Post

    job = hand_in(city, filled)
    ImportJob.objects.for_system("tests").filter(pk=job.pk).update(state=ImportState.SAVING)
    Post.objects.filter(pk=city.post_id).update(ended_at=now, valid_to=dt.date(2024, 1, 2))
    work.save_import(job.pk, now=now)
    assert again(job).state == ImportState.FAILED
    assert "岗位已经结束" in again(job).reason
    assert claims().count() == 0


def test_a_job_whose_process_was_killed_is_told_and_can_be_repeated(city, filled, hand_in, now):
    job = hand_in(city, filled)
    rows = ImportJob.objects.for_system("tests").filter(pk=job.pk)
    rows.update(state=ImportState.SAVING, worker=liveness.here(), beat_at=now)
    assert act.fail_interrupted(system("worker"), now=now) == 0
    with pytest.raises(Conflict, match="正在处理"):
        act.repeat_import(city, pk=job.pk, now=now)
    host, number, _began = liveness.here().split(":")
    rows.update(worker=f"{host}:{number}:1")
    assert act.fail_interrupted(system("worker"), now=now) == 1
    assert act.fail_interrupted(system("worker"), now=now) == 0
    assert again(job).state == ImportState.FAILED
    assert act.repeat_import(city, pk=job.pk, now=now).state == ImportState.READY


def test_only_the_platform_says_that_a_file_broke_off(city):
    with pytest.raises(Refused):
        act.fail_interrupted(city)


@pytest.mark.parametrize(
    ("worker", "minutes", "lost"),
    [("elsewhere:7:99", 9, False), ("elsewhere:7:99", 11, True), ("", 59, False), ("", 61, True)],
)
def test_a_silent_process_elsewhere_is_given_time(now, worker, minutes, lost):
    assert liveness.is_lost(worker, now - dt.timedelta(minutes=minutes), now) is lost
    assert liveness.is_lost(worker, None, now) is False


def test_a_round_closed_while_the_file_is_read_takes_nothing(city, people, filled, hand_in, monkeypatch, now):
    job = hand_in(city, filled)
    read = work._read

    def slowly(found):
        book = read(found)
        close_round(people("coordinator"), pk=job.round_id, now=now)
        return book

    monkeypatch.setattr(work, "_read", slowly)
    act.confirm_import(city, pk=job.pk, now=now)
    assert again(job).state == ImportState.FAULTY
    assert "已经关闭" in str(again(job).faults)
    assert not claims().exists()
