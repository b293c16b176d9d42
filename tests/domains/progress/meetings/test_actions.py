"""Making papers: who may, what is kept, that any past moment can be made again, that a crash leaves nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.progress.conftest import moment
from tests.domains.progress.meetings.filled import fill
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.actions import meetings as act
from xiandao.domains.progress.meeting import content, fingerprint
from xiandao.domains.progress.models import MeetingPack, ResultCount
from xiandao.domains.progress.queries import meetings as queries

pytestmark = pytest.mark.django_db
APRIL, MAY = moment("2026-04-30"), moment("2026-05-30")


@pytest.fixture
def make(people, running):
    return lambda as_of=None, now=MAY: act.make_meeting_pack(people("coordinator"), plan=running, as_of=as_of, now=now)


def stored():
    return MeetingPack.objects.for_system("tests")


def made_records():
    return AuditRecord.objects.filter(action="progress.meeting_pack_made")


def test_papers_are_kept_with_their_fingerprint_and_an_audit_record(story, make, people, running):
    pack = make(APRIL)
    assert (pack.as_of, pack.made_at, pack.made_by) == (APRIL, MAY, people("coordinator").name)
    kept = stored().get(pk=pack.pk)
    assert kept.sha256 == fingerprint(kept.content)
    assert queries.stored_content(kept) == content(people("coordinator"), running, APRIL)
    record = made_records().get()
    assert (record.object_key, record.after["sha256"]) == (str(pack.pk), pack.sha256)


def test_without_a_moment_it_is_now(story, make):
    assert make().as_of == MAY


@pytest.mark.parametrize("account", ["auditor", "department-head", "city-head", "department", "applicant"])
def test_only_the_coordinator_makes_papers(story, people, running, account):
    with pytest.raises(Refused):
        act.make_meeting_pack(people(account), plan=running, as_of=APRIL, now=MAY)
    assert not stored().exists()
    assert not made_records().exists()


def test_a_moment_that_has_not_come_is_refused(story, people, running):
    with pytest.raises(Refused, match="2026-04-30"):
        act.make_meeting_pack(people("coordinator"), plan=running, as_of=MAY, now=APRIL)
    assert not stored().exists()


@pytest.mark.parametrize("account", ["coordinator", "auditor", "department-head", "city-head"])
def test_made_again_they_are_the_same(story, make, people, account):
    pack = make(APRIL)
    make()
    story.counted.counts.update(void_at=moment("2026-05-06"))
    found = queries.reproduce(people(account), pack)
    assert (found.equal, found.numbers, found.texts) == (True, (), False)


def test_rows_changed_behind_the_product_are_named(story, make, people):
    pack = make(APRIL)
    ResultCount.objects.filter(result=story.counted).delete()
    found = queries.reproduce(people("auditor"), pack)
    assert not found.equal
    changed = {row.key: (row.before.value, row.after and row.after.value) for row in found.numbers}
    assert changed[f"counted/{story.key}"] == ("3", "0")
    assert changed["new/all"] == ("1", None)
    (row,) = [row for row in found.numbers if row.key == f"counted/{story.key}"]
    assert "总体情况" in row.label
    assert "已认定" in row.label


def test_a_body_renamed_since_is_told_apart_from_numbers(story, make, people, body):
    pack = make(APRIL)
    Organisation.objects.filter(pk=body("city").pk).update(name="新名称局")
    found = queries.reproduce(people("auditor"), pack)
    assert (found.equal, found.numbers, found.texts) == (False, (), True)


def test_papers_in_other_words_are_compared_number_by_number(story, make, people):
    pack = make(APRIL)
    pack.content["schema"] = 0
    pack.content["title"] = "旧的措辞"
    found = queries.reproduce(people("auditor"), pack)
    assert (found.equal, found.worded_otherwise) == (True, True)


def test_results_are_new_since_the_papers_before(story, make):
    first = make(moment("2026-04-25"), moment("2026-04-25"))
    second = make(APRIL, APRIL)
    numbers = queries.stored_content(first).numbers()
    assert numbers["new/all"].value == "2"
    numbers = queries.stored_content(second).numbers()
    assert "new/all" not in numbers
    assert numbers["void/all"].value == "1"
    assert queries.stored_content(second).since == "2026-04-25T00:00:00+08:00"


def test_two_papers_are_compared_by_their_numbers(story, make):
    from xiandao.domains.progress.meeting import differences

    first = queries.stored_content(make(moment("2026-04-25"), moment("2026-04-25")))
    second = queries.stored_content(make(APRIL, APRIL))
    changed = {
        row.key: (row.before and row.before.value, row.after and row.after.value) for row in differences(first, second)
    }
    assert changed[f"counted/{story.key}"] == ("5", "3")
    assert changed["void/all"] == (None, "1")
    assert "reports/due" not in changed


def test_a_crash_in_the_middle_leaves_nothing(story, people, running, monkeypatch):
    def crash(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(act.audit, "record", crash)
    with pytest.raises(KeyboardInterrupt):
        act.make_meeting_pack(people("coordinator"), plan=running, as_of=APRIL, now=MAY)
    assert not stored().exists()


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(story, people, running):
    def queries_of(day):
        with CaptureQueriesContext(
            connection,
        ) as found:
            content(people("coordinator"), running, moment(day))
        return len(found)

    few = queries_of("2026-04-30")
    fill(running, ["2025Q3", "2025Q4", "2026Q2"], 900)
    assert queries_of("2026-07-30") == few
