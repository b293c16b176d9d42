"""Two people at the same moment: what the first has done is seen by the second, in whichever order they were let in.

What the first does while the second waits for a lock is done here at the moment the lock is asked for.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.actions.rounds import close_round
from xiandao.domains.progress.models import Claim, ResultCount, Round, SamenessQuestion, Sequence

pytestmark = pytest.mark.django_db
NAME = "南京长江智能航运示范场景有限公司"
TARGET = {"target_key": "T06-1"}


@pytest.fixture
def meanwhile():
    """Return a context in which something is done once, right after the first query of a table was answered."""

    def make(table, done):
        left = [done]

        def watch(execute, sql, params, many, context):
            answer = execute(sql, params, many, context)
            if left and sql.startswith("SELECT") and f'FROM "{table}"' in sql:
                left.pop()()
            return answer

        return connection.execute_wrapper(watch)

    return make


@pytest.fixture
def theirs(report, report_of):
    return report_of("city-other", "M06")


def test_a_round_closed_while_a_report_is_taken_refuses_it(people, report, save, prove, again, meanwhile, now):
    save(report, {"new-1": {}})
    prove(report)
    coordinator = people("coordinator")

    def close():
        close_round(coordinator, pk=report.round_id, now=now)

    with meanwhile("progress_report", close), pytest.raises(Refused, match="已经关闭"):
        act.submit_report(people("city"), pk=report.pk, revision=again(report).revision, now=now)
    assert again(report).state == "draft"
    assert Round.objects.for_system("tests").get().state == "closed"


@pytest.fixture
def first_to_count(monkeypatch):
    """Return a function: whoever has to wait for the turn to compare and count finds that something was done before."""

    def make(done):
        left, own = [done], Sequence.hold.__func__

        def hold(cls, name, year):
            if name == "sameness" and left:
                left.pop()()
            return own(cls, name, year)

        monkeypatch.setattr(Sequence, "hold", classmethod(hold))

    return make


def test_two_verified_at_the_same_moment_count_once(people, report, theirs, submit, verify, first_to_count):
    number = {**TARGET, "identifier_kind": "certificate", "identifier": "苏工信〔2026〕18号"}
    submit(report, {"new-1": number})
    submit(theirs, {"new-1": {**number, "region": "321300"}}, who=people("city-other"))
    first_to_count(lambda: verify(report))
    verify(theirs)
    assert Claim.objects.for_system("tests").filter(state="verified").count() == 2
    assert ResultCount.objects.filter(target_key="T06-1", void_at=None).count() == 1


def test_two_submitted_at_the_same_moment_are_compared(
    people, report, theirs, submit, save, prove, again, first_to_count, now
):
    save(report, {"new-1": {**TARGET, "name": NAME}})
    prove(report)
    alike = {**TARGET, "name": NAME.replace("有限公司", ""), "region": "321300"}
    first_to_count(lambda: act.submit_report(people("city"), pk=report.pk, revision=again(report).revision, now=now))
    submit(theirs, {"new-1": alike}, who=people("city-other"))
    assert SamenessQuestion.objects.for_system("tests").filter(claim__report=theirs, verdict="open").exists()


def test_several_are_verified_in_one_order_whatever_order_they_were_marked_in(
    people, verifier, report, theirs, submit, again
):
    submit(report)
    submit(theirs, who=people("city-other"))
    pks = sorted([report.pk, theirs.pk], reverse=True)
    done = act.verify_many(verifier, revisions={pk: again(type("Row", (), {"pk": pk})).revision for pk in pks})
    assert {row.state for row in done} == {"verified"}
    assert not Task.objects.for_system("tests").filter(kind="report.verify", state="open").exists()


def test_a_task_says_how_many_are_left_now(report, theirs, submit, verify, people):
    def said(kind, organisation):
        rows = Task.objects.for_system("tests").filter(kind=kind, state="open", organisation=organisation)
        return rows.get().subject

    coordinator = people("coordinator").organisation_id
    submit(report)
    assert "（1项）" in said("report.verify", coordinator)
    submit(theirs, who=people("city-other"))
    assert "（2项）" in said("report.verify", coordinator)
    verify(report)
    assert "（1项）" in said("report.verify", coordinator)


def test_who_verifies_locks_tasks_before_the_log_as_who_hands_one_on(report, submit, verify):
    submit(report, {"new-1": {**TARGET}})
    with CaptureQueriesContext(connection) as asked:
        verify(report)
    seen = [query["sql"] for query in asked]
    tasks = next(n for n, sql in enumerate(seen) if sql.startswith("SELECT") and 'FROM "inbox_task"' in sql)
    log = next(n for n, sql in enumerate(seen) if 'FROM "audit_audithead"' in sql)
    assert tasks < log
